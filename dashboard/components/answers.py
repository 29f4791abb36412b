"""The answers of a run side by side, and what its buttons do."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.answers.grid import answer_grid
from dashboard.answers.sse import events_url
from dashboard.engine import Engine
from dashboard.lane_view import objected_setting
from prompts.run import Run
from prompts.runner import Connections


def show_answers(core: Engine, connections: Connections, run: Run) -> None:
    """The grid, live or finished."""

    def retry(lane: int) -> None:
        core.retry(run, run.lanes[lane], connections)

    def without(lane: int, setting: str) -> None:
        chosen = run.lanes[lane]
        error = chosen.completion.error if chosen.completion else None
        if error is not None and objected_setting(error, chosen.target.settings) == setting:
            empty = () if setting == "stop" else None
            chosen.target = chosen.target.with_settings(replace(chosen.target.settings, **{setting: empty}))
            core.retry(run, chosen, connections)

    answer_grid(
        key=f"answers-{run.id}",
        url=events_url(run.id),
        titles=[str(lane.target) for lane in run.lanes],
        live=not run.finished,
        on_stop=lambda lane: core.stop(run, run.lanes[lane]),
        on_retry=retry,
        on_without=without,
    )
    st.space("small")
