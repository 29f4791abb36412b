from __future__ import annotations

import re
from html import unescape

import pytest

from dashboard.answer_grid.differences import difference_html


def shown(base: str, other: str) -> str:
    return difference_html(base, other)


@pytest.mark.parametrize(
    ("base", "other", "summary"),
    [
        ("a b c d", "a b c d", "The same text, character by character"),
        ("one two", "one, two", "All words shared"),
        ("a b c d", "a b c x", "75 % of words shared"),
        ("...", "!", "No words to compare"),
        ("", "", "The same text, character by character"),
        ("a " * 300, "a " * 299 + "b", "over 99 % of words shared"),
    ],
)
def test_the_sentence_above(base: str, other: str, summary: str) -> None:
    assert f">{summary}</p>" in shown(base, other)


def test_the_sentence_says_how_it_is_known() -> None:
    (help_,) = re.findall(r'title="([^"]*)"', shown("a b c d", "a b c x"))
    assert "4 words in the base, 4 here; 3 are in both, in the same order" in unescape(help_)


def test_marks_are_for_ears_too() -> None:
    assert (
        '<del><span class="unseen">[deleted: </span>old<span class="unseen">]</span></del>'
        '<ins><span class="unseen">[inserted: </span>new<span class="unseen">]</span></ins> words'
    ) in shown("old words", "new words")


def test_both_texts_are_text() -> None:
    html = shown("<script>1</script> & same", "<img src=x onerror=y> & same")
    assert set(re.findall(r"</?(\w+)", html)) <= {"p", "pre", "del", "ins", "span"}
    assert "&amp; same" in html


def test_what_was_not_compared_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.answer_grid import differences
    from prompts.analysis.diff import difference

    monkeypatch.setattr(differences, "difference", lambda base, other: difference(base, other, budget=0))
    difference_html.cache_clear()
    assert "One passage was too long to compare" in shown("a b c d", "b c d e")
    difference_html.cache_clear()


def test_the_same_two_are_compared_once() -> None:
    before = difference_html.cache_info().hits
    shown("this", "that")
    shown("this", "that")
    assert difference_html.cache_info().hits == before + 1
