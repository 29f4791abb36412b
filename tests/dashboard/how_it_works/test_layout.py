"""Every section has its text, and every text its section."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.how_it_works import layout
from dashboard.how_it_works.layout import SECTIONS
from dashboard.how_it_works.vocabulary import NESTED

FILES = {file.stem for file in (Path(layout.__file__).parent / "assets").glob("*.md")}


def test_sections_and_texts_go_together() -> None:
    assert {"intro", *SECTIONS} == FILES


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_text_is_short_calm_and_plain(name: str) -> None:
    text = layout.text(name)
    assert 10 < len(text.split()) < 160
    assert "!" not in text
    assert "<" not in text


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("truth", ("hallucination",)),
        ("training", ("RLHF", "13 trillion tokens", "50 to 200 million")),
        ("diffusion", ("noise is added", "undo")),
        ("advice", ("Vague: “a dog”", "Specific:")),
    ],
)
def test_what_everybody_calls_it_is_named(section: str, words: tuple[str, ...]) -> None:
    assert all(word in layout.text(section) for word in words)


def test_the_stages_of_training_stand_in_the_order_in_which_they_are_taught() -> None:
    said = layout.text("training")
    stages = ("Pre-training", "Instruction tuning", "human feedback", "Ongoing updates")
    assert sorted(stages, key=said.index) == list(stages)


def test_each_word_for_ai_has_a_year_or_time_and_an_everyday_example() -> None:
    years = ("1956", "1990s", "2012", "2022")
    examples = ("route planner", "Spam filters", "phone that knows faces", "ChatGPT")
    for (_, meaning), year, example in zip(NESTED, years, examples, strict=True):
        assert year in meaning
        assert example in meaning
