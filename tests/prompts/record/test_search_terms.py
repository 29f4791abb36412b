"""What people type into a search, and where it stands in a text."""

from __future__ import annotations

import pytest

from prompts.record.search_terms import Marker, Term, fts5, spaced, terms, tsquery


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ()),
        ("  \n ", ()),
        ("Why  sky", (Term("why"), Term("sky"))),
        ("sky sky SKY", (Term("sky"),)),
        ('"blue sky" why', (Term("blue sky"), Term("why"))),
        ('"blue sky', (Term("blue sky"),)),
        ("inter*", (Term("inter", prefix=True),)),
        ("well-known*", (Term("well-known", prefix=True),)),
        ("*", None),
        ('"" - 🦊 "(" \x00', None),
        ("- sky 🦊", (Term("sky"),)),
        ("NEAR(sky, 2) OR", (Term("near(sky,"), Term("2)"), Term("or"))),
        ("prompt:sky", (Term("prompt:sky"),)),
        ("{a}:^b", (Term("{a}:^b"),)),
        ("天気 sky", (Term("天気"), Term("sky"))),
        ("gpt4天", (Term("gpt4天"),)),
        ("e\u0301te\u0301", (Term("été"),)),
    ],
)
def test_words_phrases_and_beginnings_are_read_and_all_else_is_taken_as_it_is(typed, expected):
    assert terms(typed) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        (None, None),
        ("今日 x", " 今  日  x"),
        ("กข", " ก  ข "),
        ("가나", " 가  나 "),
        ("Straße", "Straße"),
    ],
)
def test_scripts_without_spaces_get_them(text, expected):
    assert spaced(text) == expected


def test_each_database_hears_it_in_its_own_language():
    said = (Term("blue sky"), Term("why", prefix=True))
    assert fts5(said) == '"blue sky" AND "why" *'
    assert fts5(said, prompt_only=True) == '{prompt} : ("blue sky" AND "why" *)'
    assert tsquery(said) == "((blue:A <-> sky:A) | (blue:B <-> sky:B)) & ((why:*A) | (why:*B))"
    assert tsquery(said, prompt_only=True) == "((blue:A <-> sky:A)) & ((why:*A))"


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("sky", "Why is the Sky blue? skyline", ["Sky"]),
        ("sky*", "Sky and skyline", ["Sky", "sky"]),
        ("cafe", "ein Café und ein cafe\u0301", ["Café", "cafe\u0301"]),
        ("CAFÉ", "a cafe", ["cafe"]),
        ('"blue sky"', "a blue,\nsky; blue and sky", ["blue,\nsky"]),
        ("blue sky", "blue and sky", ["blue", "sky"]),
        ("天気", "今日の天気は", ["天気"]),
        ("a", "🦊a🦊", ["a"]),
        ("snake", "snake_case", ["snake"]),
        ("i", "İstanbul I", ["I"]),
        ("none", "nothing here", []),
        ("sky", "", []),
    ],
)
def test_what_is_found_is_marked_where_it_stands(typed, text, marked):
    parts = Marker(terms(typed)).around(text)
    assert [part for part, hit in parts if hit] == marked
    if marked:
        assert "".join(part for part, _ in parts) == text


def test_of_a_long_text_the_piece_around_the_first_hit_is_shown():
    text = "before " * 100 + "needle" + " after" * 100
    parts = Marker(terms("needle")).around(text)
    shown = "".join(part for part, _ in parts)
    assert parts[0] == ("… ", False)
    assert parts[-1] == ("…", False)
    assert len(shown) < 250
    assert ("needle", True) in parts


def test_the_piece_that_is_shown_holds_no_half_word():
    words = [f"word{n}" for n in range(1_000)]
    parts = Marker(terms("word500")).around(" ".join(words))
    assert set("".join(part for part, _ in parts).strip("… ").split()) <= set(words)


def test_a_text_without_spaces_is_cut_all_the_same():
    shown = "".join(part for part, _ in Marker(terms("空")).around("天" * 500 + "空" + "天" * 500))
    assert 150 < len(shown) < 250


def test_marking_a_long_odd_text_takes_no_time():
    """A pattern that could be read in many ways would take minutes."""
    parts = Marker(terms('"a a a a a a" ' + "x" * 5_000)).around("a " * 50_000 + "_" * 50_000)
    assert ("a a a a a a", True) in parts


def test_what_is_not_to_be_shown_is_taken_from_the_piece_unless_the_hit_would_go_with_it():
    def clean(piece: str) -> str:
        return piece.replace("*", "").replace("hidden", "")

    assert Marker(terms("bold")).around("A **bold** word", clean) == (("A ", False), ("bold", True), (" word", False))
    assert Marker(terms("hidden")).around("*a* hidden", clean) == (("*a* ", False), ("hidden", True))
