from __future__ import annotations

import pytest

from prompts.analysis.diff_units import LINE, WORD, count_words, units


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("two words", ["two", "words"]),
        ("don't stop", ["don", "'", "t", "stop"]),
        ("x_1 = 3.14", ["x_1", "=", "3", ".", "14"]),
        ("東京 Tower", ["東", "京", "Tower"]),
        ("นก", ["น", "ก"]),
        ("한국어 글", ["한국어", "글"]),
        ("👩‍👩‍👧!", ["👩‍👩‍👧", "!"]),
        ("🇩🇪🇩🇰🇫", ["🇩🇪", "🇩🇰", "🇫"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
    ],
)
def test_units_are_what_a_reader_calls_words(text: str, words: list[str]) -> None:
    assert [unit.text for unit in units(text, WORD)] == words


@pytest.mark.parametrize("pattern", [WORD, LINE])
@pytest.mark.parametrize("text", ["", "  ", "\n a  b\n\n  c\t", "a\u0301 \u0301", "x\u200d", "\u0301x"])
def test_units_and_spaces_are_the_text(text: str, pattern: object) -> None:
    assert "".join(unit.text + unit.space for unit in units(text, pattern)) == text  # type: ignore[arg-type]


def test_a_line_is_what_stands_between_its_spaces() -> None:
    assert [(unit.text, unit.space) for unit in units("  a b \n\n c", LINE)] == [
        ("", "  "),
        ("a b", " \n\n "),
        ("c", ""),
    ]


def test_punctuation_is_no_word() -> None:
    assert count_words("One, two: three! 四五 — 🇩🇪") == 5
