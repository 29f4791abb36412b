"""The grid of cases: what was typed is in the table, whatever its order, and nothing else is."""

from __future__ import annotations

import pytest

from dashboard.experiments.case_grid import EMPTY, edited, joined, with_columns, without_column
from prompts.experiments.cases import Cases, CasesError, made

BASE = made(["mail", "label"], [["a", "1"], ["b", "2"], ["c", "3"]])


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        ({}, (("a", "1"), ("b", "2"), ("c", "3"))),
        ({"edited_rows": {1: {"label": "007"}}}, (("a", "1"), ("b", "007"), ("c", "3"))),
        ({"edited_rows": {"0": {"mail": None}}}, (("", "1"), ("b", "2"), ("c", "3"))),
        ({"deleted_rows": [0, 2]}, (("b", "2"),)),
        ({"added_rows": [{"mail": "d"}, {}]}, (("a", "1"), ("b", "2"), ("c", "3"), ("d", ""))),
        ({"edited_rows": {2: {"mail": "z"}}, "deleted_rows": [0], "added_rows": [{"label": "9"}]},
         (("b", "2"), ("z", "3"), ("", "9"))),
        ({"deleted_rows": [0, 1, 2]}, ()),
    ],
)  # fmt: skip
def test_changes_of_the_grid_are_changes_of_the_cases(
    change: dict[str, object], rows: tuple[tuple[str, ...], ...]
) -> None:
    assert edited(BASE, change) == Cases(("mail", "label"), rows)


def test_a_new_column_is_empty_and_takes_the_place_of_one_that_was_never_used() -> None:
    assert with_columns(BASE, ["city"]).rows[0] == ("a", "1", "")
    assert with_columns(EMPTY, ["mail", "label"]).columns == ("mail", "label")
    with pytest.raises(CasesError, match="named 'mail' already"):
        with_columns(BASE, ["mail"])
    with pytest.raises(CasesError, match="Write a name"):
        with_columns(BASE, [" "])


def test_a_column_can_go_but_not_the_last() -> None:
    assert without_column(BASE, "mail").columns == ("label",)
    assert without_column(EMPTY, "text") == EMPTY


def test_tables_are_joined_by_the_names_of_their_columns() -> None:
    more = made(["label", "city"], [["4", "Rome"]])
    both = joined(BASE, more)
    assert both.columns == ("mail", "label", "city")
    assert both.rows[-1] == ("", "4", "Rome")
    assert joined(EMPTY, more) == more
