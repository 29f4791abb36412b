"""What a model wrote reaches the terminal as text and never as a command to it."""

from __future__ import annotations

import pytest

from prompts.core.printable import escape, printable, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jcleared", "<U+001B>[2Jcleared"),
        ("over\rwritten", "over<U+000D>written"),
        ("evil\u202egnp.exe", "evil<U+202E>gnp.exe"),
        ("bell\x07", "bell<U+0007>"),
        ("nul\x00", "nul<U+0000>"),
    ],
)
def test_what_would_steer_the_terminal_is_spelled_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "text", ["two\nlines\twith a tab", "no-break\u00a0space", "👩\u200d🔬", "نمی\u200cخواهم", "漢字", "émigré —"]
)
def test_text_of_any_script_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    "text", ["e\u0301", "כְּתִיב", "ไทยที่นี่", "हिन्दी", "1\ufe0f\u20e3 👩\u200d🔬 — …", "\u200fعربي\u200e", "……………………………"]
)
def test_text_of_any_script_is_drawn_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_what_would_turn_or_bury_what_stands_beside_it_is_named() -> None:
    assert visible("a\u202eb\u2066c") == "a<U+202E>b<U+2066>c"
    assert visible("e" + "\u0301\u0489" * 10) == "e" + "\u0301\u0489" * 5 + "<10 more marks>"
    assert escape("<b>\u202e") == "&lt;b&gt;&lt;U+202E&gt;"
