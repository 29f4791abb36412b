"""The answers of a run side by side in the grid, and the actions of the grid's buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard import state
from dashboard.answer_grid.grid import answer_grid
from dashboard.answer_grid.objections import objected_setting, objected_switch, without_switch
from dashboard.answer_grid.sse import events_url, token
from dashboard.answer_grid.view import answers_of, view_id
from dashboard.components.theirs import may, theirs
from dashboard.engine import Engine
from dashboard.feedback.clicks import closed, marks_of, refresh, saying
from dashboard.feedback.dialog import show_dialog
from dashboard.feedback.store import Saying
from dashboard.logins import visitor
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.analysis.unlike_drawings import unlike_drawings
from prompts.asking.runner import Connections
from prompts.asking.runs import STEER
from prompts.core.answer import Answer
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record.recorder import RecordError


def show_answers(
    core: Engine, connections: Connections, run: Run, *, live: bool, on_continue: Callable[[Answer], None]
) -> None:
    """Show the grid: a column per target, with a choice of the repeat if there are several.

    `live`: whether the run was still going when the page above was drawn; the page is then redrawn as answers end.
    `on_continue` gets the answer from which all models are to continue.
    """
    says = _says(core, run)
    repeat = _repeat(run)
    answers = answers_of(run, repeat)

    def retry(column: int, target: Target | None = None, reach: Connections = connections) -> None:
        try:
            core.retry(run, answers[column], reach, target, by=actor())
        except (ValueError, RecordError) as exc:  # the provider is no longer set up, or nothing can be asked now
            st.session_state[state.PROBLEM], st.session_state[state.ASKED_BELOW] = str(exc), False

    def stop(column: int) -> None:
        try:
            core.stop(run, answers[column], by=actor())
        except RecordError as exc:
            st.session_state[state.PROBLEM], st.session_state[state.ASKED_BELOW] = str(exc), False

    def without(column: int, setting: str) -> None:
        chosen = run.answer(answers[column].id).now
        error = chosen.completion.error if chosen.completion else None
        provider = chosen.target.provider
        switch = objected_switch(error) if error is not None else None
        if switch is not None and switch == setting and provider in connections:
            retry(column, reach={**connections, provider: without_switch(connections[provider], switch)})
        elif error is not None and objected_setting(error, chosen.target.settings) == setting:
            empty = () if setting == "stop" else None
            retry(column, chosen.target.with_settings(replace(chosen.target.settings, **{setting: empty})))

    def heard() -> None:
        st.session_state[state.HEARD] = run.id

    if not run.combined:
        theirs(STEER, run.person, "Run asks the same in your name.")
    mine = may(STEER, run.person)
    again = mine and not run.textless and not run.combined
    answer_grid(
        key=f"answers-{view_id(run, repeat)}",
        url=events_url(view_id(run, repeat)),
        token=token(view_id(run, repeat), visitor()),
        titles=[str(answer.target) for answer in answers],
        live=live,
        draws=run.draws,
        begun=sum(answer.attempt for answer in answers),
        on_stop=stop if mine else None,
        on_retry=retry if again else None,
        on_without=without if again else None,
        on_continue=None if run.combined or run.draws else lambda column: on_continue(answers[column]),
        on_done=heard,
        marks=marks_of(says, answers),
    )
    show_dialog(says, answers, closed)
    st.space("small")


def _says(core: Engine, run: Run) -> Saying | None:
    says = saying(core, run)
    if run.finished:
        refresh(says)
    return says


def _repeat(run: Run) -> int:
    if run.repeats == 1:
        return 0
    with st.container(horizontal=True, vertical_alignment="center", key="repeats-shown"):
        st.caption(
            f"Each model is asked {run.repeats} times. Shown is number",
            help="“Repeats”, below the answers, puts all of them together.",
        )
        return st.pagination(run.repeats, key=f"{state.SHOWN_REPEAT}-{run.id}") - 1


def show_unlike(run: Run) -> None:
    """Show a line if the pictures were not drawn alike and all are there: below them, so that it moves none."""
    if run.finished and (said := unlike_drawings(run)):
        st.caption(f":material/warning: {plain(said)}")
