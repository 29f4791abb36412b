"""That nothing can be recorded, and so nothing is sent: said for as long as it lasts, and not a moment longer.

What is not allowed meanwhile is drawn disabled; nobody should have to reload the page to be let on again.
"""

from __future__ import annotations

import streamlit as st

from dashboard.engine import Engine
from dashboard.markdown_escape import plain

_POLL_S = 2.0


def show_record_away(core: Engine) -> None:
    """A message while it is so; the whole page is drawn anew when something else is so."""
    if (problem := core.record_problem) is not None:
        st.error(plain(problem), title="Nothing can be recorded, so nothing is sent", icon=":material/database:")
        st.fragment(_look_again, run_every=_POLL_S)(core, problem)


def _look_again(core: Engine, said: str) -> None:
    if core.record_problem != said:
        st.rerun()
