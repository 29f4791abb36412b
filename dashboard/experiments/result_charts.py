"""The charts of an experiment, one at a time: which side is efficient, which cases are hard, how long each answer
took, and how earlier runs of the same experiment went.
"""

from __future__ import annotations

import streamlit as st

from dashboard.answer_grid.chart_panel import show_chart
from dashboard.experiments.loaded import Loaded
from dashboard.experiments.matrix_rows import case_label
from dashboard.experiments.runs_over_time import show_over_time
from dashboard.markdown_escape import plain
from prompts.experiments.frontier import frontier

FRONTIER, CASES, DRAWS, TIME = "Cost, time and pass rate", "Hard cases", "Every duration", "Over time"


def show_charts(found: Loaded) -> None:
    """The chosen chart; none is drawn until it is asked for, so that the page opens faster."""
    if found.experiment.stage == "running":
        return  # drawing would disturb the times that are being measured
    chosen = st.segmented_control(
        "Charts", (FRONTIER, CASES, DRAWS, TIME), key="chart", bind="query-params", label_visibility="collapsed"
    )
    if chosen == FRONTIER:
        _frontier(found)
    elif chosen == CASES:
        _cases(found)
    elif chosen == DRAWS:
        _draws(found)
    elif chosen == TIME:
        show_over_time(found)


def _frontier(found: Loaded) -> None:
    from dashboard.experiments.charts import frontier as charts  # Altair takes a while to import

    drawn = frontier(found.results.sides)
    if drawn.spots:
        show_chart(
            charts.chart(drawn), key=f"frontier-{found.experiment.id}", name="cost-and-pass-rate",
            alt=charts.describe(drawn),
        )  # fmt: skip
        st.caption(
            "Lower left is cheaper and faster; green passes more. Ringed in green: no other is at least as cheap, as "
            "fast and as often right, and better on one; the line joins them. A model without a fee is compared with "
            "its like."
        )
    for each in drawn.missing:
        st.caption(plain(f"Not drawn: {each}"))


def _cases(found: Loaded) -> None:
    from dashboard.experiments.charts import heat_map

    names = [side.name for side in found.results.sides]
    labels = [case_label(found.experiment, n, 60) for n in range(len(found.rows))]
    show_chart(
        heat_map.chart(found.rows, names, labels), key=f"cases-{found.experiment.id}", name="cases",
        alt=heat_map.describe(found.rows, names),
    )  # fmt: skip
    more = (
        f" The {heat_map.MOST} that pass least of {len(found.rows):,} are drawn."
        if len(found.rows) > heat_map.MOST
        else ""
    )
    st.caption(f"One field a case: the hardest are on the left. Grey: no verdict, an error among them.{more}")


def _draws(found: Loaded) -> None:
    from dashboard.experiments.charts import draws

    sides = [side for side in found.results.sides if any(side.durations)]
    if not sides:
        st.caption("No time was measured: the answers were taken from the record, or none ended.")
        return
    labels = [case_label(found.experiment, n, 60) for n in range(len(found.rows))]
    show_chart(
        draws.chart(sides, labels), key=f"draws-{found.experiment.id}", alt=draws.describe(sides), name="durations"
    )  # fmt: skip
    st.caption("Every answer is a point; the bar is the median over cases.")
