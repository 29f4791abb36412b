"""Answers -> the comparison table as a DataFrame, its styling, and its CSV. Pure.

Numbers stay numbers, so that sorting is right; the Styler turns them into text, marks the best of each
column among proved answers, and shows unknown as "—".
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

import pandas as pd
from pandas.io.formats.style import Styler

from dashboard.results.columns import ALL, COLUMNS, Column, Row, Show, Value, row_of, shown
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.exchange.csv_safety import LINE_END, MARK, defused
from providers.completion import GOOD_STATES

BEST = "background-color: rgba(47, 143, 111, 0.18); font-weight: 600"
_COMPARABLE = GOOD_STATES - {"empty", "refused", "filtered"}  # a model that said nothing is not "fastest"


def frame(answers: Sequence[Answer]) -> pd.DataFrame:
    """One row per answer, one column per shown one; numbers as floats with NaN for unknown."""
    rows = [row_of(answer) for answer in answers]
    return pd.DataFrame({column.header: _series(column, rows) for column in shown(answers)})


ORDERS: tuple[str, ...] = tuple(column.header for column in COLUMNS if column.best)
"""Headers of the columns that rank."""


def ordered(answers: Sequence[Answer], header: str | None) -> list[Answer]:
    """The answers with the best of that column first, then those that gave no proper answer, the unknown last.

    As asked when `header` is `None`.
    """
    column = next((column for column in COLUMNS if column.header == header), None)
    if column is None:
        return list(answers)

    def rank(answer: Answer) -> tuple[bool, bool, float]:
        value = column.value(row_of(answer))
        if not isinstance(value, float | int):
            return True, True, 0.0
        return False, answer.state not in _COMPARABLE, -value if column.best == "most" else value

    return sorted(answers, key=rank)


def styled(answers: Sequence[Answer]) -> Styler:
    """The frame as people read it."""
    data = frame(answers)
    style = data.style  # its methods change it, and are typed as giving back a lesser one
    for column in shown(answers):
        if column.header == "Cost":
            texts = [
                text_of.cost(answer.completion.cost) if answer.completion else text_of.UNKNOWN for answer in answers
            ]
            _spell(style, column, data, texts)
        elif column.show is not None:
            style.format(_shower(column.show), subset=[column.header])
        if best := _best_rows(column, answers):
            style.set_properties(subset=pd.IndexSlice[best, [column.header]], **_css(BEST))
    return style


def to_csv(answers: Sequence[Answer]) -> str:
    """The table as it is shown, one line per answer: exact numbers, glossary names, empty for unknown."""
    out = io.StringIO(MARK)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator=LINE_END)
    writer.writerow([column.export for column in ALL])
    for row in map(row_of, answers):
        writer.writerow([_cell(column.value(row)) for column in ALL])
    return out.getvalue()


def _series(column: Column, rows: Sequence[Row]) -> pd.Series:
    values = [column.value(row) for row in rows]
    if column.show is not None or column.header == "Cost":
        return pd.Series([float("nan") if v is None else float(v) for v in values], dtype="float64")
    return pd.Series([text_of.UNKNOWN if v is None else str(v) for v in values], dtype="object")


def _shower(show: Show) -> Show:
    return lambda value: show(None if value is None or math.isnan(value) else value)


def _spell(style: Styler, column: Column, data: pd.DataFrame, texts: Sequence[str]) -> None:
    """Texts that the number alone cannot give: an unknown cost and a free one are not the same."""
    for index, text in zip(data.index, texts, strict=True):
        style.format(lambda _, text=text: text, subset=pd.IndexSlice[[index], [column.header]])


def _best_rows(column: Column, answers: Sequence[Answer]) -> list[int]:
    """Where the best known value stands; nothing is best among fewer than two."""
    if column.best is None:
        return []
    known = {
        index: value
        for index, answer in enumerate(answers)
        if _comparable(column, answer) and isinstance(value := column.value(row_of(answer)), float | int)
    }
    if len(known) < 2 or len(set(known.values())) < 2:
        return []
    target = min(known.values()) if column.best == "least" else max(known.values())
    return [index for index, value in known.items() if value == target]


def _comparable(column: Column, answer: Answer) -> bool:
    """A fee of none is no price: the machine costs money too, which we do not know."""
    no_fee = answer.completion is not None and answer.completion.cost.kind == "local"
    return answer.state in _COMPARABLE and not (column.header == "Cost" and no_fee)


def _css(declarations: str) -> dict[str, str]:
    return dict(part.strip().split(": ") for part in declarations.split(";"))


def _cell(value: Value) -> str | float:
    """Text that a spreadsheet would execute is defused by an apostrophe; numbers stay numbers."""
    if value is None:
        return ""
    return defused(value) if isinstance(value, str) else value
