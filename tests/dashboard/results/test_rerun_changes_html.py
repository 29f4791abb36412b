"""Then and now as HTML: nothing of models or vendors gets out of its place, and nothing unknown is called the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC

import pytest

from dashboard.results.rerun_changes_html import askings_html, pairs_html
from prompts.analysis.rerun_changes import then_and_now
from prompts.core.conversation import asked_again
from prompts.core.feedback import Mark
from prompts.core.run import Run
from providers.completion import Completion
from providers.pictures import Picture
from tests.prompts.analysis.test_rerun_changes import PLAIN, asked, fill
from tests.prompts.samples import FAILED

BAD = '<img src=x onerror="alert(1)">'


def drawn(then: Run, now: Run) -> str:
    return pairs_html(then_and_now(then, now), then, now, UTC)


def test_equal_texts_are_called_the_same_and_others_show_their_marks():
    then = asked(PLAIN)
    assert "The same text, character by character" in drawn(then, fill(asked_again(then), PLAIN))
    other = drawn(then, fill(asked_again(then), replace(PLAIN, text="Nein, gar nicht.")))
    assert "of words shared</strong>" in other
    assert "<ins>" in other


def test_what_models_and_vendors_say_is_text():
    told = {"system_fingerprint": BAD, BAD: "x"}
    then = asked(replace(PLAIN, text=BAD, response_model=BAD, fingerprint=told))
    now = fill(asked_again(then), replace(PLAIN, text=f"{BAD} more words", response_model=f"{BAD}2", fingerprint=told))
    for html in (drawn(then, now), askings_html([then, now, now], now, UTC)):
        assert "<img" not in html


def test_a_side_that_is_not_told_leaves_the_change_unknown():
    then = asked(replace(PLAIN, fingerprint={"digest": "a" * 64}))
    html = drawn(then, fill(asked_again(then), PLAIN))
    assert f'title="{"a" * 64}">{"a" * 12}…</td>' in html
    assert ">not reported</td><td>—</td>" in html
    assert 'data-served="named"' in html


def test_an_answer_that_failed_is_said_in_place_of_a_difference():
    then = asked(PLAIN)
    html = drawn(then, fill(asked_again(then), FAILED))
    assert "No two texts to compare: then complete, now failed." in html


def test_one_answer_each_is_never_called_a_trend():
    then = asked(PLAIN)
    assert "a change in time may be chance" in drawn(then, fill(asked_again(then), PLAIN))
    often = asked(*[PLAIN] * 3)
    assert "may be chance" not in drawn(often, fill(asked_again(often), *[PLAIN] * 3))


def test_every_asking_is_held_against_the_first_and_opens_with_a_click():
    first = asked(PLAIN)
    second = fill(asked_again(first), replace(PLAIN, text="Nein."))
    third = fill(asked_again(second), PLAIN)
    third.live[0].change(marks=(Mark(stars=4),))
    html = askings_html([first, second, third], third, UTC)
    rows = html.split("<tbody>")[1].split("</tr>")
    assert "same text" in rows[0]
    assert "★ 4" in rows[0]
    assert "shown above" in rows[0]
    assert "% shared" in rows[1] or "No words" in rows[1]
    assert f'data-pick="{second.id}"' in rows[1]
    assert "the first" in rows[2]


@pytest.mark.parametrize("missing", [True, False])
def test_a_target_that_was_not_asked_then_has_no_figures(missing: bool):
    then = asked(PLAIN, PLAIN, columns=2)
    now = fill(asked_again(then), PLAIN, PLAIN)
    if missing:
        then = replace(then, cells=then.cells[:1], live=then.live[:1])
    assert ("It was not asked then." in drawn(then, now)) is missing


def test_pictures_stand_beside_each_other_and_the_same_one_is_called_so():
    def drawing(digest: str) -> Completion:
        return replace(PLAIN, text="", pictures=(Picture(digest * 64, "image/png", 64, 32, "image/png", 9),))

    then = asked(drawing("a"))
    for digest, said in (("a", "The same picture, pixel by pixel"), ("b", "Another picture")):
        now = fill(asked_again(then), drawing(digest))
        html = pairs_html(then_and_now(then, now), then, now, UTC, lambda each: f"at/{each[0]}")
        assert said in html
        assert re.findall('<img src="([^"]*)"[^>]*alt="([^"]*)"', html) == [
            ("at/a", "The picture of then"), (f"at/{digest}", "The picture of now"),
        ]  # fmt: skip
        assert ("same picture" if digest == "a" else "another picture") in askings_html([then, now, now], now, UTC)
