"""A small table of figures: numbers stay numbers for sorting but are shown as text; headers have tooltips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.results.columns import Show
from dashboard.results.table import BEST
from prompts.analysis.ratings import DEFINITIONS, Ratings, rate_says, stars_say, thumbs_say
from prompts.core import format as text_of

_CHARACTER, _PADDING, _WIDEST = 6.9, 22, 300
"""In pixels: the mean width of a letter, the space around a name, and the greatest width."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One column: of numbers if `show` is given, otherwise of texts."""

    header: str
    help: str
    values: Sequence[float | str | None]
    show: Show | None = None
    best: Sequence[int] = ()
    """The rows to shade."""
    texts: Sequence[str] | None = None
    """What is shown in place of the numbers, if a number alone is not enough."""


def show_figures(columns: Sequence[Figures], *, key: str, alt: str) -> None:
    """Draw the table; its first column stays in view. `alt`: the table in words."""
    data = pd.DataFrame({column.header: _series(column) for column in columns})
    style = data.style  # its methods change it in place; what they return has a less precise type
    for column in columns:
        if column.show is not None:
            shown = column.texts or [column.show(None if v is None else float(v)) for v in column.values]
            for row, text in enumerate(shown):
                style.format(lambda _, text=text: text, subset=pd.IndexSlice[[row], [column.header]])
        if column.best:
            declarations = {name: value for name, _, value in (part.partition(": ") for part in BEST.split("; "))}
            style.set_properties(subset=pd.IndexSlice[list(column.best), [column.header]], **declarations)
    config = {
        column.header: st.column_config.Column(
            help=column.help,
            pinned=column is columns[0],
            alignment="right" if column.show else "left",
            width=name_width(column.values) if column is columns[0] else None,
        )
        for column in columns
    }
    st.dataframe(style, column_config=config, hide_index=True, key=key, placeholder=text_of.UNKNOWN, alt=alt)


def ratings_figures(rated: Sequence[Ratings]) -> tuple[Figures, ...]:
    """Three columns that sum up people's ratings, a row per model."""
    return (
        Figures(
            "Called best", DEFINITIONS["Called best"],
            [each.wins.interval.estimate if each.wins.interval else None for each in rated], text_of.share,
            texts=[rate_says(each.wins) for each in rated],
        ),
        Figures(
            "Thumbs", DEFINITIONS["Thumbs"],
            [each.thumbs.interval.estimate if each.thumbs.interval else None for each in rated], text_of.share,
            texts=[thumbs_say(each.thumbs) for each in rated],
        ),
        Figures(
            "Stars", DEFINITIONS["Stars"], [each.stars_median for each in rated], text_of.rate,
            texts=[stars_say(each) for each in rated],
        ),
    )  # fmt: skip


def name_width(names: Sequence[object]) -> int:
    """Width in pixels for the longest of `names`; needed because the table measures before its font is loaded."""
    longest = max((len(str(name)) for name in names), default=0)
    return min(_WIDEST, _PADDING + round(longest * _CHARACTER))


def _series(column: Figures) -> pd.Series:
    if column.show is None:
        return pd.Series([text_of.UNKNOWN if v is None else str(v) for v in column.values], dtype="object")
    return pd.Series([float("nan") if v is None else float(v) for v in column.values], dtype="float64")
