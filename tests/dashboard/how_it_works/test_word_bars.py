"""Words as bars: nothing that a model says becomes markup, and blanks can be seen."""

from __future__ import annotations

import pytest

from dashboard.how_it_works.word_bars import Row, bars, lines, shown, text_so_far
from providers.builtin.ngram import END


@pytest.mark.parametrize(
    ("token", "seen"),
    [
        ("word", "word"), (" word", "␣word"), ("a b", "a b"), ("  ", "␣␣"), ("", ""), ("\n\n", "⏎⏎"),
        (END, "(the text ends)"),
    ],
)  # fmt: skip
def test_blanks_in_a_token_are_visible(token: str, seen: str) -> None:
    assert shown(token) == seen


EVIL = '"><img src=x onerror=alert(1)>'


def test_what_a_model_says_is_escaped_everywhere() -> None:
    made = (
        bars([Row(EVIL, 0.5)], rest=EVIL, pickable=True)
        + bars([Row(EVIL, 0.5)], rest="", pickable=False)
        + text_so_far(EVIL, EVIL)
        + lines([(EVIL, EVIL, EVIL)])
    )
    assert "<img" not in made
    assert 'data-pick="&quot;&gt;&lt;img' in made


def test_bars_are_relative_to_the_longest_and_say_their_figure() -> None:
    made = bars([Row("a", 0.4), Row("b", 0.1)], rest="", pickable=True)
    assert "--share:1.0000" in made
    assert "--share:0.2500" in made
    assert "40 %" in made
    assert 'title="Add “b”: probability 10 %"' in made


def test_what_cannot_be_chosen_is_no_button() -> None:
    assert "<button" not in bars([Row("a", 0.4)], rest="", pickable=False)
