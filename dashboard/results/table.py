"""The comparison table as a DataFrame, its styling, and its CSV. Pure.

Numbers stay numbers, so that they sort correctly. The Styler turns them into text, shades the best of each column
among answers that ended properly, and shows unknown as "—".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pandas as pd
from pandas.io.formats.style import Styler

from dashboard.results.columns import ALL, COLUMNS, Column, Value
from dashboard.results.table_rows import TableRow
from prompts.core import format as text_of
from prompts.core.csv_safety import LINE_END, MARK, defused

BEST = "background-color: rgba(47, 143, 111, 0.18); font-weight: 600"


def frame(rows: Sequence[TableRow], columns: Sequence[Column]) -> pd.DataFrame:
    """The table as data: numbers as floats with NaN for unknown, everything else as text."""
    return pd.DataFrame({column.header: _series(column, rows) for column in columns})


ORDERS: tuple[str, ...] = tuple(column.header for column in COLUMNS if column.best)
"""Headers of the columns by which texts can be ranked."""
PICTURE_ORDERS: tuple[str, ...] = tuple(column.header for column in ALL if column.best and not column.of_text)
"""Headers of the columns by which pictures can be ranked."""


def ordered(rows: Sequence[TableRow], header: str | None) -> list[TableRow]:
    """The rows, best of that column first, then those without a proper answer, unknown values last.

    With `None` for `header`, in the order in which they were asked.
    """
    column = next((column for column in ALL if column.header == header), None)
    if column is None:
        return list(rows)

    def rank(row: TableRow) -> tuple[bool, bool, float]:
        value = row.value(column)
        if not isinstance(value, float | int):
            return True, True, 0.0
        return False, not row.comparable, -value if column.best == "most" else value

    return sorted(rows, key=rank)


def styled(rows: Sequence[TableRow], columns: Sequence[Column]) -> Styler:
    """The table as shown: formatted, with the best values shaded."""
    data = frame(rows, columns)
    style = data.style  # its methods change it in place; what they return has a less precise type
    for column in columns:
        if is_number(column):
            for index, row in zip(data.index, rows, strict=True):
                style.format(lambda _, text=row.text(column): text, subset=pd.IndexSlice[[index], [column.header]])
        if best := _best_rows(column, rows):
            style.set_properties(subset=pd.IndexSlice[best, [column.header]], **_css(BEST))
    return style


def is_number(column: Column) -> bool:
    """Whether its cells are numbers, which are aligned to the right."""
    return column.show is not None or column.header == "Cost"


def to_csv(rows: Sequence[TableRow], columns: Sequence[Column] = ALL) -> str:
    """One line per row, with exact numbers (the median of several answers) and glossary names; empty for unknown."""
    out = io.StringIO(MARK)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator=LINE_END)
    several = any(len(row.answers) > 1 for row in rows)
    writer.writerow([column.export for column in columns] + ["answers"] * several)
    for row in rows:
        writer.writerow([_cell(row.value(column)) for column in columns] + [len(row.answers)] * several)
    return out.getvalue()


def _series(column: Column, rows: Sequence[TableRow]) -> pd.Series:
    values = [row.value(column) for row in rows]
    if is_number(column):
        return pd.Series([float("nan") if v is None else float(v) for v in values], dtype="float64")
    return pd.Series([text_of.UNKNOWN if v is None else str(v) for v in values], dtype="object")


def _best_rows(column: Column, rows: Sequence[TableRow]) -> list[int]:
    """Indices of the rows with the best value; none if fewer than two values are known or all are equal."""
    if column.best is None:
        return []
    known = {
        index: value
        for index, row in enumerate(rows)
        if row.comparable
        # A model without a fee is not the cheapest: its machine costs money too, and we do not know how much.
        and not (column.header == "Cost" and row.no_fee)
        and isinstance(value := row.value(column), float | int)
    }
    if len(known) < 2 or len(set(known.values())) < 2:
        return []
    target = min(known.values()) if column.best == "least" else max(known.values())
    return [index for index, value in known.items() if value == target]


def _css(declarations: str) -> dict[str, str]:
    return dict(part.strip().split(": ") for part in declarations.split(";"))


def _cell(value: Value) -> str | float:
    """A cell of the CSV: numbers stay numbers, and text that a spreadsheet would execute gets an apostrophe."""
    if value is None:
        return ""
    return defused(value) if isinstance(value, str) else value
