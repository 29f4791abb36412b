"""How the contract suite asks: each provider through its real SDK, answered by a script that speaks its format."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from providers.completion import Completion, Cost
from providers.config.connections import PRESETS, Connection
from providers.interface import Provider, Request, Settings
from providers.measuring.measure import complete
from providers.network.exchange import Exchange
from providers.registry import open_provider
from tests.stepped import SteppedClock
from tests.wire.dialects import DIALECTS, HELLO, Dialect
from tests.wire.server import Reply, Script, WireServer
from tests.wire.slowly import Part, Slowly

PROMPT = "Say hello."
TEXT = "".join(HELLO)
every_wire = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
every_provider = pytest.mark.parametrize("name", ["builtin", *(dialect.name for dialect in DIALECTS)])


def unpriced(_: object) -> Cost:
    return Cost("unknown", reason="test")


def outcome(done: Completion) -> tuple[str, str | None, str]:
    """Its state, the kind of its failure and its text."""
    return done.state, done.error.kind if done.error else None, done.text


@asynccontextmanager
async def opened(connection: Connection) -> AsyncIterator[Provider]:
    provider = open_provider(connection)
    try:
        yield provider
    finally:
        await provider.aclose()


def posts(dialect: Dialect, server: WireServer) -> int:
    """How often the model was asked; other questions (what is loaded) do not count."""
    return len(server.calls(dialect.path))


async def ask(dialect: Dialect, script: Script, settings: Settings = Settings(), **options: Any) -> Completion:
    """The completion of one request, and the certainty that it was one."""
    with WireServer() as server:
        server.routes[dialect.path] = script
        async with opened(dialect.connect(server.url)) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT, settings), price=unpriced, **options)
    assert posts(dialect, server) == 1
    return done


async def ask_slowly(
    dialect: Dialect, parts: list[Part] | None, clock: SteppedClock, exchanges: list[Exchange], **options: Any
) -> Completion:
    """The completion of one request, answered part by part; the clock shows the time at which the last was read."""
    slowly = Slowly(parts, dialect.content_type)
    with WireServer() as server:
        server.routes[dialect.path] = slowly.play
        async with opened(dialect.connect(server.url)) as provider:
            request = Request.ask(dialect.model, PROMPT)
            asked = asyncio.create_task(complete(provider, request, price=unpriced, clock=clock, **options))
            await slowly.be_heard(asked, clock, exchanges)
            if parts is None:
                clock.move(options["deadlines"].first_byte_s)
            return await asked


async def sent(dialect: Dialect, settings: Settings) -> tuple[Any, Completion]:
    """The body of a request with these settings, and its completion."""
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        async with opened(dialect.connect(server.url)) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT, settings), price=unpriced)
    return server.calls(dialect.path)[0].json, done


@asynccontextmanager
async def answering(name: str) -> AsyncIterator[tuple[Provider, Request]]:
    """A provider that is about to answer, and what to ask it."""
    if name == "builtin":
        async with opened(PRESETS["builtin"]) as provider:
            yield provider, Request.ask("ngram-3", PROMPT, Settings(seed=1, max_output_tokens=30))
        return
    dialect = next(d for d in DIALECTS if d.name == name)
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing(dialect.answer(HELLO, ["Let me ", "think."]))
        server.routes[dialect.listing[0]] = in_json(dialect.listing[1])
        async with opened(dialect.connect(server.url)) as provider:
            yield provider, Request.ask(dialect.model, PROMPT)


def in_json(data: Any) -> Script:
    async def script(reply: Reply) -> None:
        await reply.json(data)

    return script
