"""The dialog that shows how two ticked runs differ."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.answer_grid.offered_pictures import offered_pictures
from dashboard.answer_grid.panel import panel
from dashboard.components.time_zone import time_zone
from dashboard.engine import Engine
from dashboard.history.two_runs_html import two_runs_html
from dashboard.logins import visitor
from dashboard.markdown_escape import plain
from prompts.core.run import Run
from prompts.record.recorder import RecordError


def differ_button(core: Engine, ids: Sequence[str]) -> None:
    """The button, and its dialog once pressed."""
    if st.button(
        "What differs", key="history-differ", icon=":material/difference:",
        help="From the earlier prompt to the later one, with the settings, and the pictures where they were drawn.",
    ):  # fmt: skip
        _show(core, ids)


@st.dialog("What differs", width="large", icon=":material/difference:")
def _show(core: Engine, ids: Sequence[str]) -> None:
    try:
        found = [run for each in ids if (run := core.find(each)) is not None]
    except RecordError as exc:
        st.error(plain(str(exc)), icon=":material/database:")
        return
    if len(found) < len(ids) or any(run.textless for run in found):
        st.info("One of them is no longer on record, or its text was not saved.", icon=":material/block:")
        return
    then, now = sorted(found, key=lambda run: run.created_at)
    st.caption(plain(f"From the run of {_when(then)} to that of {_when(now)}"))
    who = visitor()
    html = two_runs_html(then, now, lambda digest: offered_pictures.offer(digest, "card", who))
    panel(html, key=f"differ-{then.id}-{now.id}", label="What differs between the two runs")


def _when(run: Run) -> str:
    return f"{run.created_at.astimezone(time_zone()):%Y-%m-%d %H:%M}"
