"""The layout of a section: text on the left, something to try on the right; on a phone one below the other."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_FOLDER = Path(__file__).with_name("assets")
SECTIONS = {
    "next_word": ("The next word", "It predicts the next word"),
    "temperature": ("Temperature", "Temperature and top-p"),
    "seed": ("Seed", "Seed: chance that can be repeated"),
    "truth": ("Truth", "Plausible is not true"),
    "training": ("Training", "What training does"),
    "context": ("Context", "The context window"),
    "diffusion": ("Images", "Images: diffusion in brief"),
    "words": ("Words", "Five words, in order"),
    "advice": ("Advice", "What follows from this"),
}
"""The short name of each section, for the list of contents, and its title."""


@cache
def text(section: str) -> str:
    """The Markdown of one section; it is our own text, so Streamlit may render it."""
    return (_FOLDER / f"{section}.md").read_text(encoding="utf-8")


def contents() -> None:
    """Links to the sections."""
    st.markdown(" · ".join(f"[{short}](#{name.replace('_', '-')})" for name, (short, _) in SECTIONS.items()))


def section(name: str) -> DeltaGenerator:
    """Show the heading and the text of a section; returns the container for its interactive part."""
    heading(name)
    left, right = st.columns([2, 3], gap="large")
    left.markdown(text(name))
    return right


def heading(name: str) -> None:
    """The heading of a section, with some space above it."""
    st.space("small")
    st.subheader(SECTIONS[name][1], anchor=name.replace("_", "-"), divider="gray")
