"""The builder: prompts, cases, models and checks in one column, and the forecast ("bill") beside them."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import state
from dashboard.components.page_head import page_heading
from dashboard.compose.picker import options
from dashboard.engine import Engine
from dashboard.experiments import fields
from dashboard.experiments.address import go_to
from dashboard.experiments.begin import named, show_question
from dashboard.experiments.bill import show_bill
from dashboard.experiments.cases import ask_cases
from dashboard.experiments.checks import ask_checks, check_holes
from dashboard.experiments.drafts import Draft, drafts
from dashboard.experiments.models import ask_models
from dashboard.experiments.plan_files import save_plan
from dashboard.experiments.preview import show_preview
from dashboard.experiments.wordings import ask_wordings
from dashboard.markdown_escape import plain
from dashboard.user import person
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.experiments.plan import Plan
from prompts.record.recorder import RecordError

# Streamlit has no container that stays in view while the page scrolls. On a phone the bill is below instead.
_BESIDE = """@media (min-width: 641px) {
  div:has(> .st-key-experiment-bill) { position: sticky; top: 4rem; }
  .st-key-experiment-bill { max-height: calc(100vh - 5rem); overflow-y: auto; }
}"""


def show_builder(core: Engine, connections: Connections, draft_id: str) -> None:
    """The whole screen. What is typed is saved under the draft's id, so that it survives a reload of the page."""
    try:
        there = _open(draft_id)
    except RecordError as exc:
        st.error(plain(str(exc)), icon=":material/database:")
        return
    if not there:
        st.warning("This draft is not here. It may have been deleted, or made with another record.")
        st.button("Back to the list", icon=":material/arrow_back:", on_click=go_to, args=(None,))
        return
    page_heading("Experiment")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Experiments", type="tertiary", icon=":material/arrow_back:", key="experiment-back", on_click=go_to,
            args=(None,),
        )  # fmt: skip
        st.text_input(
            "Name", key=fields.NAME, placeholder="Name of this experiment", label_visibility="collapsed", max_chars=120
        )
    if st.session_state.get(fields.EXTENDS):
        st.info(
            "This extends an experiment. What was asked stays as it is: add cases below, and models or wordings "
            "after those that are there. Changed checks are applied to the existing answers without asking a model.",
            icon=":material/playlist_add:",
        )
    if notes := st.session_state.get(fields.NOTES):
        many = text_of.number_of(len(notes), "note")
        with st.expander(f"{many} on this draft", icon=":material/info:", expanded=True):
            st.markdown("\n".join(f"- {plain(note)}" for note in notes))
    left, right = st.columns([2, 1], gap="large")
    with left:
        written = _blocks(core, connections)
    drafts().put(draft_id, written, person())
    st.html(f"<style>{_BESIDE}</style>")
    with right, st.container(border=True, key="experiment-bill"):
        show_bill(core, connections, written)
        show_question(core, connections)
        _show_refusal(written)
        save_plan(named(written.plan))


def _show_refusal(written: Draft) -> None:
    """Why the last click did nothing; shown until the draft is changed."""
    said, of = st.session_state.get(state.EXPERIMENT_SAYS), st.session_state.get(state.EXPERIMENT_SAID_OF)
    if said is None or (of is not None and of[0] is said and of[1] != written):  # `is`: a new refusal may read the same
        st.session_state[state.EXPERIMENT_SAYS] = st.session_state[state.EXPERIMENT_SAID_OF] = None
        return
    st.session_state[state.EXPERIMENT_SAID_OF] = said, written
    st.error(plain(said), icon=":material/error:")


def _open(draft_id: str) -> bool:
    """Put the draft into the fields unless they hold it already; returns whether it exists."""
    if st.session_state.get(state.DRAFT) == draft_id and fields.WORDINGS in st.session_state:
        return True
    held = drafts().find(draft_id)
    if held is None:
        return False
    if held.person != person():  # somebody else's draft is never changed
        note = f"This is a copy of the draft of {held.person or 'somebody without a login'}: what you change is yours."
        go_to(drafts().new(replace(held.draft, notes=(note, *held.draft.notes)), person()))
        st.rerun()
    fields.fill(held.draft)
    st.session_state[state.DRAFT] = draft_id
    return True


def _blocks(core: Engine, connections: Connections) -> Draft:
    plan = fields.draft(connections).plan
    with _block("1", "Prompt", "What is asked. {{holes}} are filled from the cases."):
        ask_wordings()
    with _block("2", "Cases", "One row each, columns named like the holes."):
        ask_cases(_holes(plan))
        show_preview(plan)
    with _block("3", "Models", "Every case is asked of each of them."):
        ask_models(core, connections)
    with _block("4", "Checks", "What an answer must show to pass."):
        ask_checks(plan, options(core, connections, near=bool(st.session_state.get(fields.LOCAL_ONLY))))
    return fields.draft(connections)


def _block(number: str, title: str, says: str) -> DeltaGenerator:
    block = st.container(key=f"experiment-block-{number}")
    block.subheader(f"{number} · {title}", anchor=False, help=says)
    return block


def _holes(plan: Plan) -> list[str]:
    asked = [hole for wording in plan.wordings for hole in wording.holes]
    return list(dict.fromkeys([*asked, *check_holes(plan.checks)]))
