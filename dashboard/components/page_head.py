"""What every page has at its top: a title of its own with the product's name, and text that can be read on the accent.

Streamlit writes white on the accent colour whatever that is. In the dark theme one colour must be light enough to be
seen as text and as the ring of the focus, and then white on it cannot be read; these few rules make it dark.
The shortcut on a button, which Streamlit pales, stays as plain as its word, and the chosen part of a row of choices,
which it tints, is read on its tint.
"""

from __future__ import annotations

import streamlit as st

from prompts.core.printable import escape

_UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"
_SHORTCUT = "<style>[data-testid=stBaseButton-primary] kbd { opacity: 1 !important; }</style>"
_ON_ACCENT = """
[data-testid="stBaseButton-primary"]:not(:disabled), [data-testid="stBaseButton-primaryFormSubmit"]:not(:disabled),
[data-testid="stMultiSelect"] span:has(> span[title])"""
_CHOSEN = """
[data-testid="stButtonGroup"] button[aria-checked="true"] :is(p, span)"""
_LIGHT, _DARK = "#1f4d40", "#7cc7af"
"""On the tint of what is chosen."""
# Black where the text around is light, else white: it follows a switch of the theme at once, wherever it floats.
_AGAINST_TEXT = "oklch(from currentcolor clamp(0.2, (0.6 - l) * 1000, 1) 0 0)"
_ACCENT = (
    f":is({_ON_ACCENT}) {{ color: {_AGAINST_TEXT} !important; }}"
    f":is({_ON_ACCENT}) :is(p, span, kbd) {{ color: inherit !important; }}"
)
# The page tells its own scheme, so there a switch holds at once; what floats above it follows when it is drawn anew.
_ON_THE_PAGE = f'[data-testid="stApp"] :is({_CHOSEN}) {{ color: light-dark({_LIGHT}, {_DARK}) !important; }}'


def page_head(title: str) -> None:
    """The title in the browser's tab and, for whoever listens to the page, as its first heading."""
    named = f"{title} · Collate"
    st.set_page_config(page_title=named)
    st.html(_SHORTCUT)
    floating = f":is({_CHOSEN}) {{ color: {_DARK if st.context.theme.type == 'dark' else _LIGHT} !important; }}"
    st.html(f"<style>{_ACCENT}{floating}{_ON_THE_PAGE}</style>")
    st.html(f'<h1 style="{_UNSEEN}">{escape(named)}</h1>')


def page_heading(words: str) -> None:
    """The heading of a page that shows none, for whoever listens to it."""
    st.html(f'<h2 style="{_UNSEEN}">{escape(words)}</h2>')
