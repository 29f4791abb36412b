"""Using prompts of the library in an experiment: as a wording, with sample cases if there are no cases yet."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.compose.pictures import is_drawing
from dashboard.compose.settings import put as put_settings
from dashboard.compose.settings import settings_from_session
from dashboard.experiments import fields
from dashboard.experiments.case_grid import EMPTY, of_rows
from dashboard.markdown_escape import plain
from prompts.experiments.cases import Cases
from prompts.experiments.library.library import Library, library
from prompts.experiments.library.prompt import LibraryError, Prompt, Version
from prompts.experiments.plan import Plan
from providers.interface import Settings

_CHOSEN = "experiment-library-prompt"


def ask_library() -> None:
    """The popover in which a prompt is chosen."""
    with st.popover("From the library", icon=":material/library_books:", key="experiment-library"):
        try:
            found = {version.reference: version for version in library().listing().prompts}
        except LibraryError as exc:
            st.caption(plain(str(exc)))
            return
        with st.container(horizontal=True, vertical_alignment="bottom", width=460):
            chosen = st.selectbox(
                "Prompt", list(found), index=None, key=_CHOSEN, placeholder="Choose a prompt",
                format_func=lambda reference: plain(f"{found[reference].prompt.name} ({reference})"),
            )  # fmt: skip
            st.button(
                "Use", key="experiment-use-library", type="primary", disabled=chosen is None, on_click=_use,
                help="Fills the wording that is still empty, else adds one.",
            )  # fmt: skip
        st.page_link("app_pages/prompts.py", label="All prompts", icon=":material/library_books:")


def plan_of(reference: str) -> Plan:
    """A plan with that prompt, its sample cases and settings, and no models yet. Raises `LibraryError`."""
    version = library().find(reference)
    return Plan(
        version.prompt.name, (version.wording,), samples_of(version.prompt) or EMPTY, (),
        settings=version.prompt.settings,
    )  # fmt: skip


def samples_of(prompt: Prompt) -> Cases | None:
    """The sample cases of a prompt as a table; `None` if it has none."""
    columns = list(dict.fromkeys(name for sample in prompt.samples for name in sample))
    if not columns:
        return None
    return of_rows(columns, [[sample.get(name, "") for name in columns] for sample in prompt.samples])


def _use() -> None:
    reference: str | None = st.session_state.get(_CHOSEN)
    if reference is None:
        return
    try:
        _take(library(), reference)
    except LibraryError as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)


def _take(prompts: Library, reference: str) -> None:
    version: Version = prompts.find(reference)
    numbers: list[int] = st.session_state[fields.WORDINGS]
    empty = [n for n in numbers if not fields.wording(n).prompt.strip()]
    number = empty[0] if empty else max(numbers, default=-1) + 1
    fields.put_wording(number, version.wording)
    st.session_state[fields.WORDINGS] = numbers if empty else [*numbers, number]
    st.session_state[state.EXPERIMENT_SAYS] = st.session_state[_CHOSEN] = None
    if not len(fields.cases()) and (samples := samples_of(version.prompt)) is not None:
        st.session_state[fields.CASES], st.session_state[fields.BASE] = samples, None
    if not is_drawing(state.EXPERIMENT) and settings_from_session(state.EXPERIMENT) == Settings():
        put_settings(version.prompt.settings, state.EXPERIMENT)
