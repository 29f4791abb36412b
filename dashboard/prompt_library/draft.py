"""The draft of a prompt: a new one, an edited one, or one that comes from Compare or History.

What was typed is never replaced silently: a second draft waits until the first is saved or discarded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from dashboard import state
from dashboard.compose import settings as fields
from dashboard.prompt_library import samples
from prompts.experiments.holes import holes
from prompts.experiments.library.prompt import Prompt, Version
from providers.interface import Settings


@dataclass(frozen=True, slots=True)
class Draft:
    """The content with which the form was opened."""

    prompt: Prompt
    seen: Version | None = None
    """The version being edited; `None`: it becomes a new prompt."""
    touched: bool = False
    """Whether it had changes already when the form was opened."""


def current() -> Draft | None:
    """The open draft; `None` if there is none."""
    return st.session_state.get(state.LIBRARY_DRAFT)


def writing() -> bool:
    """Whether the form is open; there can be a draft while another prompt is being looked at."""
    return current() is not None and bool(st.session_state.get(state.LIBRARY_WRITING))


def go_on() -> None:
    """Open the form of the kept draft again, to continue editing it."""
    st.session_state[state.LIBRARY_WRITING] = True


def look_away() -> None:
    """Close the form to look at something else; a draft with changes is kept."""
    st.session_state[state.LIBRARY_WRITING] = False
    if not changed():
        end()


def waiting() -> Draft | None:
    """The draft that waits for the open one to be saved or discarded; `None` if there is none."""
    return st.session_state.get(state.LIBRARY_WAITING)


def changed() -> bool:
    """Whether the open draft has changes that would be lost with it."""
    draft = current()
    return draft is not None and (draft.touched or present() != draft.prompt)


def begin(draft: Draft) -> None:
    """Open this draft, or let it wait if the open one has changes; call before the form is drawn."""
    if changed():
        st.session_state[state.LIBRARY_WAITING] = draft
        go_on()
    else:
        take(draft)


def take(draft: Draft) -> None:
    """Open this draft in place of any other."""
    go_on()
    prompt = draft.prompt
    st.session_state[state.LIBRARY_DRAFT], st.session_state[state.LIBRARY_WAITING] = draft, None
    st.session_state[state.LIBRARY_NAME] = prompt.name
    st.session_state[state.LIBRARY_EDIT_TASK] = prompt.task
    st.session_state[state.LIBRARY_PROMPT] = prompt.prompt
    st.session_state[state.LIBRARY_NOTES] = prompt.notes
    fields.put(replace(prompt.settings, system=prompt.system), state.LIBRARY_SETTINGS)
    samples.put(prompt.samples)


def end() -> None:
    """Close the open draft; a waiting one is opened next."""
    st.session_state[state.LIBRARY_DRAFT] = None
    if (next_one := waiting()) is not None:
        take(next_one)


def draft_of(prompt: str, settings: Settings) -> Draft:
    """A draft of a new prompt, from one that was typed or asked elsewhere."""
    return Draft(Prompt("", prompt, system=settings.system, settings=replace(settings, system=None)))


def present() -> Prompt:
    """The prompt as it is in the form now; it may not be fit to be saved yet."""
    get = st.session_state.get
    settings = fields.settings_from_session(state.LIBRARY_SETTINGS)
    text = get(state.LIBRARY_PROMPT) or ""
    return Prompt(
        name=(get(state.LIBRARY_NAME) or "").strip(), prompt=text, task=get(state.LIBRARY_EDIT_TASK) or "general",
        system=settings.system, settings=replace(settings, system=None),
        samples=samples.present(holes(settings.system, text)), notes=(get(state.LIBRARY_NOTES) or "").strip(),
    )  # fmt: skip
