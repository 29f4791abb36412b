"""What may be said of a completion, and what is refused in words."""

import pytest

from prompts.core.feedback import LONGEST_NOTE, LONGEST_TAG, Mark, MarkError, checked, checked_tag, own, spelled


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        (Mark(stars=0), "1 to 5 stars"),
        (Mark(stars=6), "1 to 5 stars"),
        (Mark(stars=True), "1 to 5 stars"),
        (Mark(stars=2.5), "1 to 5 stars"),
        (Mark(thumb=0), "A thumb is up"),
        (Mark(thumb=2), "A thumb is up"),
        (Mark(note="x" * 1_000_000), "at most 10,000 characters; this one has 1,000,000"),
    ],
)
def test_what_is_no_mark_is_refused_in_words(mark, why):
    with pytest.raises(MarkError, match=why):
        checked(mark)


def test_a_note_loses_the_space_around_it_and_nothing_else():
    assert checked(Mark(note=f"\n a\n\nb {'x' * (LONGEST_NOTE - 10)}  ")).note == f"a\n\nb {'x' * (LONGEST_NOTE - 10)}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 10_000, "at most 60 characters; this one has 10,000"),
        ("", "at least one letter"),
        (" \n\t ", "at least one letter"),
        ("a\x00b", "control characters"),
        ("a\x1b[31m", "control characters"),
        ("a\ud800", "control characters"),
    ],
)
def test_what_is_no_tag_is_refused_in_words(text, why):
    with pytest.raises(MarkError, match=why):
        checked_tag(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  two \n words ", "two words"),
        ("गलत", "गलत"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("cafe\u0301", "café"),
        ("x" * LONGEST_TAG, "x" * LONGEST_TAG),
    ],
)
def test_a_tag_is_any_word_with_its_spaces_made_single(text, name):
    assert checked_tag(text) == name


def test_capitals_make_no_other_tag():
    assert spelled(["GOOD", "new", "New", "good"], ["Good", "bad"]) == ("Good", "new")


def test_each_person_has_a_say_of_their_own():
    marks = (Mark("ana", thumb=1), Mark("", stars=2))
    assert (own(marks, "ana").thumb, own(marks, "").stars, own(marks, "bo")) == (1, 2, Mark("bo"))
    assert own(marks, "bo").empty
