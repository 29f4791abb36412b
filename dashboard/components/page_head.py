"""The head of every page: its title with the product's name, and style rules that keep text readable on the accent.

Streamlit writes white on the accent colour, whatever that is. In the dark theme the accent must be light enough to
be seen as text and as the focus ring, and white on it is then unreadable; these few rules make that text dark. They
also keep a button's shortcut, which Streamlit fades, as readable as its label, and likewise the selected choice in a
row, which it tints.
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
"""Colours of text on the tint of a selected choice, in the light and the dark theme."""
# Black where the surrounding text is light, otherwise white: follows a change of theme at once, even in overlays.
_AGAINST_TEXT = "oklch(from currentcolor clamp(0.2, (0.6 - l) * 1000, 1) 0 0)"
_ACCENT = (
    f":is({_ON_ACCENT}) {{ color: {_AGAINST_TEXT} !important; }}"
    f":is({_ON_ACCENT}) :is(p, span, kbd) {{ color: inherit !important; }}"
)
# The page itself declares its colour scheme, so it follows a change of theme at once; overlays follow when redrawn.
_ON_THE_PAGE = f'[data-testid="stApp"] :is({_CHOSEN}) {{ color: light-dark({_LIGHT}, {_DARK}) !important; }}'


def page_head(title: str) -> None:
    """Set the title of the browser's tab and, for screen readers, the page's first heading."""
    named = f"{title} · Collate"
    st.set_page_config(page_title=named)
    st.html(_SHORTCUT)
    floating = f":is({_CHOSEN}) {{ color: {_DARK if st.context.theme.type == 'dark' else _LIGHT} !important; }}"
    st.html(f"<style>{_ACCENT}{floating}{_ON_THE_PAGE}</style>")
    st.html(f'<h1 style="{_UNSEEN}">{escape(named)}</h1>')


def page_heading(words: str) -> None:
    """A heading for screen readers, on a page that shows none."""
    st.html(f'<h2 style="{_UNSEEN}">{escape(words)}</h2>')
