"""Runs put side by side to be looked at: how one gets there, and what they are."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.address import go_to
from dashboard.components.local_models import time_zone
from dashboard.components.opening import way_back
from dashboard.engine import Engine
from dashboard.escape import plain
from prompts import format as text_of
from prompts.gathering import GatheringError, gathered_id, ids_of
from prompts.record import RecordError
from prompts.run import Run

_LONGEST = 60


def compare_runs(ids: Sequence[str]) -> None:
    """Leave the page for Compare with these runs (or single answers, by their ids) side by side. Not for callbacks."""
    try:
        run_id = gathered_id(ids)
    except GatheringError as exc:
        st.warning(plain(str(exc)))
        return
    st.switch_page("app_pages/compare.py", query_params={"run": run_id})


def show_gathered(core: Engine, run: Run) -> None:
    """What stands side by side, each part a way to its own run."""
    gone = len(ids_of(run.id)) - len(run.gathered)
    with st.container(horizontal=True, vertical_alignment="center", key="gathered"):
        way_back()
        st.markdown(f"**{len(run.gathered)} runs side by side**", width="content", help=_HELP)
        for run_id in run.gathered:
            _way_back(core, run_id)
    if gone > 0:
        missing = "One of them is" if gone == 1 else f"{gone} of them are"
        st.caption(f"{missing} no longer on record, or named twice, and not shown.")


_HELP = (
    "Put together from the record to be compared: nothing was asked for it, nothing can be asked from it, and it is "
    "not recorded. What you say of an answer is kept with the answer itself. The address leads here again."
)


def _way_back(core: Engine, run_id: str) -> None:
    try:
        run = core.find(run_id)
    except RecordError:
        return
    if run is None:
        return
    line = " ".join(run.prompt.split()) or "figures only"
    shown = line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"
    st.button(
        plain(f"{text_of.day(run.created_at, time_zone())}: {shown}"), key=f"part-{run_id}", type="tertiary",
        icon=":material/arrow_forward:", on_click=go_to, args=(run_id,), help="Open this run by itself",
    )  # fmt: skip
