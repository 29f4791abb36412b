"""Which experiment or draft the page shows, as the address says."""

from __future__ import annotations

import streamlit as st

from dashboard import state

_NAME = "experiment"


def here() -> str | None:
    """The id in the address; `None` means the list."""
    return st.query_params.get(_NAME) or None


def go_to(experiment: str | None) -> None:
    """Show that experiment or draft from now on; `None` shows the list."""
    st.session_state[state.EXPERIMENT_SAYS] = st.session_state[state.EXPERIMENT_ASKS] = None
    if experiment is None:
        st.query_params.pop(_NAME, None)
    else:
        st.query_params[_NAME] = experiment
