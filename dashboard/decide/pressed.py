"""The buttons on the cards: a probe opens its draft, "Decide for this" opens the dialog that records the decision."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.decide.cards_html import DECIDE, PROBE
from dashboard.decide.decide import ask_decision
from dashboard.decide.probe import open_probe
from dashboard.engine import Engine
from prompts.decide.study import Study
from prompts.experiments.asked import Experiment


def press(button: str) -> None:
    """Callback of a card's button; `follow` acts on it when the page is drawn."""
    st.session_state[state.CHOOSE_ACT] = button


def follow(core: Engine, found: Study, experiments: Sequence[Experiment]) -> None:
    """Act on the pressed button; a value that names no candidate does nothing, since a browser may send anything.

    The dialog stays open until it is closed.
    """
    pressed: str = st.session_state.get(state.CHOOSE_ACT) or ""
    if pressed.startswith(DECIDE) and found.candidate(pressed.removeprefix(DECIDE)) is not None:
        ask_decision(core, found, pressed.removeprefix(DECIDE))
        return
    st.session_state[state.CHOOSE_ACT] = None
    if pressed.startswith(PROBE):
        open_probe(found, experiments, pressed.removeprefix(PROBE))
