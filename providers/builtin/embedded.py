"""A model file as a `Provider`: asked over HTTP through the adapter for llama.cpp servers.

So each figure is measured on the wire, as for any other local host. Adds the lifecycle of its process, and the settings
that such small models cannot take.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

from providers import errors
from providers.adapters.openai_chat import OpenAIChat
from providers.adapters.token_alternatives import MOST, NextWords
from providers.builtin.gguf import ModelProcess
from providers.config.connections import Connection
from providers.interface import CONTEXT_IS_FIXED, Adjustment, Condition, Delta, Done, Request
from providers.pictures import Drawn, Step
from providers.secrets import Secret

DEFAULT_TOKENS = 512
"""The maximum of tokens if none is set, as a small model may never end by itself."""


class _LlamaCpp(OpenAIChat):
    """The adapter for our own server, which can report the most alternatives."""

    most_alternatives = MOST


class Embedded:
    """One model file; `Builtin` passes its requests on to it."""

    def __init__(self, connection: Connection, name: str, path: Path) -> None:
        self.connection, self.name = connection, name
        self.process = ModelProcess(name, path)
        self._adapter: OpenAIChat | None = None

    def adjustments(self, request: Request) -> tuple[Adjustment, ...]:
        """See `Provider.adjustments`."""
        found: list[Adjustment] = []
        if request.settings.effort not in (None, "none"):
            found.append(Adjustment("effort", "this model does not think"))
        if request.settings.max_output_tokens is None:
            reason = "set, because a small model may not find an end"
            found.append(Adjustment("max_output_tokens", reason, str(DEFAULT_TOKENS)))
        if request.settings.num_ctx is not None:
            found.append(Adjustment("num_ctx", CONTEXT_IS_FIXED))
        if any(message.attachments for message in request.messages):
            found.append(Adjustment("attachments", "this model reads text only"))
        return tuple(found)

    async def prepare(self, request: Request) -> tuple[Condition, ...]:
        """Load the model if needed, before anything is timed. Raises `local_unavailable`."""
        loaded = await self.process.started()
        if loaded or self._adapter is None:
            await self._connect()
        assert self._adapter is not None  # noqa: S101 -- just made
        conditions = await self._adapter.prepare(_fitted(request))
        return ("cold_load", *conditions) if loaded else conditions

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """See `Provider.stream`. If it is abandoned, the connection closes and the model stops."""
        if self._adapter is None:
            raise errors.error("local_unavailable", f"{self.name} was not loaded")
        try:
            async for item in self._adapter.stream(_fitted(request)):
                yield item
        finally:
            self.process.used()

    async def next_words(self, request: Request, k: int) -> NextWords:
        """See `token_alternatives.Teller`."""
        await self.prepare(request)
        assert self._adapter is not None  # noqa: S101 -- prepared
        try:
            return await self._adapter.next_words(_fitted(request), k)
        finally:
            self.process.used()

    async def aclose(self) -> None:
        """Close the connection and end the process."""
        if self._adapter is not None:
            await self._adapter.aclose()
        await self.process.end()

    async def _connect(self) -> None:
        """Connect to a new process, which has another address and another key."""
        if self._adapter is not None:
            await self._adapter.aclose()
        self._adapter = _LlamaCpp(
            Connection(
                self.connection.name, "openai", self.connection.label, f"{self.process.address}/v1",
                key=Secret(self.process.key), local=True, deadlines=self.connection.deadlines,
            )
        )  # fmt: skip


def _fitted(request: Request) -> Request:
    """The request as it is sent: text only, without effort, with a maximum."""
    most = request.settings.max_output_tokens or DEFAULT_TOKENS
    settings = replace(request.settings, effort=None, max_output_tokens=most)
    messages = tuple(replace(message, attachments=()) for message in request.messages)
    return replace(request, messages=messages, settings=settings)
