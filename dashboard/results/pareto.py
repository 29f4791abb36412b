"""Cost against time, with the models that no other beats on both."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.answer_grid.chart_panel import show_chart
from dashboard.markdown_escape import plain
from dashboard.results.figures import Figures, show_figures
from prompts.analysis.pareto import Field, field, in_a_sentence
from prompts.core import format as text_of
from prompts.core.run import Run


def show_frontier(run: Run, *, selected: int | None = None, on_pick: Callable[[int], object] | None = None) -> None:
    """The chart and its table. A click on a point calls `on_pick` with its column; the one of `selected` has a ring."""
    drawn = field(run)
    if len(drawn.spots) < 2:
        st.caption("With two answers or more whose cost and time are known, this shows which model is worth its price.")
        _say_missing(drawn)
        return
    from dashboard.results.charts import pareto as charts  # Altair takes a while to import

    if sentence := in_a_sentence(run):
        st.markdown(f"**{plain(sentence)}**")
    key = f"frontier-{run.id}"
    chosen = _picked(key) if selected is None else selected
    show_chart(
        charts.chart(drawn, chosen), key=key, selection=charts.PICK,
        alt=charts.describe(drawn), name="cost-and-speed",
        on_select=None if on_pick is None else partial(_pass_on, key, on_pick),
    )  # fmt: skip
    fee = any(spot.no_fee for spot in drawn.spots)
    st.caption(
        "Lower left is better. Each family has its colour. Full: efficient, no other is both cheaper and faster"
        + ("; the line joins them" if len(drawn.frontier) > 1 else "")
        + ". Pale: another is. Larger: a longer answer. Only price and time count here: how good the answers are, you "
        "judge. Select a point to mark it."
        + (" A model without a fee is compared with its like, because its machine costs money too." if fee else "")
    )
    _table(run, drawn, chosen)
    _say_missing(drawn)


def _picked(key: str) -> int | None:
    """The column of the clicked point; `None` if there is none, or the browser sent something else."""
    from dashboard.results.charts.pareto import PICK

    event = st.session_state.get(key)
    points = event.selection.get(PICK) if event else None
    column = points[0].get("column") if isinstance(points, list) and points else None
    return column if isinstance(column, int) else None


def _pass_on(key: str, on_pick: Callable[[int], object]) -> None:
    if (column := _picked(key)) is not None:
        on_pick(column)


def _say_missing(drawn: Field) -> None:
    if drawn.missing:
        told = "; ".join(f"{each.name}: {each.reason}" for each in drawn.missing)
        st.caption(plain(f"Not drawn: {told}."))


def _table(run: Run, drawn: Field, chosen: int | None) -> None:
    from dashboard.results.charts.pareto import basis, price

    spots = drawn.spots
    mark = [n for n, spot in enumerate(spots) if spot.column == chosen]
    columns = [
        Figures("Model", "A point of the chart.", [spot.name for spot in spots], best=mark),
        Figures(
            "Cost", "US dollars for one answer, as priced at the moment of the run.",
            [float(spot.cost) for spot in spots], text_of.rate, texts=[price(spot) for spot in spots],
        ),
        Figures(
            "Duration", "Seconds from just before the request until the stream had ended, measured here.",
            [spot.duration_s for spot in spots], text_of.seconds,
        ),
        Figures(
            "Characters", "Visible length of the answer: comparable between models, tokens are not.",
            [spot.characters for spot in spots], text_of.rate, texts=[text_of.count(spot.characters) for spot in spots],
        ),
        Figures(
            "Choice", "Efficient: no other of its kind is at least as cheap and as fast, and better on one.",
            [spot.verdict for spot in spots],
        ),
        Figures("Source", "What the figures rest on.", [basis(spot) for spot in spots]),
    ]  # fmt: skip
    show_figures(columns, key=f"frontier-table-{run.id}", alt="The points of the chart as figures")
