"""The page of an experiment: the progress of each model and what it waits for, the controls, and the results."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import TimeoutError as Late
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components.record_away import show_record_away
from dashboard.components.theirs import may, theirs
from dashboard.components.time_zone import time_zone
from dashboard.engine import Engine
from dashboard.experiments.address import go_to
from dashboard.experiments.drafts import drafts
from dashboard.experiments.list import begin, extend
from dashboard.experiments.loaded import forget
from dashboard.experiments.manage import CHANGE, COPY, show_more
from dashboard.experiments.plan_files import save_plan
from dashboard.experiments.progress_text import headline, judge_line, line, share
from dashboard.experiments.results_view import show_results
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.experiments.asked import Experiment, Progress
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan import PlanError
from prompts.record.recorder import RecordError
from providers.measuring.measure import utc_now

_POLL_S = 1.0
_STOP_S = 30.0
_STEPS = 10
"""While it is running, the results are redrawn so many times: here, after each tenth of the cells."""


def show_run(core: Engine, connections: Connections, experiment_id: str, watch: Callable[[Experiment], None]) -> None:
    """Progress (until it has finished), controls and results so far. `watch`: see `manage.show_more`."""
    asked = core.experiments
    try:
        experiment = asked.find(experiment_id) if asked else None
        if asked is None or experiment is None:
            _gone(core)
            return
        _head(experiment)
        away = core.record_problem
        show_record_away(core)
        if experiment.stage == "finished":
            now = asked.progress(experiment.id)
            st.caption(plain(headline(now, drafts().expected(experiment.id), experiment.plan)))
            _controls(core, connections, asked, experiment, now, watch)
        else:
            live = experiment.stage == "running"
            drawn = _done(asked.progress(experiment.id))
            st.fragment(_show_progress, run_every=_POLL_S if live else None)(
                core, connections, asked, experiment, (drawn, away), watch
            )
        if (said := st.session_state.get(state.EXPERIMENT_SAYS)) is not None:
            st.error(plain(said), icon=":material/error:")
        show_results(experiment)
    except RecordError as exc:
        st.error(plain(str(exc)), icon=":material/database:")


def _gone(core: Engine) -> None:
    st.warning(
        plain(core.record_problem)
        if core.record_problem
        else "The experiment in this address is not on record here. It may have been deleted, or made elsewhere."
    )
    st.button("Back to the list", icon=":material/arrow_back:", on_click=go_to, args=(None,))


def _head(experiment: Experiment) -> None:
    plan = experiment.plan
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Experiments", type="tertiary", icon=":material/arrow_back:", key="experiment-back", on_click=go_to,
            args=(None,),
        )  # fmt: skip
        st.header(plain(plan.name), anchor=False)
        st.caption(
            plain(f"Asked {text_of.ago(experiment.created_at, utc_now(), time_zone())}"),
            help=plain(text_of.exactly(experiment.created_at, time_zone())), width="content",
        )  # fmt: skip


def _show_progress(
    core: Engine, connections: Connections, asked: Experiments, experiment: Experiment,
    drawn: tuple[int, str | None], watch: Callable[[Experiment], None],
) -> None:  # fmt: skip
    """A fragment that polls the progress and redraws the whole page when the stage changes or enough cells are over.

    `drawn`: how many cells were over when the page was drawn, and the record's problem then (`None`: none).
    """
    try:
        now = asked.progress(experiment.id)
    except RecordError as exc:
        st.warning(plain(str(exc)))
        return
    expected = drafts().expected(experiment.id)
    with st.container(border=True, key="experiment-progress"):
        st.markdown(plain(headline(now, expected, experiment.plan)))
        for row in now.targets:
            st.progress(share(row), text=plain(line(row, experiment.plan, expected)))
        for row in now.judges:
            st.progress(share(row), text=plain(judge_line(row, experiment.plan, expected)))
        _controls(core, connections, asked, experiment, now, watch)
    step = max(1, experiment.plan.size // _STEPS)
    over, away = drawn
    if now.stage != experiment.stage or _done(now) - over >= step or (core.record_problem is None) != (away is None):
        st.rerun()


def _done(progress: Progress) -> int:
    return sum(row.done + row.failed for row in progress.targets)


def _controls(
    core: Engine, connections: Connections, asked: Experiments, experiment: Experiment, now: Progress,
    watch: Callable[[Experiment], None],
) -> None:  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", key="experiment-controls"):
        mine = may(CHANGE, experiment.person)
        if mine and now.stage == "running":
            st.button(
                "Pause", key="experiment-pause", icon=":material/pause:", on_click=_order,
                args=(core, partial(asked.pause, experiment.id, by=actor())),
                help="Sends nothing new; calls in progress finish.",
            )  # fmt: skip
            st.button(
                "Stop", key="experiment-stop", icon=":material/stop:", on_click=_order,
                args=(core, partial(asked.stop, experiment.id, by=actor())),
                help="Also ends calls in progress. It can be resumed.",
            )  # fmt: skip
        if mine and now.stage in ("paused", "stopped"):
            st.button(
                "Resume", key="experiment-resume", type="primary", icon=":material/play_arrow:", on_click=_order,
                args=(core, partial(asked.resume, experiment.id, connections, by=actor())),
                help="Asks only what is missing, and what failed without a charge.",
            )  # fmt: skip
        st.button(
            "Duplicate", key="experiment-copy", icon=":material/content_copy:", on_click=begin,
            args=(experiment.plan,), help="Opens the same plan as a draft.",
        )  # fmt: skip
        save_plan(experiment.plan)
        if mine and now.stage != "running":
            st.button(
                "Extend", key="experiment-extend", icon=":material/playlist_add:", on_click=extend, args=(experiment,),
                help="More cases, models, wordings or repeats, a higher budget, or other checks; what is there stays, "
                "and only what is new is asked.",
            )  # fmt: skip
        if now.stage != "running":
            show_more(asked, experiment, watch)
    theirs(CHANGE, experiment.person, COPY)


def _order(core: Engine, what: partial) -> None:
    """Callback of the controls: run the coroutine on the engine's loop and wait; an error is shown on the page."""
    st.session_state[state.EXPERIMENT_SAYS] = None
    forget()
    try:
        core.call(what(), _STOP_S)
    except (RecordError, PlanError, ValueError) as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)
    except Late:
        st.session_state[state.EXPERIMENT_SAYS] = "It is still being stopped: calls in progress have not ended yet."
