"""What our own process does not hear, because it was stopped or starved, is no fault of whoever answered meanwhile."""

import asyncio
import threading

import pytest

from providers.completion import Completion, Cost
from providers.config.deadlines import Deadlines
from providers.measuring.measure import complete
from providers.registry import open_provider
from tests.patience import PATIENCE_S, patiently, until
from tests.stepped import SteppedClock
from tests.wire.dialects import Dialect
from tests.wire.every import every_way, kept, large, request_of, serve_beside, whole
from tests.wire.server import Reply, WireServer

LIMITS = Deadlines(first_byte_s=12, silence_s=12, no_content_s=12, call_s=12)
PAUSE_S = 15


class Halting:
    """Sends some events, and the rest when it is told to; knows when the last byte has been written."""

    def __init__(self, dialect: Dialect, first: int | None) -> None:
        self._dialect = dialect
        self._events = large(dialect)
        self._first = None if first is None else min(first, len(self._events) - 1)
        self.asked, self.go, self.sent = threading.Event(), threading.Event(), threading.Event()

    async def play(self, reply: Reply) -> None:
        if self._first is not None:
            await reply.head(content_type=self._dialect.content_type)
            for event in self._events[: self._first]:
                await reply.send(event)
        self.asked.set()
        await asyncio.to_thread(self.go.wait, PATIENCE_S)
        if self._first is None:
            await reply.head(content_type=self._dialect.content_type)
        await reply.send(b"".join(self._events[self._first or 0 :]))
        await reply.end()
        self.sent.set()


@every_way
@pytest.mark.parametrize("first", [None, 0, 3], ids=["before the headers", "before the text", "within it"])
async def test_an_answer_that_came_while_we_stood_still_is_whole(
    dialect: Dialect, first: int | None, clock: SteppedClock
) -> None:
    halting = Halting(dialect, first)
    with WireServer() as server:
        serve_beside(server, dialect)
        server.routes[dialect.path] = halting.play
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(_ask(dialect, server.url, clock))
            await until(halting.asked.is_set)
            await clock.idle()
            halting.go.set()
            assert halting.sent.wait(PATIENCE_S)  # the loop stands still: what comes lies in the socket
            clock.pause(PAUSE_S)
    done = asked.result()
    assert (done.state, kept(done), done.error) == ("complete", whole(dialect), None)
    assert "contended" in done.conditions  # the times count the pause, and say so


@every_way
async def test_a_dead_connection_is_left_once_we_have_listened_for_long_enough(
    dialect: Dialect, clock: SteppedClock
) -> None:
    halting = Halting(dialect, None)
    with WireServer() as server:
        serve_beside(server, dialect)
        server.routes[dialect.path] = halting.play
        asked = asyncio.create_task(_ask(dialect, server.url, clock))
        await until(halting.asked.is_set)
        await clock.idle()
        clock.pause(PAUSE_S)
        await clock.idle()
        assert not asked.done()
        clock.move(12)
        done = await patiently(asked)
        halting.go.set()
    assert done.error is not None
    assert (done.state, done.error.kind, done.error.message) == ("unknown", "timeout", "no answer began within 12 s")


async def _ask(dialect: Dialect, url: str, clock: SteppedClock) -> Completion:
    provider = open_provider(dialect.connect(url))
    try:
        return await complete(
            provider, request_of(dialect), price=lambda _: Cost("unknown"), clock=clock, deadlines=LIMITS
        )
    finally:
        await provider.aclose()
