"""Trying a prompt of the library in the fields of Compare, and putting back what was there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from dashboard import state
from dashboard.compose.settings import put, settings_from_session
from dashboard.markdown_escape import plain
from providers.interface import Settings


@dataclass(frozen=True, slots=True)
class _Fields:
    """The content of Compare's fields."""

    prompt: str
    settings: Settings
    separate: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """The prompt being tried: its source, and the fields now and before."""

    source: str
    now: _Fields
    before: _Fields


def try_in_compare(source: str, system: str | None, prompt: str, settings: Settings) -> None:
    """Fill the fields of Compare; what was there can be put back. Only before those fields are drawn."""
    before = _present()
    now = _Fields(prompt, replace(settings, system=system), separate=False)
    _fill(now)
    st.session_state[state.TRIED] = Tried(source, now, before)


def show_tried() -> None:
    """On Compare, as long as the prompt is unchanged: say where it comes from, and offer to put back the old one."""
    tried: Tried | None = st.session_state.get(state.TRIED)
    if tried is None or st.session_state.get(state.PROMPT) != tried.now.prompt:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="tried"):
        st.caption(plain(f"From the library: {tried.source}, with its parameters."), width="content")
        if tried.before.prompt.strip() and tried.before.prompt != tried.now.prompt:
            st.button(
                "Put back what was here", key="tried-back", type="tertiary", icon=":material/undo:", on_click=_back,
                args=(tried,),
            )  # fmt: skip


def _back(tried: Tried) -> None:
    _fill(tried.before)
    st.session_state[state.TRIED] = None


def _present() -> _Fields:
    get = st.session_state.get
    return _Fields(get(state.PROMPT) or "", settings_from_session(), bool(get(state.SEPARATE)))


def _fill(values: _Fields) -> None:
    st.session_state[state.PROMPT] = values.prompt
    st.session_state[state.SEPARATE] = values.separate
    put(values.settings)
