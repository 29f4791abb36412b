"""The common base of SDK adapters: lazy import, one client, warm-up without network.

An adapter adds how its client is made (`make_client`) and how one answer is read (`read`). An async client belongs to
one event loop, so it is made inside the loop that uses it.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import cache
from importlib.metadata import version
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from providers import errors
from providers.config.connections import Connection
from providers.interface import CONTEXT_IS_FIXED, Adjustment, Condition, Delta, Done, ModelInfo, Request
from providers.network.additions import Additions
from providers.network.event_lines import EventLines
from providers.network.stream_lines import Lines
from providers.network.transport import canned_client, guarded_client
from providers.network.trust import TrustError, trusting
from providers.pictures import Drawn, Step

_WARM_REQUEST = Request.ask("warm-up", "warm-up")
_installed = cache(version)  # cached, or it would be read from disk for every completion

_TALKATIVE = ("openai", "anthropic", "google_genai", "ollama", "httpx", "httpx2", "httpcore", "httpcore2")


def _hush() -> None:
    """Silence the SDKs' debug logs: they contain prompts,
    answers and headers, and an environment variable can enable them."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def fixed_context(request: Request) -> tuple[Adjustment, ...]:
    """The adjustment for a `num_ctx` that cannot be set per request."""
    return () if request.settings.num_ctx is None else (Adjustment("num_ctx", CONTEXT_IS_FIXED),)


def _told(host: Connection) -> tuple[Adjustment, ...]:
    """Adjustments for what the host's configuration adds to every request; only names are shown."""
    fields = ", ".join(json.loads(host.body)) if host.body else ""
    headers = ", ".join(name for name, _ in host.headers)
    added = (Adjustment("body", _ADDED, fields), Adjustment("headers", _ADDED, headers))
    return tuple(each for each in added if each.sent)


_ADDED = "collate.toml adds it to every request"
_warming: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def _one_by_one() -> asyncio.Lock:
    """A lock for imports: SDKs share libraries, and imported in two threads at once each may see a half-loaded one."""
    return _warming.setdefault(asyncio.get_running_loop(), asyncio.Lock())


class SdkAdapter(ABC):
    """Base of the adapters; implements `Provider` with one SDK client."""

    sdk: ClassVar[str]
    """The name of the SDK's distribution, to record its version."""
    module: ClassVar[str]
    """The name of the module to import."""
    http: ClassVar[str] = "httpx2"
    """The HTTP library the SDK is built on."""
    canned: ClassVar[bytes]
    """A short answer in the vendor's format,
    read once during warm-up so that the SDK builds its lazy schemas before anything is timed."""
    canned_type: ClassVar[str] = "text/event-stream"
    unstreamed: ClassVar[Mapping[str, object]] = {"stream": False}
    """Fields of the body that request the answer in one piece."""

    _warmed: ClassVar[set[type]] = set()

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.name, self.endpoint, self.local = connection.name, connection.endpoint, connection.local
        self.deadlines, self.thinking_tags = connection.deadlines, connection.thinking_tags
        self._added = _told(connection)
        self._client: Any = None
        self._http_client: Any = None
        self._lock = asyncio.Lock()

    @abstractmethod
    def make_client(self, http_client: Any) -> Any:
        """The SDK's async client using `http_client`: explicit address and key, no retries."""

    @abstractmethod
    def arguments(self, request: Request) -> dict[str, Any]:
        """`request` as arguments for the SDK; built before the clock starts."""

    @abstractmethod
    def read(self, client: Any, arguments: dict[str, Any]) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """Send `arguments` once and yield the deltas, then a `Done` if the end was proved."""

    def lines(self) -> Lines:
        """Normalises the lines of one answer before the SDK reads them."""
        return EventLines(names=False)

    @abstractmethod
    async def models(self) -> tuple[ModelInfo, ...]:
        """The live list. May raise any exception of the SDK; `registry.list_models` handles them."""

    @abstractmethod
    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """What of `request` cannot be sent as given in this format."""

    def adjustments(self, request: Request) -> tuple[Adjustment, ...]:
        """See `Provider.adjustments`.

        What the host's configuration adds is shown by name only, as values may be secret.
        """
        return (*self.changes(request), *self._added)

    def additions(self) -> Additions:
        """What the host's configuration adds to every request, and omits from it."""
        host = self.connection
        body: dict[str, object] = json.loads(host.body) if host.body else {}
        if not host.stream:
            body = {**self.unstreamed, **body}
        without = () if host.stream and host.stream_options else ("stream_options",)
        return Additions(host.headers, json.dumps(body) if body else "", without)

    async def warm(self) -> None:
        """Import the SDK, make the client and read one canned answer. Raises `missing_key`, or `connection`."""
        if self.connection.problem:
            refused = self.connection.key_refused
            raise errors.error("missing_key" if refused else "connection", self.connection.problem)
        if not self.connection.usable:
            variable = self.connection.key_variable
            raise errors.error("missing_key", f"no key for {self.connection.label}: {variable} is not set")
        async with self._lock, _one_by_one():
            if self._client is not None:
                return
            await asyncio.to_thread(importlib.import_module, self.module)
            http = await asyncio.to_thread(importlib.import_module, self.http)
            _hush()
            # The library under every HTTP library; it loads parts on first use, which the canned answer does not cause.
            anyio = await asyncio.to_thread(importlib.import_module, "anyio")
            _ = anyio.Event(), anyio.connect_tcp
            if type(self) not in self._warmed:
                await self._read_canned(http)
                self._warmed.add(type(self))
                gc.freeze()  # an SDK lives as long as the process: the garbage collector need not visit it again
            try:
                trusted = await asyncio.to_thread(trusting, self.connection.authorities)
            except TrustError as exc:
                raise errors.error("tls", str(exc)) from exc
            self._http_client = guarded_client(
                http, self.lines, proxy=self.connection.proxy, verify=trusted, additions=self.additions()
            )  # fmt: skip
            self._client = self.make_client(self._http_client)

    async def prepare(self, request: Request) -> tuple[Condition, ...]:
        """Warm up; an adapter that can learn conditions in advance extends this."""
        await self.warm()
        await self._http_client.settled()
        return ()

    async def learn(self, request: Request, done: Done) -> Done:
        """See `Provider.learn`. Hosted vendors report everything in the answer."""
        return done

    def stream(self, request: Request) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """See `Provider.stream`. Call `prepare` first."""
        return self.read(self._client, self.arguments(request))

    async def ready_client(self) -> Any:
        """The SDK client, after warming up."""
        await self.warm()
        return self._client

    def versions(self) -> Mapping[str, str]:
        """The version of the SDK."""
        return {self.sdk: _installed(self.sdk)}

    async def aclose(self) -> None:
        """Close the connections, if any were opened."""
        if self._http_client is not None:
            await self._http_client.aclose()

    async def _read_canned(self, http: Any) -> None:
        async with canned_client(http, self.canned, self.canned_type, self.lines) as http_client:
            client = self.make_client(http_client)
            async with aclosing(self.read(client, self.arguments(_WARM_REQUEST))) as stream:
                async for _ in stream:
                    pass
