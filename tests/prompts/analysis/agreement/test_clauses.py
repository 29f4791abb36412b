"""Where a sentence may be cut, and what each part is about."""

import pytest

from prompts.analysis.agreement.clauses import clauses


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("It keeps all in one file, needs no server and was first released in 2000.",
         ["It keeps all in one file", "needs no server", "was first released in 2000."]),
        ("SQLite was created by Hipp and first released in 2000.",
         ["SQLite was created by Hipp", "first released in 2000."]),
        ("SQLite is a library, first released in 2000.", ["SQLite is a library", "first released in 2000."]),
        ("The tower, built in 1889, is tall and weighs 10,100 tonnes.",
         ["The tower, built in 1889", "is tall", "weighs 10,100 tonnes."]),
        ("Light travels quickly; it needs 8 minutes from the Sun.",
         ["Light travels quickly", "it needs 8 minutes from the Sun."]),
        ("K2, a mountain in Asia, is 8,611 m tall.", ["K2, a mountain in Asia", "is 8,611 m tall."]),
        ("Lists are mutable, while tuples are immutable.", ["Lists are mutable", "tuples are immutable."]),
        ("The size is 281 TB, which you will not reach.", ["The size is 281 TB", "which you will not reach."]),
        ("Rest the dough for 20 minutes and bake each cake.", ["Rest the dough for 20 minutes and bake each cake."]),
        ("Heat the oven, mix the flour and add 2 eggs.", ["Heat the oven", "mix the flour", "add 2 eggs."]),
        ("Go compiles quickly and has a garbage collector.", ["Go compiles quickly", "has a garbage collector."]),
        ("Die Mauer wurde 1961 errichtet und fiel am 9. November 1989.",
         ["Die Mauer wurde 1961 errichtet", "fiel am 9. November 1989."]),
    ],
)  # fmt: skip
def test_a_sentence_is_cut_before_a_word_that_is_surely_a_verb(sentence: str, parts: list[str]) -> None:
    assert [sentence[each.start : each.end].strip(" ,;") for each in clauses(sentence)] == parts


@pytest.mark.parametrize(
    "sentence",
    [
        "It has lists, sets and maps.",
        "Cats, dogs and horses are mammals.",
        "Guido created Python, first released in 1991.",
        "He said that cats are mammals and are cute.",
        "If it rains and is cold, we stay and play.",
        "The tower designed by Koechlin and Nouguier is tall.",
        "It is a simple and limited tool.",
        "SQLite (which is small and was released in 2000) is fast.",
        "Paris, Rome and London",
        "",
    ],
)
def test_in_doubt_a_sentence_stays_whole(sentence: str) -> None:
    assert len(clauses(sentence)) == 1


@pytest.mark.parametrize(
    ("sentence", "about"),
    [
        ("SQLite was first released in 2000 and needs no server.", ["SQLite", "SQLite"]),
        ("At sea level, water boils at 100 °C.", ["water"]),
        ("In water light travels slowly.", [""]),
        ("About 1,500 people died.", [""]),
        ("The Western Empire fell in 476, and the Eastern Empire fell in 1453.",
         ["The Western Empire", "the Eastern Empire"]),
        ("The size is 281 TB, which you will not reach.", ["The size", ""]),
        ("There are 3 kinds.", [""]),
    ],
)  # fmt: skip
def test_each_clause_says_what_it_is_about_or_that_it_is_not_sure(sentence: str, about: list[str]) -> None:
    assert [each.about for each in clauses(sentence)] == about
