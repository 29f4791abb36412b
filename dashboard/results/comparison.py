"""The comparison table under the answers: figures of the run joined with facts of the families."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.results.columns import shown
from dashboard.results.receipt import show_details
from dashboard.results.table import ORDERS, ordered, styled, to_csv
from prompts.core import format as text_of
from prompts.core.run import Run


def show_comparison(run: Run) -> None:
    """The table, its CSV, and the details of the selected row. The grid asks for a redraw as each answer ends."""
    # To the left: the table's own buttons appear at its upper right.
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.subheader("Comparison", anchor=False, width="content")
        order = st.segmented_control(
            "Sort by",
            ORDERS,
            key=state.ORDER,
            wrap=True,
            help="Failed and empty answers come after the others, unknown figures last. Without a choice: as asked.",
        )
    answers = ordered([answer for answer in run.answers if answer.counts], order)
    config = {
        column.header: st.column_config.Column(
            help=column.help, width=column.width, pinned=column.header == "Model",
            alignment="right" if column.show or column.header == "Cost" else "left",
        )
        for column in shown(answers)
    }  # fmt: skip
    event = st.dataframe(
        styled(answers), column_config=config, hide_index=True, key=f"table-{run.id}-{order}", on_select="rerun",
        selection_mode="single-row", placeholder=text_of.UNKNOWN,
        alt="Each model's figures, joined with what is known of its family",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption("Shaded: the best of its column among answers that ended properly. Select a row for its receipt.")
        st.download_button(
            "CSV", lambda: to_csv(answers), f"collate-{run.id[:8]}.csv", "text/csv", icon=":material/download:",
            key="csv", on_click="ignore", help="The table as shown, with exact numbers.",
        )  # fmt: skip
    if event.selection.rows and event.selection.rows[0] < len(answers):
        show_details(answers[event.selection.rows[0]])
