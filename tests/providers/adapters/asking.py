"""One request through a real SDK client to a server that plays what a test writes down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from providers.completion import Completion, Cost
from providers.interface import Provider, Request
from providers.measuring.measure import complete
from tests.wire.server import Reply, Script, WireServer


def playing(pieces: Sequence[bytes], **how: Any) -> Script:
    """Streams these pieces."""

    async def script(reply: Reply) -> None:
        await reply.stream(pieces, **how)

    return script


async def asked(
    adapter: Callable[[WireServer], Provider], path: str, script: Script | Sequence[bytes], request: Request,
    **options: Any,
) -> tuple[Completion, WireServer]:  # fmt: skip
    """The completion of one request that `script` (or a list of pieces) answers, and the server it went to."""
    with WireServer(script if callable(script) else playing(script)) as server:
        provider = adapter(server)
        try:
            completion = await complete(provider, request, price=lambda _: Cost("unknown", reason="test"), **options)
        finally:
            await provider.aclose()
    assert [received.path for received in server.requests] == [path]
    return completion, server
