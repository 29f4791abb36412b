"""Names."""

import pytest

from prompts.analysis.agreement.names import names, readable


@pytest.mark.parametrize(
    ("sentence", "sure"),
    [
        ("The Eiffel Tower was designed by Gustave Eiffel's company.", ["Eiffel Tower", "Gustave Eiffel"]),
        ("Marie Curie worked at the University of Paris in May.", ["Marie Curie", "University of Paris"]),
        ("NASA and Guido van Rossum", ["NASA", "Guido van Rossum"]),
        ("However, I think that it is Émile Nouguier", ["Émile Nouguier"]),
        ("Tower is a word", []),
        ("Key Feature: it works", []),
        ("The limit is 281 TB, 5 GiB on Windows, or 3 GHz", ["Windows"]),
        ("Use PostgreSQL with Django", ["PostgreSQL", "Django"]),
        ("THIS IS LOUD", []),
        ("埃菲尔铁塔", []),
    ],
)
def test_capitals_inside_a_sentence_make_a_name(sentence: str, sure: list[str]) -> None:
    assert [name.text for name in names(sentence) if name.sure] == sure


def test_one_capital_at_the_beginning_is_only_a_guess() -> None:
    assert [(name.text, name.sure) for name in names("Paris is large.")] == [("Paris", False)]


def test_a_language_that_capitalises_every_noun_is_refused() -> None:
    assert readable(["The cat saw Ann in the old house near Bath"] * 20)
    assert not readable(["Der Hund sah die Katze im Haus am Fluss"] * 20)
