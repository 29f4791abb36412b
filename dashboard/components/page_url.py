"""Which run the page shows, and the app's address.

The address says which run, but for a moment a click of ours wins over it: when another run is opened, the old run's
grid may still be reporting; its report comes from the old address, and Streamlit would take the page back there.
"""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from dashboard import state
from prompts.core.run_links import dashboard_address
from providers.measuring.measure import monotonic

_STALE_S = 2.0
"""For this long after a move, the old address is taken for a late report and not for the browser's Back button."""


class Move(NamedTuple):
    """A move of ours from one run to another, and when, as of `monotonic()`."""

    old: str | None
    new: str
    at: float


def go_to(run_id: str) -> None:
    """Show this run from now on."""
    st.session_state[state.MOVED] = Move(st.query_params.get("run"), run_id, monotonic())
    st.query_params["run"] = run_id


def first_page() -> str:
    """The address of the app's first page, derived from the page that is open; empty if it cannot be known."""
    try:
        return dashboard_address((st.context.url or "").rpartition("/")[0])
    except ValueError:
        return ""


def here() -> str | None:
    """The id of the run to show; `None` for none."""
    named = st.query_params.get("run") or None
    move: Move | None = st.session_state.get(state.MOVED)
    if move is None or named != move.old or named == move.new or monotonic() - move.at > _STALE_S:
        return named
    st.query_params["run"] = move.new
    return move.new
