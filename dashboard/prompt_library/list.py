"""The left side of Prompts: search, task, and the prompts that match."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.markdown_escape import plain
from dashboard.prompt_library import draft as drafts
from dashboard.prompt_library.text_html import list_html
from prompts.experiments.library.library import Library
from prompts.experiments.library.prompt import TASKS, LibraryError, Version

_NAME = "prompt"
"""The query parameter that says which prompt is shown."""


def show_list(prompts: Library) -> Version | None:
    """Draw the list; returns the prompt to show: the one in the address, otherwise the first match, or `None`."""
    words = st.text_input(
        "Search prompts", key=state.LIBRARY_WORDS, type="search", live=True, placeholder="Words of name, text or notes",
        icon=":material/search:", label_visibility="collapsed",
    )  # fmt: skip
    task = st.selectbox(
        "Task", TASKS, index=None, key=state.LIBRARY_TASK, placeholder="All tasks", label_visibility="collapsed"
    )
    listing = prompts.listing(words or "", task)
    for problem in listing.problems:
        st.warning(plain(problem), icon=":material/error:")
    shown = _chosen(prompts, listing.prompts)
    if not listing.prompts:
        st.caption("No prompt matches. Search for fewer words, or choose all tasks.")
        return shown
    keys = {each.key for each in listing.prompts}
    panel(
        list_html(listing.prompts, shown.key if shown else None), key="library-list", label="Prompts",
        on_pick=lambda key: _pick(key) if key in keys else None,
    )  # fmt: skip
    return shown


def choose(key: str | None) -> None:
    """Show this prompt from now on; only in a callback."""
    if key is None:
        st.query_params.pop(_NAME, None)
    else:
        st.query_params[_NAME] = key


def _pick(key: str) -> None:
    choose(key)
    drafts.look_away()


def _chosen(prompts: Library, listed: tuple[Version, ...]) -> Version | None:
    if key := st.query_params.get(_NAME):
        try:
            return prompts.find(key)
        except LibraryError as exc:
            st.warning(plain(str(exc)))
    return listed[0] if listed else None
