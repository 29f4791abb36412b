"""What "it" is, and when that is not known."""

import pytest

from prompts.analysis.agreement.parse import read


def subjects(text: str) -> list[tuple[str, str]]:
    """What each clause is about where that stands before it, and whether it is known."""
    return [(each.about, each.subject) for each in read(text, 0).statements]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("SQLite is small. It needs no server.", ("SQLite", "known")),
        ("SQLite is small. It is fast and was released in 2000.", ("SQLite", "known")),
        ("SQLite was made by Richard Hipp. It needs no server.", ("SQLite", "known")),
        ("SQLite was made by Richard Hipp. He lives in Charlotte.", ("", "unknown")),
        ("Ann Lee met Eve Low. She was born in 1950.", ("", "unknown")),
        ("It needs no server.", ("", "asked")),
        ("It needs no server. It was first released in 2000.", ("", "asked")),
        ("SQLite is small.\n\nIt needs no server.", ("", "unknown")),
        ("About 1,500 people died. She was built in Belfast.", ("", "unknown")),
        ("The company was founded in 1998.", ("", "asked")),
        ("Google is large. The company was founded in 1998.", ("", "known")),
        ("Large.\n\n- The company was founded in 1998.", ("", "unknown")),
        ("Acme Company is large.\n\n- The company was founded in 1998.", ("", "known")),
    ],
)
def test_it_is_the_subject_before_it_or_not_known(text: str, last: tuple[str, str]) -> None:
    assert subjects(text)[-1] == last


def test_what_leans_on_a_subject_has_its_words_as_context() -> None:
    *_, last = read("The Eiffel Tower is old. It opened in 1889. The tower has three floors.", 0).statements
    assert last.context == {"eiffel", "tower"}
