"""Experiments as files: saving and opening plans, and importing the report of an experiment."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.answer_grid.save_button import save_button
from dashboard.engine import engine
from dashboard.experiments.address import go_to
from dashboard.experiments.drafts import Draft, drafts
from dashboard.markdown_escape import plain
from dashboard.user import actor, person
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.experiments.cases import Cases, CasesError
from prompts.experiments.library.prompt import LibraryError
from prompts.experiments.plan import Plan, PlanError
from prompts.experiments.plan_source import read_plan
from prompts.experiments.plan_writer import dumps
from prompts.experiments.report.jsonl import ReportError
from prompts.experiments.report.taking_in import take_in
from prompts.record.recorder import RecordError

_UPLOAD = "experiment-plan-file"


def save_plan(plan: Plan) -> None:
    """The button that saves the plan as a TOML file, which `collate run` can run."""
    try:
        dumps(replace(plan, cases=Cases(plan.cases.columns, plan.cases.rows[:1])))  # a quick test: one case is enough
    except PlanError as exc:
        st.caption(plain(f"It cannot be saved as a file. {exc}"))
        return
    save_button(
        "Save as a file", partial(dumps, plan), f"{text_of.file_stem(plan.name, 'experiment')}.toml",
        "application/toml", key="experiment-save",
        says="A TOML file with prompts, cases, models and checks, never a key. It can be opened here again, and "
        "run from the command line.",
    )  # fmt: skip


def open_plan(connections: Connections) -> None:
    """The popover that opens a plan as a draft, or imports a report as an experiment with its answers."""
    with st.popover("Open a file", icon=":material/folder_open:", key="experiment-open"):
        st.file_uploader(
            "A plan (TOML), a configuration of promptfoo (YAML), or the report of an experiment (JSON Lines, "
            "or a zip with pictures)",
            ("toml", "yaml", "yml", "jsonl", "zip"), key=_UPLOAD, on_change=_open, args=(connections,),
            help="A plan and a configuration become a draft. A report becomes its experiment again, with the answers.",
        )  # fmt: skip


def _open(connections: Connections) -> None:
    file = st.session_state.get(_UPLOAD)
    if file is None:
        return
    try:
        if file.name.lower().endswith((".jsonl", ".zip")):
            go_to(_taken_in(file.getvalue()))
        else:
            go_to(drafts().new(draft_of(file.name, file.getvalue(), connections), person()))
    except (PlanError, CasesError, LibraryError, ReportError, RecordError) as exc:
        st.session_state[state.EXPERIMENT_SAYS] = f"{file.name} cannot be opened. {exc}"


def draft_of(name: str, data: bytes, connections: Connections) -> Draft:
    """The plan in a file as a draft, with notes on what could not be followed.

    Raises `PlanError`, `CasesError` or `LibraryError`.
    """
    loaded = read_plan(name, data, connections, _not_here)
    return Draft(loaded.plan, tuple(dict.fromkeys(map(str, loaded.plan.targets))), notes=loaded.notes)


def _taken_in(data: bytes) -> str:
    archive = engine().archive
    if archive is None:
        raise RecordError(engine().record_problem or "There is no record.")
    return take_in(archive, data, by=actor())


def _not_here(name: str) -> bytes:
    raise PlanError(
        f"It reads the file {name!r}, which a browser cannot pass on. Put the cases into the plan, or open it with "
        "collate run."
    )
