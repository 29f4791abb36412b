"""The adapter of Ollama against a server of the tests."""

from __future__ import annotations

from providers.adapters.ollama import Ollama
from providers.completion import Completion, Cost
from providers.config.connections import Connection
from providers.interface import Request
from providers.measuring.measure import complete
from tests.wire import ollama as wire
from tests.wire.server import Reply, WireServer

ASK = Request.ask("llama3.3", "Say hello.")

HELLO = ["Hel", "lo", " <wörld> 🌍"]


def adapter(url: str, **fields) -> Ollama:
    fields = {"needs_key": False, "local": True} | fields
    return Ollama(Connection("ollama", "ollama", "Ollama", url, **fields))


def playing(pieces, **how):
    async def script(reply: Reply) -> None:
        await reply.stream(pieces, content_type=wire.TYPE, **how)

    return script


def answering(data):
    async def script(reply: Reply) -> None:
        await reply.json(data)

    return script


def serving(script, *, loaded=("llama3.3:latest",)) -> WireServer:
    server = WireServer(script if callable(script) else playing(script))
    server.routes["/api/ps"] = answering(wire.ps(*loaded))
    return server


async def ask(script, request: Request = ASK, **options) -> tuple[Completion, WireServer]:
    """The completion of one request that `script` (or a list of pieces) answers, and the server it went to."""
    with serving(script) as server:
        provider = adapter(server.url)
        try:
            completion = await complete(provider, request, price=lambda _: Cost("local"), **options)
        finally:
            await provider.aclose()
    assert [r.path for r in server.requests][:1] == ["/api/chat"]
    assert len(server.calls("/api/chat")) == 1
    return completion, server
