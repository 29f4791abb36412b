"""The fields at the top of the page: the reader's own prompt, and the model to look into."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from dashboard.how_it_works.small_model import installed
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core.targets import Target, TargetError, parse_target
from providers.builtin import gguf
from providers.builtin.builtin import MODELS
from providers.config.connections import Connection
from providers.registry import known_models

_FOR_N_GRAMS, _FOR_A_REAL_MODEL = "What is a class?", "The capital of France is"
_N_GRAM, _REAL = Target("builtin", max(MODELS)), Target("builtin", gguf.SHIPPED)


def choose(core: Engine, connections: Connections) -> tuple[str, Target]:
    """Show the fields; returns the prompt and the chosen model."""
    _take_over()
    left, right = st.columns([3, 2], vertical_alignment="top", gap="large")
    left.text_area("Your prompt", key=state.HOW_PROMPT, height=80, max_chars=20_000, on_change=start_over)
    st.session_state.setdefault(state.HOW_MODEL, str(_first()))
    options, typed = _options(core, connections), st.session_state.get(state.HOW_MODEL)
    if typed and typed not in options:
        options.append(typed)
    chosen = right.selectbox(
        "Model to look into", options, key=state.HOW_MODEL, accept_new_options=True, filter_mode="contains",
        on_change=start_over,
        help="The built-in models need no key and no network: one small real model where it is installed, and n-grams. "
        "Others are asked only when you press a button.",
    )  # fmt: skip
    return st.session_state[state.HOW_PROMPT] or "", _target(chosen, connections)


def start_over() -> None:
    """Remove the words that were added to the prompt."""
    st.session_state[state.HOW_WORDS] = []


def _take_over() -> None:
    """Use the prompt typed on Compare, or an example, until another one is typed here or there."""
    asked = st.session_state.get(state.PROMPT) or (_FOR_A_REAL_MODEL if installed() else _FOR_N_GRAMS)
    if st.session_state.get(state.HOW_FROM) != asked:
        st.session_state[state.HOW_FROM] = st.session_state[state.HOW_PROMPT] = asked
        start_over()


def _target(chosen: str | None, connections: Connections) -> Target:
    try:
        return parse_target(chosen or str(_first()), connections)
    except TargetError as exc:
        st.warning(plain(str(exc)))
        return _first()


def _first() -> Target:
    """The small language model if it is installed, otherwise an n-gram."""
    return _REAL if installed() else _N_GRAM


def _options(core: Engine, connections: Connections) -> list[str]:
    """Every model that can be asked now, the built-in ones first; those of a local server only if it answers."""
    usable = [connection for connection in connections.values() if connection.listed and connection.usable]
    core.submit(core.models.refresh(usable))
    usable.sort(key=lambda connection: connection.kind != "builtin")
    return [f"{each.name}:{model}" for each in usable for model in _models(core, each)]


def _models(core: Engine, connection: Connection) -> list[str]:
    listing = core.models.get(connection)
    live = listing.models if listing else ()
    if connection.local and connection.kind != "builtin" and not live:
        return []
    found = [model.id for model in known_models(connection.name, live)]
    return sorted(found, reverse=True) if connection.kind == "builtin" else found  # the longest memory first
