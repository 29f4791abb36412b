"""The charts of an experiment, one at a time: which choice is efficient, which cases are hard, how long each took, and
how it went when it was run before.
"""

from __future__ import annotations

import streamlit as st

from dashboard.components.time_zone import time_zone
from dashboard.experiments.loaded import Loaded, on_record, read
from dashboard.experiments.matrix_rows import case_label
from dashboard.markdown_escape import plain
from dashboard.user import people_log_in, person
from prompts.core import format as text_of
from prompts.experiments.frontier import frontier
from prompts.experiments.over_time import Moment, changes, moment, same_name
from prompts.record.recorder import RecordError

FRONTIER, CASES, DRAWS, TIME = "Cost, time and pass rate", "Hard cases", "Every duration", "Over time"
MOST_RUNS = 12
"""Of the same experiment that are drawn over time."""


def show_charts(found: Loaded) -> None:
    """The chosen one; none is drawn until it is asked for, because the page opens faster so."""
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
        _over_time(found)


def _frontier(found: Loaded) -> None:
    from dashboard.experiments.charts import frontier as charts  # Altair takes a while to import

    drawn = frontier(found.results.sides)
    if drawn.spots:
        st.altair_chart(charts.chart(drawn), key=f"frontier-{found.experiment.id}", alt=charts.describe(drawn))
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
    st.altair_chart(
        heat_map.chart(found.rows, names, labels), key=f"cases-{found.experiment.id}",
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
    st.altair_chart(draws.chart(sides, labels), key=f"draws-{found.experiment.id}", alt=draws.describe(sides))
    st.caption("Every answer is a point; the bar is the median over cases.")


def _over_time(found: Loaded) -> None:
    from dashboard.experiments.charts import over_time

    try:
        moments = _moments(found)
    except RecordError as exc:
        st.error(plain(str(exc)), icon=":material/database:")
        return
    if len(moments) < 2:
        st.caption("It was run once. Duplicate it and run it again under the same name, and both are drawn here.")
        return
    if any(rate.interval for each in moments for rate in each.rates.values()):
        st.altair_chart(over_time.chart(moments), key=f"time-{found.experiment.id}", alt=over_time.describe(moments))
    st.caption(
        "Every experiment of this name, with 95 % intervals. Whether a difference is more than chance says *Compare "
        "with*, over the cases that both hold."
    )
    for at, said in changes(moments):
        when = text_of.exactly(at, time_zone())
        st.markdown(f"**{plain(when)}** {plain(' '.join(said)) if said else 'asked as before'}")


def _moments(found: Loaded) -> list[Moment]:
    """Each run of that name whom whoever looks may see. Raises `RecordError`."""
    record = on_record()
    if record is None:
        return []
    alike = same_name(found.experiment, record.list(person() if people_log_in() else None), MOST_RUNS)
    return [
        moment(each, found.cells if each.id == found.experiment.id else read(record, each))
        for each in alike if each.stage != "running"
    ]  # fmt: skip
