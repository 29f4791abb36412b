"""Which ballot the page shows: the address says it; and what it has to say above it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from prompts.record.recorder import RecordError

_NAME = "ballot"


def here() -> str | None:
    """The id in the address; `None`: the list."""
    return st.query_params.get(_NAME) or None


def go_to(ballot: str | None) -> None:
    """Show it from now on; `None`: the list."""
    st.session_state[state.BALLOT_SAYS] = st.session_state[state.BALLOT_OF] = st.session_state[state.BOOTH] = None
    if ballot is None:
        st.query_params.pop(_NAME, None)
    else:
        st.query_params[_NAME] = ballot


def attempt(act: Callable[[], object]) -> None:
    """Do it for a button; why the record could not is said on the page that is drawn next."""
    problem: str | None = None
    try:
        act()
    except RecordError as exc:
        problem = str(exc)
    st.session_state[state.BALLOT_SAYS] = problem


def link(ballot: str) -> str:
    """The address that opens it, for others to vote."""
    return f"{(st.context.url or '').partition('?')[0]}?{_NAME}={ballot}"
