"""A panel: HTML that we made ourselves, in the page's theme, without Streamlit's Markdown in between.

For what native elements cannot show, such as marked differences or sentences with the models that say them.
Whoever makes the HTML escapes every string that is not ours (`html.escape`, or `blocks.whole` for answers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

from dashboard.answer_grid.component import component


def panel(
    html: str, *, key: str, label: str, on_pick: Callable[[str], object] | None = None,
    width: Literal["stretch", "content"] = "stretch",
) -> tuple[str, ...]:  # fmt: skip
    """Show `html`; `label` names it for screen readers. Returns the values of the boxes in it that are ticked.

    A click (or Enter) on a `<button data-pick="…">` in it calls `on_pick` with that text before the page
    is drawn again. `<a data-follow href="./?…">` leads to another page within the session. Boxes are
    `<input type="checkbox" data-tick value="…">`; `data-all` marks the one for all. The browser chooses what
    it sends: check it before use.
    """

    def picked() -> None:
        state = st.session_state.get(key)
        value = state.get("pick") if isinstance(state, Mapping) else None
        if on_pick is not None and isinstance(value, str):
            on_pick(value)

    result = component("panel")(
        key=key, data={"html": html, "label": label}, on_pick_change=picked, on_ticked_change=_drawn_again, width=width
    )
    ticked = result.get("ticked")
    return tuple(value for value in ticked if isinstance(value, str)) if isinstance(ticked, list) else ()


def _drawn_again() -> None:
    """Does nothing: Streamlit redraws the page because a callback exists, and that is enough."""
