"""How a prompt is asked: how often, as a fair race or not, and whether only local models may be asked."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.compose.pictures import is_drawing
from prompts.analysis.significance import fewest_sentence
from prompts.core.share_link import MOST_REPEATS


def ask_manner() -> None:
    """The fields for repeats, fair race and local only; their values are in the session state."""
    st.number_input(
        "Times each model is asked", 1, MOST_REPEATS, key=state.REPEATS,
        help="One answer is one sample. Asked again, a model may say something else, and take longer or shorter. "
        "Repeats are asked in shuffled rounds, so that no model always goes first.",
    )  # fmt: skip
    if said := fewest_sentence(len(st.session_state.get(state.TARGETS) or ())):
        st.caption(said)
    if not is_drawing():  # a fair race's mark in the prompt would be drawn, and pictures have no prompt cache
        _ask_fairness()
    st.toggle(
        "Local only",
        key=state.LOCAL_ONLY,
        help="Only models on this computer or network can be asked; a run of others is refused before anything leaves.",
    )


def _ask_fairness() -> None:
    st.toggle(
        "Fair race", key=state.FAIR,
        help="Each model is first asked once to warm up, which is paid but not counted. A short mark is put before "
        "each prompt, so that no prompt cache can serve it. Local models wait for the hosted ones, then each has "
        "this machine to itself.",
    )  # fmt: skip
