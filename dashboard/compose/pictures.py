"""Pictures in place of text on Compare: the switch, who can draw, and prompts to begin with.

They have a choice of models and settings of their own, beside that of text: `state.PICTURES` ends its keys.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from prompts.asking.runner import Connections
from providers.config.connections import DRAWING, drawing

TEXT, IMAGES = "Text", "Images"
_FOR_SHAPES = ("A circle", "A square", "A triangle", "A cross")
_FOR_WORK = (
    "A lighthouse",
    "A lighthouse on a cliff at dusk",
    "A lighthouse on a cliff at dusk, waves below, seen from the sea, oil painting, muted blues and one warm light",
)


def drawn_here(connections: Connections) -> Connections:
    """The ways on which pictures can be asked for."""
    return {name: drawing(each) for name, each in connections.items() if each.kind in DRAWING}


def is_drawing(scope: str = "") -> bool:
    """Whether pictures are wanted. `scope` ends the key of another page's switch, here and below."""
    return st.session_state.get(state.WANTED + scope) == IMAGES


def ask_wanted(scope: str = "") -> None:
    """The switch. What was chosen and typed for the other one stays."""
    key = state.WANTED + scope
    if st.session_state.get(key) not in (TEXT, IMAGES):
        st.session_state[key] = TEXT
    st.segmented_control(
        "What is wanted", (TEXT, IMAGES), key=key, required=True, label_visibility="collapsed", width="content",
    )  # fmt: skip


def picture_examples(chosen: Sequence[str]) -> tuple[str, ...]:
    """Prompts to begin with: for a real model, one from vague to detailed."""
    return _FOR_WORK if any(not each.startswith("builtin:") for each in chosen) else _FOR_SHAPES
