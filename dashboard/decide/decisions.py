"""The recorded decisions: a list that says which have aged and why, and one of them as it was made."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.components.theirs import theirs
from dashboard.components.time_zone import time_zone
from dashboard.decide.decide import ADDRESS
from dashboard.decide.decision_html import decision_html
from dashboard.decide.notice import forget_aged, reviewed
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.core import format as text_of
from prompts.core.decision import Decision
from prompts.decide import decision_store
from prompts.decide.ageing import Aged
from prompts.history.archive import Archive
from prompts.record.recorder import RecordError
from providers.measuring.measure import utc_now

NEWEST = 8


def show_decisions(core: Engine) -> None:
    """The decision named in the address, and below it the newest decision of each task."""
    found = reviewed(core)
    if (done := st.session_state.pop(state.CHOOSE_DONE, None)) is not None:
        st.toast(plain(done), icon=":material/task_alt:")  # the new decision appears further up, perhaps out of sight
    shown = st.query_params.get(ADDRESS)
    if shown and core.archive is not None:
        decision = core.archive.read(lambda c: decision_store.find(c, shown))
        if decision is None:
            st.warning("The decision in this address is not on record here.")
        else:
            _show(core.archive, decision, next((old for each, old in found if each.id == shown), None))
    if not found:
        return
    st.subheader("Decisions", anchor=False)
    for decision, old in found[:NEWEST]:
        with st.container(horizontal=True, vertical_alignment="center"):
            mark = ":material/history:" if old else ":material/task_alt:"
            st.button(
                f"{mark} {plain(decision.task)}: **{plain(decision.chosen)}**", key=f"decision-open-{decision.id}",
                type="tertiary", on_click=_open, args=(decision.id,),
            )  # fmt: skip
            when = text_of.ago(decision.decided_at, utc_now(), time_zone())
            st.caption(plain(" · ".join(filter(None, (when, decision.person, old.reasons[0] if old else "")))))


def _show(archive: Archive, decision: Decision, old: Aged | None) -> None:
    with st.container(border=True, key="decision-shown"):
        st.subheader(plain(f"{decision.task}: {decision.chosen}"), anchor=False)
        st.caption(plain(
            f"Decided {text_of.exactly(decision.decided_at, time_zone())}"
            f"{f' by {decision.person}' if decision.person else ''}. The evidence is as it was then."
        ))  # fmt: skip
        for reason in old.reasons if old else ():
            st.warning(plain(reason), icon=":material/history:")
        panel(decision_html(decision), key="decision-evidence", label="The decision with its evidence")
        with st.container(horizontal=True):
            st.button(
                "Look again", key="decision-again", icon=":material/fact_check:", on_click=_again,
                args=(decision.task,), help="Opens the task with today's evidence.",
            )  # fmt: skip
            st.button("Close", key="decision-close", type="tertiary", on_click=_open, args=(None,))
            if not theirs("delete a decision", decision.person):
                st.button(
                    "Delete", key="decision-delete", type="tertiary", icon=":material/delete:", on_click=_delete,
                    args=(archive, decision.id), help="Deletes it from the record. This cannot be undone.",
                )  # fmt: skip


def _open(id: str | None) -> None:
    if id is None:
        st.query_params.pop(ADDRESS, None)
    else:
        st.query_params[ADDRESS] = id


def _again(task: str) -> None:
    _open(None)
    st.session_state["task"] = task


def _delete(archive: Archive, id: str) -> None:
    try:
        archive.write(lambda c: decision_store.delete(c, id, by=actor()))
        forget_aged()
        _open(None)
    except RecordError as exc:
        st.session_state[state.CHOOSE_SAYS] = str(exc)
