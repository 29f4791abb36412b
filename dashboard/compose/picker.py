"""The picker of models: its list, usable ones first, and what is chosen when the page is first opened."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from datetime import UTC, datetime

import streamlit as st

from dashboard import state
from dashboard.compose.chips import show_faulty, sorted_out
from dashboard.compose.column_settings import targets_from_session
from dashboard.compose.model_rows import ModelRow, all_rows
from dashboard.compose.option_labels import labels, ready_first, target_of
from dashboard.engine import Engine
from dashboard.user import person
from prompts.asking.runner import Connections
from prompts.core.presets import LAST
from prompts.core.targets import Target, TargetError
from prompts.record.recorder import RecordError
from providers.builtin import gguf
from providers.catalogue.catalogue import catalogue
from providers.config.connections import Connection
from providers.interface import ModelInfo
from providers.registry import known_models, usual_model

_LOCAL_PATIENCE_S = 0.6
_LOCAL_CHOSEN = 3
_NGRAM = "ngram-3"  # beside a real model: what predicting from very little looks like


def pick(engine: Engine, connections: Connections, *, compact: bool = False, scope: str = "") -> list[str]:
    """Show the picker; returns the chosen `provider:model` texts that can be asked, perhaps typed by hand.

    `compact`: without its label. `scope`, here and below: suffix of the session keys, for a page with its own choice.
    """
    _learn(engine, connections)
    key = state.TARGETS + scope
    rows = _rows(engine, connections)
    offered = options(engine, connections, near=bool(st.session_state.get(state.LOCAL_ONLY + scope)))
    offered = ready_first(offered, rows)
    if key not in st.session_state:
        st.session_state[key] = first_choice(engine, connections)
    before, said = _by_target(key), labels(rows)
    chosen: list[str] = st.multiselect(
        "Models",
        offered + [text for text in before if text not in offered],
        format_func=lambda text: text if text in before else said.get(text, text),
        key=key,
        accept_new_options=True,
        filter_mode="contains",
        select_all=False,
        placeholder="Choose models, or type provider:model",
        label_visibility="collapsed" if compact else "visible",
        help="What can be asked now comes first, with its price per million tokens and its context. "
        "Any model can be typed as provider:model, for example ollama:llama3.3.",
    )
    good, faulty = sorted_out(list(map(target_of, chosen)), connections, _known(engine, connections))
    show_faulty(faulty, scope)
    return good


def _by_target(key: str) -> list[str]:
    """The choice as targets alone; also corrects the browser where a chip still shows a label of the list."""
    before: list[str] = list(dict.fromkeys(map(target_of, st.session_state[key])))
    if st.session_state.get(state.SHOWN_AS + key) != before:
        st.session_state[state.SHOWN_AS + key] = st.session_state[key] = before
    return before


def _rows(engine: Engine, connections: Connections) -> tuple[ModelRow, ...]:
    offered = [(each, engine.models.get(each)) for each in connections.values() if each.listed]
    return all_rows(offered, engine.pricer, datetime.now(UTC).date(), priced=False)


def usable_choice(connections: Connections, scope: str = "") -> list[str]:
    """The chosen texts that can be asked; all of them if none can, so that an error says why."""
    chosen = [target_of(text) for text in st.session_state.get(state.TARGETS + scope) or ()]
    good, _ = sorted_out(chosen, connections, {})
    return good or chosen


def parse(chosen: list[str], connections: Connections, scope: str = "") -> list[Target]:
    """The columns as targets, with their settings. Raises `TargetError` for the first that cannot be asked."""
    targets = targets_from_session(chosen, connections, scope)
    for target in targets:
        connection = connections[target.provider]
        if connection.problem:
            raise TargetError(f"{connection.label}: {connection.problem}")
    return targets


def first_choice(engine: Engine, connections: Connections) -> list[str]:
    """What this person asked last; otherwise the default model of each provider with a key, and local models.

    If there are none of these either, the built-in models.
    """
    draws = any(connection.draws for connection in connections.values())
    with suppress(RecordError):  # the page says so already, and nothing can be asked without the record
        last = engine.choices(person()).get(LAST)
        if last and not draws and (known := [str(target) for target in last.targets if target.provider in connections]):
            return list(dict.fromkeys(known))
    hosted = [
        f"{connection.name}:{model}"
        for connection in connections.values()
        if connection.key
        and connection.usable
        and not connection.local
        and (not draws or any(row.default for row in catalogue(connection.name, draws=True)))
        and (model := usual_model(connection, _listed(engine, connection))) is not None
    ]
    local = [
        f"{connection.name}:{model.id}"
        for connection in connections.values()
        if connection.local and connection.kind != "builtin" and not draws
        for model in _listed(engine, connection)[:_LOCAL_CHOSEN]
    ]
    own = [connection for connection in connections.values() if connection.kind == "builtin"]
    if draws:
        return hosted or [f"builtin:{model.id}" for model in known_models("builtin", draws=True)]
    return hosted + local or _built_in([model.id for c in own for model in _listed(engine, c)])


def _built_in(listed: Sequence[str]) -> list[str]:
    """The small language model beside an n-gram model, if it is there; otherwise all built-in models."""
    if gguf.SHIPPED in listed:
        return [f"builtin:{gguf.SHIPPED}", f"builtin:{_NGRAM}"]
    return [f"builtin:{model.id}" for model in known_models("builtin")]


def _listed(engine: Engine, connection: Connection) -> tuple[ModelInfo, ...]:
    listing = engine.models.get(connection)
    return listing.models if listing else ()


def _known(engine: Engine, connections: Connections) -> dict[str, list[str]]:
    """The models of each listed provider, usable providers first."""
    offered = sorted((c for c in connections.values() if c.listed), key=lambda each: not each.usable)
    return {c.name: [model.id for model in known_models(c.name, _listed(engine, c), draws=c.draws)] for c in offered}


def _learn(engine: Engine, connections: Connections) -> None:
    """Refresh the model lists. Local servers answer at once, so wait for them a moment, but not for the vendors."""
    local = engine.submit(engine.models.refresh([c for c in connections.values() if c.listed and c.local]))
    engine.submit(engine.models.refresh([c for c in connections.values() if c.listed and not c.local]))
    with suppress(Late):
        local.result(_LOCAL_PATIENCE_S)


def options(engine: Engine, connections: Connections, *, near: bool) -> list[str]:
    """All known `provider:model` texts: usable providers first (the built-in one last among them), then the others.

    A local server that does not answer counts as not usable. `near`: only models that keep the text on this network.
    """

    def order(connection: Connection) -> tuple[bool, bool]:
        listing = engine.models.get(connection)
        out_of_reach = not connection.usable or (listing is not None and listing.failure is not None)
        return out_of_reach, connection.kind == "builtin"

    found: list[str] = []
    for connection in sorted((c for c in connections.values() if c.listed), key=order):
        models = known_models(connection.name, _listed(engine, connection), draws=connection.draws)
        found += [f"{connection.name}:{model.id}" for model in models if not near or connection.stays_local(model.id)]
    return found
