"""Maps each wire format to its adapter, which is imported on first use.

Owns which class serves a `Connection`, and the error handling for the live list of models.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from typing import cast

from providers import errors
from providers.catalogue.catalogue import catalogue
from providers.config.connections import Connection, Kind
from providers.echoes import without_keys
from providers.interface import ModelInfo, Provider

ADAPTERS: Mapping[tuple[str, str], str] = {
    ("builtin", "chat"): "providers.builtin.builtin:Builtin",
    ("openai", "responses"): "providers.adapters.openai_responses:OpenAIResponses",
    ("openai", "chat"): "providers.adapters.openai_chat:OpenAIChat",
    ("anthropic", "chat"): "providers.adapters.anthropic:Anthropic",
    ("google", "chat"): "providers.adapters.google:Google",
    ("ollama", "chat"): "providers.adapters.ollama:Ollama",
}

PICTURE_ADAPTERS: Mapping[Kind, str] = {
    "builtin": "providers.builtin.shapes:Shapes",
    "openai": "providers.adapters.openai_images:OpenAIImages",
    "google": "providers.adapters.google_images:GoogleImages",
    "ollama": "providers.adapters.ollama_images:OllamaImages",
    "webui": "providers.adapters.webui:WebUI",
}
"""Adapters for pictures; `config.connections.DRAWING` has the same kinds."""

LIST_S = 30.0
"""Seconds allowed for the list of models, even on a busy computer or from a distant server."""


def open_provider(connection: Connection) -> Provider:
    """The provider for `connection`. Imports its adapter, but not yet its SDK."""
    api = connection.api if connection.kind == "openai" else "chat"
    draws = connection.draws or not connection.writes
    adapter = PICTURE_ADAPTERS[connection.kind] if draws else ADAPTERS[connection.kind, api]
    module, _, name = adapter.partition(":")
    return cast(Provider, getattr(importlib.import_module(module), name)(connection))


async def list_models(provider: Provider) -> tuple[ModelInfo, ...]:
    """The live list. Raises `ProviderError` for whatever goes wrong."""
    try:
        async with asyncio.timeout(LIST_S):
            return without_keys(await provider.models())
    except TimeoutError as exc:
        raise errors.error("timeout", f"no list of models within {LIST_S:g} s") from exc
    except Exception as exc:
        failed = errors.from_exception(exc)
        raise errors.ProviderError(errors.as_local_failure(failed, exc) if provider.local else failed) from exc


def usual_model(connection: Connection, live: tuple[ModelInfo, ...]) -> str | None:
    """The model to ask if none is named: the catalogue's default, unless the user's own host does not have it."""
    rows = catalogue(connection.name, draws=connection.draws)
    default = next((row.id for row in rows if row.default), None)
    listed = [model.id for model in live]
    own_host = connection.local or connection.customised
    if listed and (default is None or (own_host and default not in listed)):
        return listed[0]
    return default


def known_models(
    provider: str, live: tuple[ModelInfo, ...] = (), *, draws: bool = False
) -> tuple[ModelInfo, ...]:  # fmt: skip
    """The live list, then what the shipped catalogue adds to it: models for text, or models that draw."""
    seen = {model.id for model in live}
    return live + tuple(
        ModelInfo(
            row.id,
            row.label,
            row.context_tokens,
            source="catalogue",
            retires_on=row.retires_on.isoformat() if row.retires_on else None,
        )
        for row in catalogue(provider, draws=draws)
        if row.id not in seen
    )
