"""The answers of a run side by side, and what their buttons do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard import state
from dashboard.answer_grid.grid import answer_grid
from dashboard.answer_grid.sse import events_url
from dashboard.answer_grid.view import lanes_of, objected_setting, view_id
from dashboard.engine import Engine
from dashboard.feedback.clicks import closed, marks_of, refresh, saying
from dashboard.feedback.dialog import show_dialog
from prompts.asking.runner import Connections
from prompts.core.run import Lane, Run


def show_answers(
    core: Engine, connections: Connections, run: Run, *, live: bool, on_continue: Callable[[Lane], None]
) -> None:
    """The grid: one column per target, of several repeats the chosen one.

    `live` as the page above it was drawn: then its end is told, and the page drawn anew. `on_continue` is told the
    answer that all are to go on from.
    """
    repeat = _repeat(run)
    lanes = lanes_of(run, repeat)

    def retry(lane: int) -> None:
        try:
            core.retry(run, lanes[lane], connections)
        except ValueError as exc:  # a provider that is no longer set up
            st.session_state[state.PROBLEM], st.session_state[state.ASKED_BELOW] = str(exc), False

    def without(lane: int, setting: str) -> None:
        chosen = lanes[lane]
        error = chosen.completion.error if chosen.completion else None
        if error is not None and objected_setting(error, chosen.target.settings) == setting:
            empty = () if setting == "stop" else None
            chosen.target = chosen.target.with_settings(replace(chosen.target.settings, **{setting: empty}))
            retry(lane)

    def heard() -> None:
        st.session_state[state.HEARD] = run.id

    says = saying(core, run)
    if run.finished:
        refresh(says)
    answer_grid(
        key=f"answers-{view_id(run, repeat)}",
        url=events_url(view_id(run, repeat)),
        titles=[str(lane.target) for lane in lanes],
        live=live,
        begun=sum(lane.attempt for lane in lanes),
        on_stop=lambda lane: core.stop(run, lanes[lane]),
        on_retry=None if run.textless or run.gathered else retry,
        on_without=None if run.textless or run.gathered else without,
        on_continue=None if run.gathered else lambda lane: on_continue(lanes[lane]),
        on_done=heard,
        marks=marks_of(says, lanes),
    )
    show_dialog(says, lanes, closed)
    st.space("small")


def _repeat(run: Run) -> int:
    if run.repeats == 1:
        return 0
    with st.container(horizontal=True, vertical_alignment="center", key="repeats-shown"):
        st.caption(
            f"Each model is asked {run.repeats} times. Shown is number",
            help="“Repeats”, below the answers, puts all of them together.",
        )
        return st.pagination(run.repeats, key=f"{state.SHOWN_REPEAT}-{run.id}") - 1
