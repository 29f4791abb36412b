"""What is another's: no button that would be refused, but one line that says whose it is and what one can do.

Owns that line. Refuses to keep the rule: `prompts/record/rights.py` has it, and whatever acts asks there again.
"""

from __future__ import annotations

import streamlit as st

from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.record.rights import Act, refusal


def may(act: Act, owner: str | None = None) -> bool:
    """Whether whoever is here may; nothing is said. `owner`: whose it is."""
    return refusal(actor(), act, owner) is None


def theirs(act: Act, owner: str | None = None, instead: str = "") -> bool:
    """Whether whoever is here may not; then a line says why, and what they can do `instead`."""
    said = refusal(actor(), act, owner)
    if said is not None:
        st.caption(plain(f"{said} {instead}".strip()), width="content")
    return said is not None
