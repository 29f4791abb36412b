"""The chart of repeated runs of the same experiment, and what changed from one to the next."""

from __future__ import annotations

import streamlit as st

from dashboard.answer_grid.chart_panel import show_chart
from dashboard.components.time_zone import time_zone
from dashboard.experiments.loaded import Loaded, on_record, read
from dashboard.markdown_escape import plain
from dashboard.user import people_log_in, person
from prompts.core import format as text_of
from prompts.experiments.over_time import Moment, changes, moment, same_name
from prompts.record.recorder import RecordError

MOST = 12
"""The most runs that are drawn."""


def show_over_time(found: Loaded) -> None:
    """Draw all experiments with the same name, if there are several."""
    from dashboard.experiments.charts import over_time  # Altair takes a while to import

    try:
        moments = _moments(found)
    except RecordError as exc:
        st.error(plain(str(exc)), icon=":material/database:")
        return
    if len(moments) < 2:
        st.caption("It was run once. Duplicate it and run it again under the same name, and both are drawn here.")
        return
    if any(rate.interval for each in moments for rate in each.rates.values()):
        show_chart(
            over_time.chart(moments), key=f"time-{found.experiment.id}", alt=over_time.describe(moments),
            name="over time",
        )  # fmt: skip
    st.caption(
        "Every experiment of this name, with 95 % intervals. *Compare with* says whether a difference is more than "
        "chance, over the cases that both have."
    )
    for at, said in changes(moments):
        when = text_of.exactly(at, time_zone())
        st.markdown(f"**{plain(when)}** {plain(' '.join(said)) if said else 'asked as before'}")


def _moments(found: Loaded) -> list[Moment]:
    """Every experiment of that name that is not running; where people log in, only one's own. Raises `RecordError`."""
    record = on_record()
    if record is None:
        return []
    alike = same_name(found.experiment, record.list(person() if people_log_in() else None), MOST)
    return [
        moment(each, found.cells if each.id == found.experiment.id else read(record, each))
        for each in alike if each.stage != "running"
    ]  # fmt: skip
