"""What people say of an answer, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dashboard.feedback.view import SHOWN, Chip, chips, head_chips, in_words, notes, rating, stars
from prompts.core.answer import Answer
from prompts.core.feedback import Mark
from tests.dashboard.conftest import MakeAnswer

FULL = Mark("ana", 1, 4, best=True, note="Short, and right.")


def said(answer: Answer, *marks: Mark, tags: tuple[str, ...] = ()) -> Answer:
    return replace(answer, marks=marks, tags=tags)


def test_an_answer_that_nobody_spoke_of_has_no_chips_and_no_rating(answer: MakeAnswer) -> None:
    assert (chips(answer()), rating(answer()), stars(answer()), notes(answer())) == ([], None, None, None)


def test_each_word_says_on_hover_whose_it_is(answer: MakeAnswer) -> None:
    made = said(answer(), FULL, Mark("bo", -1, 1), Mark("", 1), tags=("poem",))
    assert [(chip.text, chip.help, chip.kind) for chip in chips(made, "bo")] == [
        ("Best", "The best answer of this run, says ana.", "best"),
        ("★ 2.5", "ana: 4 of 5 stars; you: 1 of 5 stars. Shown: the median of 2.", "stars"),
        ("2 thumbs up", "Says ana, a person without a login.", "thumb"),
        ("thumb down", "Says you.", "thumb"),
        ("1 note", "ana: Short, and right.", "note"),
        ("poem", "A tag. Everybody shares tags.", "tag"),
    ]


def test_the_head_of_a_column_leaves_out_ones_own_thumb_and_counts_many_tags(answer: MakeAnswer) -> None:
    made = said(answer(), Mark("ana", 1, 4), tags=("a", "b"))
    assert [chip.text for chip in head_chips(made, "ana")] == ["★ 4", "a", "b"]
    assert [chip.text for chip in head_chips(made, "bo")] == ["★ 4", "thumb up", "a", "b"]
    made = replace(made, tags=("a", "b", "c"))
    assert head_chips(made, "ana")[1:] == [Chip("3 tags", "a; b; c", "tag")]


def test_one_rating_is_no_median(answer: MakeAnswer) -> None:
    (chip,) = chips(said(answer(), Mark(stars=4)), "")
    assert (chip.text, chip.help) == ("★ 4", "you: 4 of 5 stars.")


def test_what_was_said_before_the_answer_was_asked_for_again_says_so(answer: MakeAnswer) -> None:
    early = Mark("ana", stars=1, changed_at=datetime(2026, 1, 1, tzinfo=UTC))
    late = replace(early, changed_at=datetime(2026, 12, 1, tzinfo=UTC))
    assert [chips(said(answer(), mark))[0].help for mark in (early, late)] == [
        "ana (of an earlier attempt): 1 of 5 stars.", "ana: 1 of 5 stars."
    ]  # fmt: skip


def test_a_long_note_is_shortened_and_says_so(answer: MakeAnswer) -> None:
    (chip,) = chips(said(answer(), Mark(note="x" * 5000)))
    assert len(chip.help) < SHOWN + 60
    assert chip.help.endswith("shows all of it)")


def test_the_rating_of_several_people_is_one_line(answer: MakeAnswer) -> None:
    made = said(answer(), FULL, Mark("bo", stars=3), tags=("poem",))
    assert (rating(made), stars(made)) == ("Best, ★ 3.5, thumb up", 3.5)


def test_notes_name_people_where_people_log_in(answer: MakeAnswer) -> None:
    assert notes(said(answer(), FULL, Mark("", note="mine"))) == "ana: Short, and right.\nmine"


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (FULL, "Best answer, 4 of 5 stars, thumb up. Short, and right."),
        (Mark(thumb=-1), "thumb down"),
        (Mark(note="n"), "n"),
    ],
)
def test_one_say_is_put_in_words(mark: Mark, words: str) -> None:
    assert in_words(mark) == words
