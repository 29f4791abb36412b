"""What measuring costs where there is no network: processor time of `complete` beside the bare SDK's.

Both read the same bytes from memory, so nothing but their own work is in the ratio. They take turns many times over
in one process, so that whatever else the machine does falls on both: the median ratio can be believed on a busy one.

    python -m tests.benchmarks.call_alone [TOKENS ...]
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from time import process_time
from typing import Any

from providers.completion import Cost
from providers.interface import Request
from providers.measuring.measure import complete
from providers.network import transport
from providers.registry import open_provider
from tests.benchmarks import bare
from tests.benchmarks.asking import FORMATS, PROMPT, connections
from tests.benchmarks.report import figure, median, title
from tests.benchmarks.wire import formats, tokens
from tests.wire import google

TOKENS = (1, 16, 50, 400)
PATHS = {
    "chat": "/chat/completions", "responses": "/responses", "anthropic": "/messages", "google": google.PATH,
    "ollama": "/api/chat",
}  # fmt: skip
TURNS, CALLS = 60, 4
NOWHERE = "http://nowhere"


def from_memory(http: Any, beats: Sequence[bytes], content_type: str) -> Any:
    """A transport of `http` that answers every request with `beats`, a read each."""

    class Body(http.AsyncByteStream):
        def __init__(self) -> None:
            self._rest = iter(beats)  # as of a network: what was read is gone

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for beat in self._rest:
                yield beat

    class Memory(http.AsyncBaseTransport):
        async def handle_async_request(self, request: Any) -> Any:
            if request.method == "GET":  # what Ollama is asked beside the call
                return http.Response(200, json={"models": []})
            return http.Response(200, headers={"content-type": content_type}, stream=Body())

    return Memory()


async def cost_of(call: Callable[[], Awaitable[object]]) -> float:
    """Processor seconds of one call."""
    before = process_time()
    for _ in range(CALLS):
        await call()
    return (process_time() - before) / CALLS


async def measure(name: str, count: int) -> None:
    """Print the ratio of one format."""
    content_type, beats = formats(tokens(count))[PATHS[name]]
    http = importlib.import_module("httpx" if name == "ollama" else "httpx2")
    plain = bare.loop(name, NOWHERE, from_memory(http, beats, content_type))
    transport.network = lambda *_: from_memory(http, beats, content_type)
    transport.SETTLE_S = 0.0  # nobody closes a connection here
    provider, request = open_provider(connections(NOWHERE)[name]), Request.ask("bench-0", PROMPT)

    async def ours() -> str:
        done = await complete(provider, request, price=lambda _: Cost("local"))
        assert done.state == "complete", done.error
        return done.text

    assert await ours() == await plain()
    gc.freeze()
    turns = [(await cost_of(plain), await cost_of(ours)) for _ in range(TURNS)]
    ratio = median([ours / theirs for theirs, ours in turns])
    theirs, mine = (1000 * median(costs) for costs in zip(*turns, strict=True))
    figure(f"{name}: complete / bare", ratio, note=f"bare {theirs:.2f} ms, complete {mine:.2f} ms")


def main(*counts: str) -> None:
    """Measure answers of so many tokens."""
    for count in map(int, counts or map(str, TOKENS)):
        title(f"Cost of a call of {count} tokens without a network, {TURNS} turns")
        for name in FORMATS:
            asyncio.run(measure(name, count))


if __name__ == "__main__":
    main(*sys.argv[1:])
