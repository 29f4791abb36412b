"""Says that nothing can be recorded and so nothing is sent, for exactly as long as that is the case.

Meanwhile pages disable what needs the record; nobody should have to reload the page once it is back.
"""

from __future__ import annotations

import streamlit as st

from dashboard.engine import Engine
from dashboard.markdown_escape import plain

_POLL_S = 2.0


def show_record_away(core: Engine) -> None:
    """Show the problem while there is one; the whole page is redrawn as soon as that changes."""
    if (problem := core.record_problem) is not None:
        st.error(plain(problem), title="Nothing can be recorded, so nothing is sent", icon=":material/database:")
        st.fragment(_look_again, run_every=_POLL_S)(core, problem)


def _look_again(core: Engine, said: str) -> None:
    if core.record_problem != said:
        st.rerun()
