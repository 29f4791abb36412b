"""From a list to one run: it is shown on Compare as it looked, and what was typed there is not lost."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from prompts.record import RecordError


def ask_to_open(run_id: str) -> None:
    """Open this run when the page is drawn next; for callbacks."""
    st.session_state[state.TO_OPEN] = run_id


def open_if_asked(core: Engine) -> None:
    """At the top of a page: leave it for the run that was asked for."""
    run_id: str | None = st.session_state.pop(state.TO_OPEN, None)
    if run_id is None:
        return
    if not _is_a_draft(core):
        # Its own prompt and models go into the fields.
        st.session_state[state.PROMPT], st.session_state[state.OPENED] = "", None
    st.switch_page("app_pages/compare.py", query_params={"run": run_id})


def _is_a_draft(core: Engine) -> bool:
    """Whether the prompt in the field is on record nowhere: then it stays."""
    typed: str = st.session_state.get(state.PROMPT) or ""
    opened: str | None = st.session_state.get(state.OPENED)
    if not typed.strip():
        return False
    try:
        run = core.find(opened) if opened else None
    except (RecordError, ValueError):
        return True
    return run is None or run.prompt != typed
