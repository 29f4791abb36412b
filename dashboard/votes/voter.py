"""Who votes: the person who is logged in, otherwise a name that they give, so that people's votes stay apart."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.user import people_log_in, person

LONGEST = 60
_FIELD = "voter-name"


def voter() -> str | None:
    """The name recorded with the votes; `None` if it was not given yet."""
    return person() if people_log_in() else st.session_state.get(state.VOTER)


def ask_who() -> None:
    """The field for the name, if no login is configured."""
    st.header("Who votes?", anchor=False)
    st.markdown(
        "Two answers come at a time, without names. You choose the better one; at the end you see which model made "
        "which. Your name keeps your votes apart from those of others, and brings you back to them on another day."
    )
    with st.form("voter", border=False, width=420):
        st.text_input("Your name", key=_FIELD, max_chars=LONGEST, placeholder="For example Ana")
        st.form_submit_button("Start", type="primary", on_click=_remember)


def _remember() -> None:
    name = " ".join(str(st.session_state.get(_FIELD) or "").split())
    st.session_state[state.VOTER] = name or None
