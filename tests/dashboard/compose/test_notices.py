"""The line under Run: where, how much and on what grounds; below it only what asks for a decision."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.compose.notices import _listed  # pyright: ignore[reportPrivateUsage]

CLAUDE, GPT = "anthropic:claude-sonnet-5-5", "openai:gpt-4o"


@pytest.fixture
def app(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """With keys of two vendors, whose hosts nobody is at."""
    for name, address in (("ANTHROPIC", "http://127.0.0.1:1"), ("OPENAI", "http://127.0.0.1:2/v1")):
        monkeypatch.setenv(f"{name}_API_KEY", "planted-0123456789")
        monkeypatch.setenv(f"{name}_BASE_URL", address)
    return app


def lines(app: AppTest, *targets: str) -> tuple[str, str, str]:
    """The line, its hover help, and the lines below it."""
    app.run()
    app.multiselect(key="targets").set_value(list(targets))
    app.text_area(key="prompt").set_value("Why?").run()
    assert not app.exception
    captions = [(_bare(each.value), _bare(each.help or "")) for each in app.caption]
    at = next(n for n, (text, _) in enumerate(captions) if " call" in text and " to " in text)
    below = captions[at + 1][0] if at + 1 < len(captions) else ""
    return *captions[at], below


def _bare(text: str) -> str:
    return text.replace("\\", "").replace("\u2060", "")


def test_one_line_tells_calls_places_money_and_record(app: AppTest) -> None:
    line, why, below = lines(app, CLAUDE)
    assert line.startswith("1 call to 127.0.0.1:1, about $0.0")
    assert line.endswith(". Every answer is recorded on this computer.")
    assert " to $" in line
    assert f"To http://127.0.0.1:1: {CLAUDE}." in why
    assert f"{CLAUDE}: Anthropic requires a maximum: max_output_tokens is sent as 16,384." in why
    assert "what six vendors' tokenizers make of such text" in why
    assert "assumed for thinking and answer: nothing is known here of its length" in why
    assert "max_output_tokens" not in below


def test_a_first_question_has_a_range_with_what_it_assumes_on_hover(app: AppTest) -> None:
    line, why, below = lines(app, CLAUDE, GPT)
    assert line.startswith("2 calls to 127.0.0.1:1 and 127.0.0.1:2, about $0.0")
    assert f"{GPT}: " in why
    assert "assumed for" in why
    assert "assumed for" not in below


def test_what_is_set_and_cannot_be_sent_is_a_warning_of_its_own(app: AppTest) -> None:
    app.run()
    app.number_input(key="seed").set_value(7)
    _, why, below = lines(app, CLAUDE)
    assert f":material/warning: {CLAUDE}: Anthropic has no seed: seed is not sent." in below
    assert "seed is not sent" not in why


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c", "d"], "a, b, c and d"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more hosts"),
    ],
)
def test_of_many_places_only_the_first_are_in_the_line(places: list[str], said: str) -> None:
    assert _listed(places) == said
