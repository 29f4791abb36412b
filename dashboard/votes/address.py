"""Which ballot the page shows, as the address says, and the error of the last action."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from prompts.record.recorder import RecordError

_NAME = "ballot"


def here() -> str | None:
    """The id in the address; `None` means the list."""
    return st.query_params.get(_NAME) or None


def go_to(ballot: str | None) -> None:
    """Show that ballot from now on; `None` shows the list."""
    st.session_state[state.BALLOT_SAYS] = st.session_state[state.BALLOT_OF] = st.session_state[state.BOOTH] = None
    if ballot is None:
        st.query_params.pop(_NAME, None)
    else:
        st.query_params[_NAME] = ballot


def attempt(act: Callable[[], object]) -> None:
    """Carry out a button's action; a `RecordError` is shown on the page when it is redrawn."""
    problem: str | None = None
    try:
        act()
    except RecordError as exc:
        problem = str(exc)
    st.session_state[state.BALLOT_SAYS] = problem


def link(ballot: str) -> str:
    """The address of a ballot, to invite others to vote."""
    return f"{(st.context.url or '').partition('?')[0]}?{_NAME}={ballot}"
