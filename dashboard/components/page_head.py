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
_ON_ACCENT = "#0d1f19"
_SHORTCUT = "<style>[data-testid=stBaseButton-primary] kbd { opacity: 1 !important; }</style>"
_DARK = f"""<style>
[data-testid="stBaseButton-primary"]:not(:disabled),
[data-testid="stBaseButton-primary"]:not(:disabled) :is(p, span, kbd),
[data-testid="stBaseButton-primaryFormSubmit"]:not(:disabled) :is(p, span, kbd),
[data-testid="stMultiSelect"] span:has(> span[title]), [data-testid="stMultiSelect"] span[title]
{{ color: {_ON_ACCENT} !important; }}
</style>"""


_LIGHT = """<style>
[data-testid="stButtonGroup"] button[aria-checked="true"] :is(p, span) { color: #1f4d40 !important; }
</style>"""


def page_head(title: str) -> None:
    """The title in the browser's tab and, for whoever listens to the page, as its first heading."""
    named = f"{title} · Collate"
    st.set_page_config(page_title=named)
    st.html(_SHORTCUT)
    if st.context.theme.type == "dark":
        st.html(_DARK)
    else:
        st.html(_LIGHT)
    st.html(f'<h1 style="{_UNSEEN}">{escape(named)}</h1>')


def page_heading(words: str) -> None:
    """The heading of a page that shows none, for whoever listens to it."""
    st.html(f'<h2 style="{_UNSEEN}">{escape(words)}</h2>')
