"""Pictures in place of text: the switch, the connections that can draw, and example prompts.

Models and settings for pictures are chosen apart from those for text: their session keys end in `state.PICTURES`.
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
    """The connections by which pictures can be asked for, each set to draw."""
    return {name: drawing(each) for name, each in connections.items() if each.kind in DRAWING}


def is_drawing(scope: str = "") -> bool:
    """Whether pictures are wanted. `scope`, here and below: suffix of the switch's session key on another page."""
    return st.session_state.get(state.WANTED + scope) == IMAGES


def ask_wanted(scope: str = "") -> None:
    """The switch between text and pictures; what was chosen for the other one is kept."""
    key = state.WANTED + scope
    if st.session_state.get(key) not in (TEXT, IMAGES):
        st.session_state[key] = TEXT
    st.segmented_control(
        "What is wanted", (TEXT, IMAGES), key=key, required=True, label_visibility="collapsed", width="content",
    )  # fmt: skip


def picture_examples(chosen: Sequence[str]) -> tuple[str, ...]:
    """Example prompts: for real models from vague to detailed, otherwise the shapes that the built-in toy can draw."""
    return _FOR_WORK if any(not each.startswith("builtin:") for each in chosen) else _FOR_SHAPES
