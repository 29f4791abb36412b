"""One line below the pictures of a run if they were not drawn alike: below, so that it moves none of them."""

from __future__ import annotations

import streamlit as st

from dashboard.markdown_escape import plain
from prompts.analysis.unlike_drawings import unlike_drawings
from prompts.core.run import Run


def show_unlike(run: Run) -> None:
    """Show the line when all pictures are there, and only if a difference is known."""
    if run.finished and (said := unlike_drawings(run)):
        st.caption(f":material/warning: {plain(said)}")
