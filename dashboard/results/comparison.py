"""The comparison table under the answers: figures of the run joined with facts about the model families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import state
from dashboard.answer_grid.save_button import save_button
from dashboard.engine import engine
from dashboard.results.columns import RARE, Column, Width, known
from dashboard.results.receipt import show_details
from dashboard.results.table import ORDERS, PICTURE_ORDERS, is_number, ordered, styled, to_csv
from dashboard.results.table_rows import TableRow, by_model, single
from prompts.analysis.ratings import Ratings
from prompts.core import format as text_of
from prompts.core.run import Run
from prompts.core.run_summaries import Filter
from prompts.record.recorder import RecordError

_ROWS = ("One row a model", "Every answer")
_SHADED = "Shaded: the best of its column among answers that ended properly."
_MEDIANS = "A figure is the median of a model's answers, in brackets the lowest and the highest. "
_FITS = 12  # characters of a number in a small column
_ALL_HELP = "Every column, exact numbers, one line an answer."


def show_comparison(run: Run) -> None:
    """The table, its CSV files, and the details of the selected row; redrawn whenever an answer ends."""
    rated = _ratings(run)
    every = single([answer for answer in run.answers if answer.counts], rated)
    # On the left, because the table's own buttons appear at its upper right.
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.subheader("Comparison", anchor=False, width="content")
        grouped = run.repeats > 1 and _one_row_a_model()
        order = st.segmented_control(
            "Sort by",
            PICTURE_ORDERS if run.draws else ORDERS,
            key=f"{state.ORDER}{state.PICTURES if run.draws else ''}",
            wrap=True,
            help="Failed and empty answers come after the others, unknown figures last. Without a choice: as asked.",
        )
        rows = ordered(by_model(run, rated) if grouped else every, order)
        columns = _choose(known([row.first for row in rows]))
    picked = _draw(rows, columns, key=f"table-{run.id}-{order}-{grouped}")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{_SHADED} {_MEDIANS if grouped else ''}Select a row for its receipt, facts and conditions.")
        with st.container(horizontal=True, width="content"):
            save_button(
                "CSV", lambda: to_csv(rows, columns), f"collate-{run.id[:8]}.csv", "text/csv", key="csv",
                says="The table as shown, with exact numbers.",
            )  # fmt: skip
            save_button(
                "All columns", lambda: to_csv(every), f"collate-{run.id[:8]}-all.csv", "text/csv", key="csv-all",
                says=_ALL_HELP,
            )  # fmt: skip
    if picked is not None:
        _card(picked, columns)


def _one_row_a_model() -> bool:
    chosen = st.segmented_control("Rows", _ROWS, default=_ROWS[0], required=True, key=state.TABLE_ROWS)
    return chosen == _ROWS[0]


def _choose(columns: Sequence[Column]) -> list[Column]:
    """Let the person choose columns; returns those to show, the first one always.

    The session keeps what is hidden, not what is shown, because columns come and go with what is known.
    """
    headers = [column.header for column in columns[1:]]
    hidden = st.session_state.setdefault(state.HIDDEN_COLUMNS, RARE)
    key = f"columns-{len(headers)}"

    def keep() -> None:
        chosen = st.session_state[key]
        elsewhere = [header for header in hidden if header not in headers]
        st.session_state[state.HIDDEN_COLUMNS] = (*elsewhere, *(each for each in headers if each not in chosen))

    with st.popover("Columns", icon=":material/view_column:"):
        st.pills(
            "Columns of the table", headers, selection_mode="multi", key=key, wrap=True, on_change=keep,
            default=[header for header in headers if header not in hidden],
        )  # fmt: skip
    return [column for column in columns if column.header not in hidden]


def _draw(rows: Sequence[TableRow], columns: Sequence[Column], *, key: str) -> TableRow | None:
    """Draw the table; returns the selected row, or `None`."""
    config = {
        column.header: st.column_config.Column(
            help=column.help, width=_width(column, rows), pinned=column.header == "Model",
            alignment="right" if is_number(column) else "left",
        )
        for column in columns
    }  # fmt: skip
    event = st.dataframe(
        styled(rows, columns), column_config=config, hide_index=True, key=key, on_select="rerun",
        selection_mode="single-row", placeholder=text_of.UNKNOWN,
        alt="Each model's figures, joined with what is known of its family",
    )  # fmt: skip
    return rows[event.selection.rows[0]] if event.selection.rows and event.selection.rows[0] < len(rows) else None


def _width(column: Column, rows: Sequence[TableRow]) -> Width:
    """The width of a column; medians with their range need more room."""
    longest = max((len(row.text(column)) for row in rows), default=0) if is_number(column) else 0
    return "medium" if column.width == "small" and longest > _FITS else column.width


def _card(row: TableRow, columns: Sequence[Column]) -> None:
    """The details of a row; for several answers a table of them, in which each can be selected."""
    answers = row.answers
    with st.container(border=True, key="details"):
        if len(answers) == 1:
            show_details(answers[0])
            return
        st.markdown(f"**{len(answers)} answers**")
        picked = _draw(single(answers), columns, key=f"draws-{answers[0].id}")
        show_details(picked.answers[0] if picked else answers[0])


def _ratings(run: Run) -> Mapping[str, Ratings]:
    """The ratings of each model in all runs; empty while answers arrive, or if they cannot be read."""
    archive = engine().archive
    if archive is None or not run.finished:
        return {}
    try:
        return archive.ratings(Filter())
    except RecordError:
        return {}  # the feedback above the table says that the record cannot be read
