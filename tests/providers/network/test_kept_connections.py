"""Which connection a request gets, and which are closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpcore2
import pytest

from providers.network.kept_connections import KeptConnections


class Wire:
    """A connection to nowhere."""

    def __init__(self, number: int) -> None:
        self.number, self.requests = number, 0
        self.closed = self.busy = self.expired = False
        self.answers, self.is_asked = True, asyncio.Event()
        self.ends_itself = self.body_closes = True

    async def handle_async_request(self, _request: object) -> httpcore2.Response:
        assert not self.busy
        assert not self.closed
        self.busy, self.requests = True, self.requests + 1
        if not self.answers:
            try:
                self.is_asked.set()
                await asyncio.Event().wait()
            finally:
                if self.ends_itself:
                    await self.aclose()
        return httpcore2.Response(200, content=Said(self))

    def has_expired(self) -> bool:
        return self.expired  # only asked of idle ones: a closed one does not say

    def is_idle(self) -> bool:
        return not self.busy and not self.closed

    def is_closed(self) -> bool:
        return self.closed

    async def aclose(self) -> None:
        self.closed = True


class Said:
    """The body of one response; `whole`: read to its end."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self.whole = wire, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"text"
        self.whole = True

    async def aclose(self) -> None:
        if not self._wire.body_closes:
            raise ConnectionResetError
        self._wire.busy = False
        if not self.whole:
            await self._wire.aclose()


class Host:
    """Connections to one host, kept."""

    def __init__(self, most: int = 8) -> None:
        self.wires = list[Wire]()
        self.kept = KeptConnections(SimpleNamespace(create_connection=self._made), most)

    def _made(self, _origin: object) -> Wire:
        self.wires.append(Wire(len(self.wires)))
        return self.wires[-1]

    async def ask(self, url: str = "http://host/") -> Any:
        """The open body of an answer."""
        return (await self.kept.handle_async_request(httpcore2.Request("GET", url))).stream

    async def asked(self, count: int) -> None:
        """So many requests at once, each read to its end."""
        bodies = [await self.ask() for _ in range(count)]
        for body in bodies:
            assert [part async for part in body] == [b"text"]
            await body.aclose()

    @property
    def open(self) -> list[int]:
        """The numbers of the connections that are open."""
        return [wire.number for wire in self.wires if not wire.closed]


async def test_the_connection_used_last_is_taken_and_a_new_one_if_none_is_free() -> None:
    host = Host()
    await host.asked(3)
    await host.asked(1)
    await host.asked(2)
    assert [wire.requests for wire in host.wires] == [1, 2, 3]


async def test_each_host_has_connections_of_its_own() -> None:
    host = Host()
    await host.asked(1)
    await host.ask("https://host/")
    await host.ask("http://other/")
    assert [wire.requests for wire in host.wires] == [1, 1, 1]


async def test_a_connection_that_the_server_closed_meanwhile_is_not_used() -> None:
    host = Host()
    await host.asked(2)
    host.wires[1].expired = True
    await host.asked(1)
    assert [wire.requests for wire in host.wires] == [2, 1]
    assert host.open == [0]


async def test_the_oldest_are_closed_when_their_time_is_over_and_when_there_are_too_many() -> None:
    host = Host(most=3)
    await host.asked(5)
    assert host.open == [2, 3, 4]
    host.wires[2].expired = True
    await host.asked(1)
    assert host.open == [3, 4]


async def test_an_answer_that_was_not_read_to_its_end_costs_its_connection() -> None:
    host = Host()
    await (await host.ask()).aclose()
    await host.asked(1)
    assert [(wire.requests, wire.closed) for wire in host.wires] == [(1, True), (1, False)]


@pytest.mark.parametrize("ends_itself", [True, False], ids=["it closes itself", "it was not sending yet"])
async def test_a_stopped_request_leaves_no_connection_and_holds_up_nobody(ends_itself: bool) -> None:
    host = Host()
    await host.asked(1)
    host.wires[0].answers, host.wires[0].ends_itself = False, ends_itself
    asking = asyncio.create_task(host.ask())
    await host.wires[0].is_asked.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await host.asked(1)
    assert host.open == [1]


async def test_a_body_that_cannot_be_closed_leaves_no_connection() -> None:
    host = Host()
    body = await host.ask()
    host.wires[0].body_closes = False
    with pytest.raises(ConnectionResetError):
        await body.aclose()
    assert host.open == []


async def test_closing_closes_all_also_those_in_use() -> None:
    host = Host()
    await host.asked(2)
    body = await host.ask()
    await host.kept.aclose()
    assert host.open == []
    await body.aclose()
    await host.asked(1)
    assert [wire.requests for wire in host.wires] == [1, 2, 1]


async def test_a_connection_that_could_not_be_closed_with_all_others_is_closed_after_its_answer() -> None:
    host = Host()
    body = await host.ask()
    await host.kept.aclose()
    host.wires[0].closed = False  # it was still connecting
    assert [part async for part in body] == [b"text"]
    await body.aclose()
    assert host.open == []


async def test_an_address_that_is_not_of_the_web_is_refused_by_the_library() -> None:
    kept = KeptConnections(httpcore2.AsyncConnectionPool(), most=1)
    with pytest.raises(httpcore2.UnsupportedProtocol, match="'ftp://'"):
        await kept.handle_async_request(httpcore2.Request("GET", "ftp://host/"))
