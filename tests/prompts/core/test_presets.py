"""Sets of models are kept, replaced, forgotten, and read with suspicion."""

import pytest
import sqlalchemy as sa

from prompts.core.presets import LAST, Choice, ChoiceError, from_json, to_json
from prompts.core.targets import Target
from prompts.record.recorder import Recorder
from providers.interface import Settings

SHARED = Settings(temperature=0.5)
CHOICE = Choice((Target("openai", "gpt-4o", SHARED), Target("openai", "gpt-4o", Settings(seed=1))), SHARED)


def test_only_what_differs_is_written_at_a_target() -> None:
    assert to_json(CHOICE) == {
        "targets": [{"target": "openai:gpt-4o"}, {"target": "openai:gpt-4o", "settings": {"seed": 1}}],
        "settings": {"temperature": 0.5},
    }
    assert from_json(to_json(CHOICE)) == CHOICE
    assert not CHOICE.alike


@pytest.mark.parametrize("value", [None, [], {}, {"targets": [3]}, {"targets": [], "settings": {"effort": "huge"}}])
def test_what_is_no_choice_is_refused(value: object) -> None:
    with pytest.raises(ChoiceError):
        from_json(value)


async def test_a_set_is_kept_replaced_and_forgotten(recorder: Recorder) -> None:
    other = Choice((Target("builtin", "ngram-3"),))
    await recorder.save_choice("Work", CHOICE)
    await recorder.save_choice(LAST, other)
    await recorder.save_choice("Work", other)
    await recorder.save_choice("Mine", CHOICE, person="ada")
    assert recorder.choices() == {"Work": other, LAST: other}
    await recorder.drop_choice("Work")
    assert recorder.choices() == {LAST: other}
    assert recorder.choices("ada") == {"Mine": CHOICE}


async def test_a_set_of_another_collate_is_left_out_and_stays(recorder: Recorder, record_url: str) -> None:
    await recorder.save_choice("Good", CHOICE)
    engine = sa.create_engine(record_url)
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO choices VALUES ('', 'Odd', '2026-11-24 00:00:00.000000', '{\"sets\": 1}')")
        )
    engine.dispose()
    assert list(recorder.choices()) == ["Good"]
