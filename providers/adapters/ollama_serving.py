"""What Ollama reports about the model that has just answered: its file, and the context it was loaded with.

Asked after the answer, never before, so that it does not affect the measured times. Valid while the model stays loaded,
so one query serves for many answers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from providers.adapters.fingerprint import fingerprint
from providers.adapters.ollama_listing import full_name

log = logging.getLogger("collate")

ASK_S = 2.0
"""Seconds allowed for a query besides the measured call."""
HOLDS_S = 60.0
"""Seconds for which a result stays valid: another program may have had the model reloaded from another file."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What served an answer. `None`, or empty: not reported."""

    fingerprint: Mapping[str, str] = field(default_factory=dict[str, str])
    context_tokens: int | None = None
    """The context length it was loaded with."""


class Served:
    """What is known about the models of one server, by name. `client` returns the SDK's client."""

    def __init__(self, client: Callable[[], Awaitable[Any]]) -> None:
        self._client = client
        self._known: dict[str, tuple[float, Serving]] = {}

    async def by(self, model: str, *, anew: bool) -> Serving:
        """What serves `model` now; `anew`: it has just been loaded, so ask again. Raises nothing."""
        name, now = full_name(model), asyncio.get_running_loop().time()
        at, known = self._known.get(name, (float("-inf"), Serving()))
        if not anew and now - at < HOLDS_S:
            return known
        serving = Serving()
        try:
            async with asyncio.timeout(ASK_S):
                serving = await self._asked(name)
        except Exception:  # a failure is remembered too, so that it is not asked after every answer
            log.debug("Ollama did not report what serves %s", name, exc_info=True)
        self._known[name] = now, serving
        return serving

    async def contexts(self) -> Mapping[str, int]:
        """The context length of each model in memory, by full name. Raises nothing."""
        try:
            async with asyncio.timeout(ASK_S):
                running: list[Any] = list((await (await self._client()).ps()).models)
        except Exception:
            log.debug("Ollama did not report what is loaded", exc_info=True)
            return {}
        return {_name(model): tokens for model in running if (tokens := _context(model)) is not None}

    async def _asked(self, name: str) -> Serving:
        client = await self._client()
        running: list[Any] = list((await client.ps()).models)
        loaded = next((model for model in running if _name(model) == name), None)
        if loaded is None:  # already unloaded, or loaded under another name of the same file
            listed = next((model for model in (await client.list()).models if _name(model) == name), None)
            if listed is None:
                return Serving()
            loaded = next((model for model in running if model.digest and model.digest == listed.digest), None)
            return Serving(_file(listed), _context(loaded))
        return Serving(_file(loaded), _context(loaded))


def _name(model: Any) -> str:
    return full_name(model.model or getattr(model, "name", None) or "")


def _file(model: Any) -> Mapping[str, str]:
    return fingerprint(digest=model.digest, quantization=model.details and model.details.quantization_level)


def _context(loaded: Any) -> int | None:
    return getattr(loaded, "context_length", None) or None
