"""Sets of models with their settings, saved under a name."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.compose.column_settings import apply, targets_from_session
from dashboard.compose.keep_choice import keep_choice
from dashboard.compose.pictures import drawn_here, is_drawing
from dashboard.compose.settings import settings_from_session
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import person
from prompts.asking.runner import Connections
from prompts.core.presets import LAST, Choice
from prompts.record.recorder import RecordError


def show_sets(core: Engine, connections: Connections) -> None:
    """The list of saved sets, each to use or delete, and a field to save the current choice."""
    try:
        named = {name: choice for name, choice in core.choices(person()).items() if name != LAST}
    except RecordError as exc:
        st.caption(plain(str(exc)))
        return
    if not named:
        st.caption("Save the chosen models and their settings under a name, to use them again.")
    for name, choice in named.items():
        with st.container(horizontal=True, vertical_alignment="center", key=f"set-{name}"):
            st.button(
                plain(name), key=f"use-set-{name}", on_click=apply, args=(choice,), width="stretch",
                help=plain(", ".join(map(str, choice.targets))),
            )  # fmt: skip
            st.button(
                "Delete", key=f"drop-set-{name}", icon=":material/delete:", on_click=core.drop_choice,
                args=(name, person()),
            )  # fmt: skip
    with st.form("keep-set", border=False):
        st.text_input("Save these models as", key=state.SET_NAME, max_chars=60, placeholder="A name")
        st.form_submit_button("Save", on_click=_save, args=(core, connections))


def present(connections: Connections) -> Choice:
    """The models and settings chosen now, for pictures if those are wanted. Raises `TargetError`."""
    reachable, scope = (drawn_here(connections), state.PICTURES) if is_drawing() else (connections, "")
    chosen: list[str] = st.session_state.get(state.TARGETS + scope) or []
    return Choice(tuple(targets_from_session(chosen, reachable, scope)), settings_from_session(scope))


def _save(core: Engine, connections: Connections) -> None:
    name = (st.session_state.get(state.SET_NAME) or "").strip()
    st.session_state[state.PROBLEM] = None
    try:
        choice = present(connections)
        if not name or not choice.targets:
            raise ValueError("Choose models and write a name, then save them.")
        keep_choice(core, name, choice)
        st.session_state[state.SET_NAME] = ""
    except (ValueError, RecordError) as exc:
        st.session_state[state.PROBLEM] = str(exc)
