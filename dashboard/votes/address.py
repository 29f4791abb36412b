"""Which ballot the page shows: the address says it."""

from __future__ import annotations

import streamlit as st

from dashboard import state

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


def link(ballot: str) -> str:
    """The address that opens it, for others to vote."""
    return f"{(st.context.url or '').partition('?')[0]}?{_NAME}={ballot}"
