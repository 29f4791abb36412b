"""The buttons that take a prompt from Compare or History into the library's form."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.compose.settings import settings_from_session
from dashboard.prompt_library import draft as drafts
from dashboard.prompt_library.draft import Draft, draft_of
from prompts.core.run import Run
from prompts.record.recorder import RecordError

_HELP = "Opens it on the page Prompts, to name it and to put holes where the text should change. Nothing is saved yet."


def save_as_prompt() -> None:
    """The button on Compare, for what is typed there."""
    typed: str = st.session_state.get(state.PROMPT) or ""
    if st.button(
        "Save as prompt", key="save-as-prompt", icon=":material/library_add:", type="tertiary",
        disabled=not typed.strip(), help=_HELP,
    ):  # fmt: skip
        _go(draft_of(typed, settings_from_session()))


def save_run_as_prompt(find: Callable[[], Run | None], say: Callable[[str], None]) -> None:
    """The button in History, for a recorded run; `say` is called with the reason if it cannot be done."""
    if not st.button("Save as prompt", key="history-save-as-prompt", icon=":material/library_add:", help=_HELP):
        return
    try:
        run, problem = find(), "The text of this run is not on record: there is nothing to save."
    except RecordError as exc:
        run, problem = None, str(exc)
    if run is not None and not run.textless and run.prompt.strip():
        _go(draft_of(run.prompt, run.settings))
    say(problem)
    st.rerun()


def _go(draft: Draft) -> None:
    drafts.begin(draft)
    st.switch_page("app_pages/prompts.py")
