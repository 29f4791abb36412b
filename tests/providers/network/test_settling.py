"""A connection is used again, but not one that its server closes unannounced."""

import asyncio
import threading

import pytest

from providers.network import transport
from providers.network.exchange import Exchange, exchange
from providers.network.transport import guarded_client
from tests.patience import PATIENCE_S, until
from tests.stepped import SteppedClock
from tests.wire.server import Reply, WireServer


async def test_a_connection_is_used_again_but_never_one_that_was_closed_unannounced(
    http, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "SETTLE_S", 1)

    async def kept(reply: Reply) -> None:
        await reply.body(b"hello")

    settling = threading.Semaphore(0)

    async def dropped(reply: Reply) -> None:
        await reply.body(b"hello")
        await asyncio.to_thread(settling.acquire, timeout=PATIENCE_S)
        await reply.close()

    for script, connections in ((kept, 1), (dropped, 8)):
        with WireServer(script) as server:
            opened = []
            async with guarded_client(http) as client:
                for n in range(8):
                    settled = asyncio.create_task(client.settled())
                    await clock.idle()
                    if n:
                        assert not settled.done()
                        settling.release()
                        await until(server.requests[-1].disconnected.is_set)
                        clock.move(transport.SETTLE_S)
                    await settled
                    token = exchange.set(seen := Exchange(clock=clock))
                    await client.get(server.url)
                    exchange.reset(token)
                    opened.append(seen.connected_at is not None)
            settling.release()
        assert sum(opened) == connections


async def test_settling_waits_only_after_an_answer(http, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "SETTLE_S", 2)

    async def script(reply: Reply) -> None:
        await reply.body(b"hello")

    with WireServer(script) as server:
        async with guarded_client(http) as client:
            await client.settled()
            await client.get(server.url)
            settled = asyncio.create_task(client.settled())
            clock.move(1)
            await clock.idle()
            assert not settled.done()
            clock.move(1)
            await settled
            await client.settled()
