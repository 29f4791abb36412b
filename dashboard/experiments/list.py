"""The list of experiments, and the ways to begin one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.components.record_away import show_record_away
from dashboard.components.time_zone import time_zone
from dashboard.engine import Engine
from dashboard.experiments import from_library, from_runs
from dashboard.experiments.address import go_to
from dashboard.experiments.begin import start_plan
from dashboard.experiments.case_grid import EMPTY
from dashboard.experiments.draft_list import show_drafts
from dashboard.experiments.drafts import Draft, drafts
from dashboard.experiments.plan_files import open_plan
from dashboard.experiments.workers import show_workers
from dashboard.markdown_escape import plain
from dashboard.user import people_log_in, person
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.experiments.asked import Experiment
from prompts.experiments.cases import CasesError
from prompts.experiments.examples.plans import picture_ladder, support_mail
from prompts.experiments.library.prompt import LibraryError
from prompts.experiments.plan import Plan, Wording
from prompts.record.recorder import RecordError
from providers.measuring.measure import utc_now
from providers.registry import known_models


def show_list(core: Engine, connections: Connections) -> None:
    """The ways to begin, then all experiments, newest first."""
    st.header("Which prompt and which model for your task", anchor=False)
    found = _found(core)
    if (said := st.session_state.get(state.EXPERIMENT_SAYS)) is not None:
        st.error(plain(said), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "New experiment", key="experiment-new", icon=":material/add:", on_click=begin,
            type="primary" if found else "secondary",
        )  # fmt: skip
        open_plan(connections)
        show_drafts()
    if not found:
        _first_time(core, connections)
    for experiment in found:
        _row(experiment)
    show_workers(core)


def begin(plan: Plan | None = None) -> None:
    """Open a new draft: a copy of `plan`, or an empty one."""
    written = plan or Plan("", (Wording("", ""),), EMPTY, ())
    go_to(drafts().new(Draft(written, tuple(dict.fromkeys(map(str, written.targets)))), person()))


def extend(experiment: Experiment) -> None:
    """Open a draft that extends this experiment."""
    plan = experiment.plan
    draft = Draft(plan, tuple(dict.fromkeys(map(str, plan.targets))), extends=experiment.id)
    go_to(drafts().new(draft, person()))


def take_over(core: Engine) -> None:
    """Make a draft of what was chosen on another page: runs, which become cases, or a prompt of the library."""
    ids: tuple[str, ...] = st.session_state.pop(state.CASES_OF, ())
    reference: str | None = st.session_state.pop(state.PROMPT_OF, None)
    try:
        if ids:
            begin(from_runs.plan_of([run for each in ids if (run := core.find(each)) is not None]))
        elif reference is not None:
            begin(from_library.plan_of(reference))
    except (CasesError, LibraryError, RecordError) as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)


def _first_time(core: Engine, connections: Connections) -> None:
    with st.container(border=True, key="experiment-example"):
        st.subheader("Which model sorts support mail best?", anchor=False)
        st.markdown("12 cases × 2 built-in models, no key, free. It runs on this computer and lands on the results.")
        with st.container(horizontal=True):
            st.button(
                "Run the example", type="primary", key="experiment-run-example", icon=":material/play_arrow:",
                on_click=_run_example, args=(core, connections), disabled=core.record_problem is not None,
            )  # fmt: skip
            st.button(
                "Look at it first", key="experiment-see-example", on_click=lambda: begin(_example(core, connections))
            )
    with st.container(border=True, key="experiment-ladder"):
        st.subheader("What does a detailed prompt change in a picture?", anchor=False)
        st.markdown(
            "4 cases × 3 prompts from vague to detailed × 2, drawn by the built-in toy: no key, free. Checks look at "
            "size, shape and type only; which picture is better you see, or vote on blind."
        )
        with st.container(horizontal=True):
            st.button(
                "Run the ladder", key="experiment-run-ladder", icon=":material/play_arrow:", on_click=_run_ladder,
                args=(core, connections), disabled=core.record_problem is not None,
            )  # fmt: skip
            st.button("Look at it first", key="experiment-see-ladder", on_click=lambda: begin(picture_ladder()))
    with st.container(border=True, key="experiment-own"):
        st.subheader("Use my own", anchor=False)
        st.markdown(
            "Paste a table from a spreadsheet, write the prompt once, choose models, say what a good answer shows."
        )
        st.button("Paste a table", key="experiment-own-table", icon=":material/content_paste:", on_click=begin)


def _example(core: Engine, connections: Connections) -> Plan:
    own = connections["builtin"]
    core.call(core.models.refresh([own]))  # fast: the built-in models need no network
    listing = core.models.get(own)
    return support_mail([model.id for model in known_models("builtin", listing.models if listing else ())])


def _run_example(core: Engine, connections: Connections) -> None:
    _run(core, connections, lambda: _example(core, connections))


def _run_ladder(core: Engine, connections: Connections) -> None:
    _run(core, connections, picture_ladder)


def _run(core: Engine, connections: Connections, plan: Callable[[], Plan]) -> None:
    try:
        start_plan(core, connections, plan())
    except (ValueError, RecordError) as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)


def _found(core: Engine) -> list[Experiment]:
    show_record_away(core)
    if core.experiments is None:
        return []
    try:
        return core.experiments.list()
    except RecordError as exc:
        st.error(plain(str(exc)), icon=":material/database:")
        return []


def _row(experiment: Experiment) -> None:
    plan = experiment.plan
    with st.container(border=True, key=f"experiment-{experiment.id}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.button(
                f"**{plain(plan.name)}**", key=f"experiment-open-{experiment.id}", type="tertiary", on_click=go_to,
                args=(experiment.id,),
            )  # fmt: skip
            st.button(
                "Duplicate", key=f"experiment-copy-{experiment.id}", icon=":material/content_copy:", type="tertiary",
                on_click=begin, args=(plan,), help="Opens the same plan as a draft.",
            )  # fmt: skip
        whose = f"{experiment.person} · " if people_log_in() and experiment.person else ""
        over = sum(
            n for state_, n in experiment.counts.items() if state_ not in ("waiting", "preparing", "sent", "streaming")
        )
        st.caption(plain(
            f"{whose}{text_of.ago(experiment.created_at, utc_now(), time_zone())} · {experiment.stage} · "
            f"{over:,} of {text_of.number_of(plan.size, 'answer')} · {', '.join(map(str, plan.targets))}"
        ))  # fmt: skip
