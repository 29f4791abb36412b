"""Which run the page shows, and where the app is.

The address says which run, but a move of ours wins over the address from before: a click opens another run
while the old run's grid may still be reporting, its report comes from the old address, and Streamlit takes the
page back to it.
"""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from dashboard import state
from prompts.core.run_links import dashboard_address
from providers.measuring.measure import monotonic

_STALE_S = 2.0
"""How long after a move the old address is taken for a belated one, not for a step back in the browser."""


class Move(NamedTuple):
    """From one run to another, and when."""

    old: str | None
    new: str
    at: float


def go_to(run_id: str) -> None:
    """Show this run from now on."""
    st.session_state[state.MOVED] = Move(st.query_params.get("run"), run_id, monotonic())
    st.query_params["run"] = run_id


def first_page() -> str:
    """Where the app begins for whoever looks at one of its other pages; empty: not known."""
    try:
        return dashboard_address((st.context.url or "").rpartition("/")[0])
    except ValueError:
        return ""


def here() -> str | None:
    """The id of the run to show."""
    named = st.query_params.get("run") or None
    move: Move | None = st.session_state.get(state.MOVED)
    if move is None or named != move.old or named == move.new or monotonic() - move.at > _STALE_S:
        return named
    st.query_params["run"] = move.new
    return move.new
