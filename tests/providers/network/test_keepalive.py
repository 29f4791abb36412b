"""A connection to a provider is one whose dead end the system notices."""

import importlib
import socket

import pytest

from providers.network import keepalive
from providers.network.transport import guarded_client
from tests.wire.server import Reply, WireServer


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
async def test_the_other_end_of_every_connection_is_asked_whether_it_is_there(library: str) -> None:
    async def script(reply: Reply) -> None:
        await reply.json({})

    http = importlib.import_module(library)
    with WireServer(script) as server:
        async with guarded_client(http) as client, client.stream("GET", server.url) as response:
            raw = response.extensions["network_stream"].get_extra_info("socket")
            asked = [raw.getsockopt(level, name) for level, name, _ in keepalive.options()]
            await response.aread()
    assert asked == [value for _, _, value in keepalive.options()]


def test_a_dead_end_is_noticed_long_before_silence_is() -> None:
    assert keepalive.options()[0] == (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    assert keepalive.IDLE_S + keepalive.INTERVAL_S * keepalive.QUESTIONS == 70
