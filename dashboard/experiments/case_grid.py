"""Edits to the table of cases, made in the grid or by its buttons. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prompts.experiments.cases import Cases, CasesError, made

FIRST_COLUMN = "text"
"""The only column of a new table."""
EMPTY = Cases((FIRST_COLUMN,), ())


def edited(base: Cases, change: Mapping[str, Any]) -> Cases:
    """`base` with changes applied: edited cells, added and deleted rows, as `st.data_editor` reports them."""
    rows = [list(row) for row in base.rows]
    for place, cells in change.get("edited_rows", {}).items():
        for column, value in cells.items():
            if column in base.columns and int(place) < len(rows):
                rows[int(place)][base.columns.index(column)] = _text(value)
    gone = set(change.get("deleted_rows", ()))
    kept = [row for n, row in enumerate(rows) if n not in gone]
    added = [[_text(cells.get(column)) for column in base.columns] for cells in change.get("added_rows", ())]
    return of_rows(base.columns, [*kept, *added])


def of_rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Cases:
    """The cases in a grid, without its empty rows."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    return made(columns, filled) if filled else Cases(tuple(columns), ())


def with_columns(cases: Cases, names: Sequence[str]) -> Cases:
    """`cases` with further, empty columns. Raises `CasesError` for a name that is empty or exists already."""
    names = [name.strip() for name in names]
    if not all(names):
        raise CasesError("Write a name for the column.")
    columns = (*cases.columns, *names)
    if len(set(columns)) < len(columns):
        raise CasesError(f"There is a column named {', '.join(repr(n) for n in names if n in cases.columns)} already.")
    if not len(cases) and cases.columns == EMPTY.columns:
        columns = tuple(names)  # nothing was written yet, so the column of a new table is not needed
    return Cases(columns, tuple((*row, *("" for _ in names)) for row in cases.rows), cases.notes)


def without_column(cases: Cases, name: str) -> Cases:
    """`cases` without that column; the last column is never removed."""
    if len(cases.columns) < 2 or name not in cases.columns:
        return cases
    at = cases.columns.index(name)
    rows = [(*row[:at], *row[at + 1 :]) for row in cases.rows]
    return of_rows((*cases.columns[:at], *cases.columns[at + 1 :]), rows)


def joined(first: Cases, second: Cases) -> Cases:
    """Both tables, one below the other; a column that one of them lacks is empty there."""
    if not len(first):
        return second
    columns = tuple(dict.fromkeys((*first.columns, *second.columns)))
    values = [cases.values(n) for cases in (first, second) for n in range(len(cases))]
    return of_rows(columns, [[each.get(column, "") for column in columns] for each in values])


def _text(value: object) -> str:
    return "" if value is None else str(value)
