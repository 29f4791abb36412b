"""For what belongs to somebody else: no button that would be refused, but a line that says whose it is and what to do.

The rule itself is in `prompts/record/rights.py`, and every action checks it there again.
"""

from __future__ import annotations

import streamlit as st

from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.record.rights import Act, refusal


def may(act: Act, owner: str | None = None) -> bool:
    """Whether the current person may do this to something of `owner`'s (`None`: nobody's); shows nothing."""
    return refusal(actor(), act, owner) is None


def theirs(act: Act, owner: str | None = None, instead: str = "") -> bool:
    """Whether the current person may not do this; if so, a line says why and what they can do `instead`."""
    said = refusal(actor(), act, owner)
    if said is not None:
        st.caption(plain(f"{said} {instead}".strip()), width="content")
    return said is not None
