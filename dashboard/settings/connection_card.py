"""One provider under Settings: its address, its key, and a check in four steps."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.key_check import run_check, show_last_check
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.core import format as text_of
from providers.config.connections import Connection
from providers.interface import ModelInfo
from providers.registry import known_models


def connection_card(core: Engine, connection: Connection, *, typed: bool) -> None:
    """The card; `typed`: whether the key was typed in this session."""
    with st.container(border=True, key=f"connection-{connection.name}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(connection.label)}** &nbsp; {_badge(connection, typed=typed)}")
            pressed = st.button(
                "Check", key=f"check-{connection.name}", icon=":material/network_check:", disabled=not connection.usable
            )
        st.caption(plain(_facts(connection)))
        if connection.key_variable:
            st.text_input(
                f"Key for {plain(connection.label)}, this session only",
                type="password", key=state.KEY + connection.name, placeholder="Paste a key for this session",
                label_visibility="collapsed", autocomplete="off",
            )  # fmt: skip
        if pressed:
            run_check(core, connection)
        else:
            show_last_check(connection)
        _models(core, connection)


def _models(core: Engine, connection: Connection) -> None:
    """The models of the provider: its own list if it could be reached, and what the catalogue adds."""
    listing = core.models.get(connection)
    models = known_models(connection.name, listing.models if listing else ())
    live = sum(model.source == "live" for model in models)
    with st.expander(f"{len(models)} models ({live} listed live)", key=f"models-{connection.name}"):
        if listing and listing.failure:
            st.caption(plain(f"Not listed live: {listing.failure.message}"))
        st.dataframe(
            [_model_row(connection, model) for model in models], hide_index=True, placeholder=text_of.UNKNOWN,
            key=f"list-{connection.name}", alt=f"Models of {connection.name}",
        )  # fmt: skip


def _model_row(connection: Connection, model: ModelInfo) -> dict[str, str | int | None]:
    size = None if model.size_bytes is None else text_of.size(model.size_bytes)
    return {
        "Target": f"{connection.name}:{model.id}", "Context (tokens)": model.context_tokens, "Size": size,
        "Parameters": model.parameters, "Quantisation": model.quantization, "Retires": model.retires_on,
        "Source": "listed live" if model.source == "live" else "shipped catalogue",
    }  # fmt: skip


def _badge(connection: Connection, *, typed: bool) -> str:
    if connection.problem:
        return f":red-badge[{'key' if connection.key_refused else 'address'} not usable]"
    if not connection.needs_key and connection.key is None:
        return ":gray-badge[no key needed]"
    if connection.key is None:
        return f":orange-badge[needs {plain(connection.key_variable)}]"
    return ":green-badge[key of this session]" if typed else ":green-badge[key found]"


def _facts(connection: Connection) -> str:
    kind = {"openai": "Responses API" if connection.api == "responses" else "Chat Completions API"}.get(connection.kind)
    facts = [connection.endpoint, kind, "address changed by you" if connection.customised else None]
    facts += [connection.problem, *connection.notes]
    return " · ".join(fact for fact in facts if fact)
