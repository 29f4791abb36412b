"""Separate settings for each column: one row per column, copies of a model, and what differs from the shared ones."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.compose.settings import fields, put, settings_from_session
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core.presets import Choice
from prompts.core.targets import Target, changes, parse_target
from providers.interface import Settings

MOST_COPIES = 8


def columns_of(chosen: list[str], scope: str = "") -> list[tuple[str, str]]:
    """Each column's target as text, and the suffix of its settings' session keys (one for all while they are shared).

    `scope`, here and below: suffix of the session keys, where another page has its own choice.
    """
    if not st.session_state.get(state.SEPARATE + scope):
        return [(text, scope) for text in chosen]
    copies: dict[str, int] = st.session_state.get(state.COPIES + scope) or {}
    return [(text, f"{scope}{state.OWN}{text}#{n}") for text in chosen for n in range(1 + copies.get(text, 0))]


def targets_from_session(chosen: list[str], connections: Connections, scope: str = "") -> list[Target]:
    """The columns as targets with their settings. Raises `TargetError` for the first text that is not a target."""
    return [parse_target(text, connections, _settings(own)) for text, own in columns_of(chosen, scope)]


def apply(choice: Choice, scope: str = "") -> None:
    """Fill picker and settings from a saved or shared choice; only in a callback, or before they are drawn."""
    texts = list(dict.fromkeys(map(str, choice.targets)))
    st.session_state[state.TARGETS + scope] = texts
    st.session_state[state.SEPARATE + scope] = not choice.alike or len(texts) < len(choice.targets)
    put(choice.settings, scope)
    counts: dict[str, int] = {}
    for target in choice.targets:
        n = counts[str(target)] = counts.get(str(target), -1) + 1
        put(target.settings, f"{scope}{state.OWN}{target}#{n}")
    st.session_state[state.COPIES + scope] = {text: n for text, n in counts.items() if n}


def show_own_settings(chosen: list[str], scope: str = "") -> None:
    """A row for each column, if settings are separate."""
    if not st.session_state.get(state.SEPARATE + scope) or not chosen:
        return
    with st.container(border=True, horizontal=True, key=f"own-settings{scope}"):
        columns = columns_of(chosen, scope)
        for text, own in columns:
            last = (text, f"{scope}{state.OWN}{text}#{int(own.rpartition('#')[2]) + 1}") not in columns
            _row(text, own, last)


def _row(text: str, own: str, last: bool) -> None:
    number = int(own.rpartition("#")[2])
    scope = own.partition(state.OWN)[0]
    settings = _settings(own)
    differs = changes(settings_from_session(scope), settings)
    with st.container(horizontal=True, vertical_alignment="center", width="content", key=f"row{own}"):
        name = plain(text + (f" · {number + 1}" if number else ""))
        st.markdown(
            f"**{name}** &nbsp; {plain('differs: ' + ', '.join(differs) if differs else 'as shared')}", width="content"
        )
        with st.popover("Parameters", icon=":material/tune:", key=f"popover{own}"):
            fields(own)
        if last:
            most = number == MOST_COPIES
            st.button(
                "Add a copy", icon=":material/content_copy:", key=f"copy{own}", on_click=_copy, args=(text, 1, scope),
                disabled=most, help=f"A model may have {MOST_COPIES + 1} columns." if most else None,
            )  # fmt: skip
        if last and number:
            st.button("Remove", icon=":material/close:", key=f"remove{own}", on_click=_copy, args=(text, -1, scope))


def _settings(own: str) -> Settings:
    """A column's own settings; a column that is new begins with the shared ones."""
    scope, separate, _ = own.partition(state.OWN)
    if separate and state.SEED + own not in st.session_state:
        put(settings_from_session(scope), own)
    return settings_from_session(own)


def _copy(text: str, more: int, scope: str) -> None:
    copies: dict[str, int] = dict(st.session_state.get(state.COPIES + scope) or {})
    copies = {kept: n for kept, n in copies.items() if kept in (st.session_state.get(state.TARGETS + scope) or [])}
    copies[text] = min(max(copies.get(text, 0) + more, 0), MOST_COPIES)
    st.session_state[state.COPIES + scope] = copies
