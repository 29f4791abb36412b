"""A prompt while it is written: a new one, a changed one, or what came from Compare or History.

What was typed is never replaced without a word: another draft waits until this one is saved or let go.
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
    """What the form began with."""

    prompt: Prompt
    seen: Version | None = None
    """The version that is changed; `None`: it becomes a prompt of its own."""
    touched: bool = False
    """It was changed before it came here."""


def current() -> Draft | None:
    """What is being written; `None`: nothing."""
    return st.session_state.get(state.LIBRARY_DRAFT)


def writing() -> bool:
    """Whether the form is open; a draft may be there while another prompt is looked at."""
    return current() is not None and bool(st.session_state.get(state.LIBRARY_WRITING))


def go_on() -> None:
    """Open the form again."""
    st.session_state[state.LIBRARY_WRITING] = True


def look_away() -> None:
    """Close the form; what would be lost stays a draft."""
    st.session_state[state.LIBRARY_WRITING] = False
    if not changed():
        end()


def waiting() -> Draft | None:
    """What wants to be written next."""
    return st.session_state.get(state.LIBRARY_WAITING)


def changed() -> bool:
    """Whether something would be lost with the draft."""
    draft = current()
    return draft is not None and (draft.touched or present() != draft.prompt)


def begin(draft: Draft) -> None:
    """Write this one, or let it wait where another has changes; before the form is drawn."""
    if changed():
        st.session_state[state.LIBRARY_WAITING] = draft
        go_on()
    else:
        take(draft)


def take(draft: Draft) -> None:
    """Write this one, whatever was there."""
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
    """Write no longer; what waits is next."""
    st.session_state[state.LIBRARY_DRAFT] = None
    if (next_one := waiting()) is not None:
        take(next_one)


def draft_of(prompt: str, settings: Settings) -> Draft:
    """A prompt that was typed or asked elsewhere, with its settings."""
    return Draft(Prompt("", prompt, system=settings.system, settings=replace(settings, system=None)))


def present() -> Prompt:
    """What the form says now; may be one that cannot be saved yet."""
    get = st.session_state.get
    settings = fields.settings_from_session(state.LIBRARY_SETTINGS)
    text = get(state.LIBRARY_PROMPT) or ""
    return Prompt(
        name=(get(state.LIBRARY_NAME) or "").strip(), prompt=text, task=get(state.LIBRARY_EDIT_TASK) or "general",
        system=settings.system, settings=replace(settings, system=None),
        samples=samples.present(holes(settings.system, text)), notes=(get(state.LIBRARY_NOTES) or "").strip(),
    )  # fmt: skip
