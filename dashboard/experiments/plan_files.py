"""A plan as a file: saved from the builder, opened into it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.experiments.address import go_to
from dashboard.experiments.drafts import Draft, drafts
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.experiments.cases import Cases, CasesError, decode
from prompts.experiments.library.finding import finder
from prompts.experiments.library.library import library
from prompts.experiments.library.prompt import LibraryError
from prompts.experiments.plan import Plan, PlanError
from prompts.experiments.plan_file import loads
from prompts.experiments.plan_writer import dumps

_UPLOAD = "experiment-plan-file"


def save_plan(plan: Plan) -> None:
    """The button that saves what is written; `collate run` takes the file as it is."""
    try:
        dumps(replace(plan, cases=Cases(plan.cases.columns, plan.cases.rows[:1])))  # whether it can be at all
    except PlanError as exc:
        st.caption(plain(f"It cannot be saved as a file. {exc}"))
        return
    st.download_button(
        "Save as a file", partial(dumps, plan), file_name=f"{_file_name(plan.name)}.toml", mime="application/toml",
        icon=":material/download:", key="experiment-save", on_click="ignore",
        help="A TOML file with prompts, cases, models and checks, never a key. It can be opened here again, and "
        "run from the command line.",
    )  # fmt: skip


def open_plan(connections: Connections) -> None:
    """The popover that opens such a file as a draft."""
    with st.popover("Open a plan", icon=":material/folder_open:", key="experiment-open"):
        st.file_uploader("A plan that was saved as TOML", ("toml",), key=_UPLOAD, on_change=_open, args=(connections,))


def _open(connections: Connections) -> None:
    file = st.session_state.get(_UPLOAD)
    if file is None:
        return
    try:
        text, _ = decode(file.getvalue(), file.name)
        plan = loads(text, connections, _not_here, finder(library(), _not_here))
    except (PlanError, CasesError, LibraryError) as exc:
        st.session_state[state.EXPERIMENT_SAYS] = f"{file.name} cannot be opened. {exc}"
        return
    go_to(drafts().new(Draft(plan, tuple(dict.fromkeys(map(str, plan.targets))))))


def _not_here(name: str) -> bytes:
    raise PlanError(
        f"It reads the file {name!r}, which a browser cannot hand along. Put the cases into the plan, or open it with "
        "collate run."
    )


def _file_name(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name.lower()).strip("-")[:60] or "experiment"
