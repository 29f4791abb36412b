"""A second thought before a text that seems to hold keys or personal data leaves this network.

Owns the question, whatever is to be sent: a prompt, a follow-up, a turn asked otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.escape import plain
from prompts.run import Run
from prompts.runner import Connections
from prompts.scan import Finding, masked, said, scan


def seems_to_hold(connections: Connections, *runs: Run) -> str:
    """In words: what in these runs should perhaps not leave this network; empty where nothing does."""
    found = (finding for run in runs for finding in _found(connections, run))
    return said(tuple(found))


def held(connections: Connections, run: Run, send_anyway: Callable[[], None]) -> bool:
    """Whether `run` has to wait for an answer to the question; `send_anyway` is the callback of its yes."""
    found = _found(connections, run)
    st.session_state[state.FINDINGS], st.session_state[state.SEND_ANYWAY] = found, send_anyway
    return bool(found)


def _found(connections: Connections, run: Run) -> tuple[Finding, ...]:
    distant = any(not connections[lane.target.provider].keeps(lane.target.model) for lane in run.lanes)
    return scan(_everything(run)) if distant else ()


def _everything(run: Run) -> str:
    systems = {lane.target.settings.system or "" for lane in run.lanes}
    return "\n".join((run.prompt, *sorted(systems)))


def objections() -> None:
    """What stands against what was to be sent: a second thought, or why it could not be."""
    second_thoughts()
    if (problem := st.session_state.get(state.PROBLEM)) is not None:
        st.error(plain(problem), icon=":material/error:")


def second_thoughts() -> None:
    """What in the text should perhaps not leave, before it does."""
    found: tuple[Finding, ...] = st.session_state.get(state.FINDINGS) or ()
    if not found:
        return
    with st.container(border=True, key="second-thoughts"):
        st.warning(
            plain(f"What you ask seems to hold {said(found)}. It has not been sent."), title="Send this?",
            icon=":material/privacy_tip:",
        )  # fmt: skip
        with st.container(horizontal=True):
            st.button("Replace them", key="mask", type="primary", on_click=_mask)
            st.button("Send as it is", key="send-anyway", on_click=_send_anyway)


def _send_anyway() -> None:
    st.session_state[state.FINDINGS] = ()
    st.session_state[state.SEND_ANYWAY]()


def _mask() -> None:
    """In every field whose text is sent, also the system prompts of single columns."""
    for key in list(map(str, st.session_state)):
        if key in _FIELDS or key.startswith((state.SYSTEM + state.OWN, state.EDIT)):
            text = st.session_state[key] or ""
            if found := scan(text):
                st.session_state[key] = masked(text, found)
    st.session_state[state.FINDINGS] = ()


_FIELDS = (state.PROMPT, state.SYSTEM, state.FOLLOW_UP)
