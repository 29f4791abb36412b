"""A chart with download buttons: SVG for print, PNG for everything else, both in the colours seen on screen.

Streamlit has Vega draw it as SVG in the page, so the browser already has the file: nothing is drawn a second time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.answer_grid.component import component

if TYPE_CHECKING:
    from altair import TopLevelMixin


def show_chart(
    drawn: TopLevelMixin, *, key: str, alt: str, name: str, on_select: Callable[[], None] | None = None,
    selection: str | None = None,
) -> None:  # fmt: skip
    """Draw the chart and offer its two files. `alt`: the chart in words. `name`: of the files, without the ending."""
    # Vega measures before the page's font has come: the last label of an axis needs more room than it thinks.
    chart: Any = drawn.properties(padding={"right": 16})
    if selection is None:
        st.altair_chart(chart, key=key, alt=alt)
    else:
        st.altair_chart(chart, key=key, alt=alt, on_select=on_select or "rerun", selection_mode=selection)
    component("save_chart")(key=f"save-{key}", data={"chart": _css_class(key), "name": name})


def _css_class(key: str) -> str:
    """The CSS class that Streamlit gives to the element with that key."""
    return "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key.strip())
