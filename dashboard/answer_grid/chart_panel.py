"""A chart that can be taken along: as SVG for print, as PNG for everything else, in the colours it is seen in.

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
    """Draw it, with its two files below. `alt`: it in words. `name`: of the files, without ending."""
    # Vega measures before the page's font has come: the last label of an axis needs more room than it thinks.
    chart: Any = drawn.properties(padding={"right": 16})
    if selection is None:
        st.altair_chart(chart, key=key, alt=alt)
    else:
        st.altair_chart(chart, key=key, alt=alt, on_select=on_select or "rerun", selection_mode=selection)
    component("save_chart")(key=f"save-{key}", data={"chart": _css_class(key), "name": name})


def _css_class(key: str) -> str:
    """The class that Streamlit gives to the element of that key."""
    return "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key.strip())
