"""Methods of the other process: called, streamed, refused, and what becomes of them when an end dies."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from prompts.asking.calls import Caller, GoneError, Host
from prompts.asking.channel import Channel, connect, listening
from prompts.record.recorder import RecordError
from tests.patience import patiently, until

KEY = bytes(range(32))


class Service:
    """What is called."""

    def __init__(self) -> None:
        self.begun, self.finished, self.closed = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.go_on = asyncio.Event()

    async def add(self, a: int, *, b: int) -> int:
        return a + b

    def where(self) -> str:
        return threading.current_thread().name

    async def refuse(self) -> None:
        raise RecordError("The disk is full.")

    async def work(self) -> None:
        self.begun.set()
        await self.go_on.wait()
        self.finished.set()

    async def numbers(self, most: int) -> AsyncGenerator[int]:
        try:
            for number in range(most):
                yield number
            await asyncio.Event().wait()
        finally:
            self.closed.set()

    async def few(self) -> AsyncGenerator[int]:
        yield 1
        yield 2

    async def unsendable(self) -> object:
        return lambda: None

    async def _secret(self) -> str:
        return "not to be called"


@asynccontextmanager
async def calling(service: Service, goodbyes: list[bool] | None = None) -> AsyncIterator[Caller]:
    async def meet(channel: Channel) -> None:
        said = await Host({"it": service}, channel).serve()
        if goodbyes is not None:
            goodbyes.append(said)

    async with listening(meet, KEY, None) as address:
        caller = Caller(await connect(address))
        listens = asyncio.create_task(caller.listen())
        yield caller
        await caller.close()
        await patiently(listens)


async def test_a_method_returns_what_it_returns_and_raises_what_it_raises() -> None:
    async with calling(Service()) as caller:
        assert await patiently(caller.call("it", "add", 1, b=2)) == 3
        with pytest.raises(RecordError, match="The disk is full"):
            await patiently(caller.call("it", "refuse"))


async def test_what_waits_for_the_disk_holds_nobody_up() -> None:
    async with calling(Service()) as caller:
        assert await patiently(caller.call("it", "where")) != threading.current_thread().name


async def test_calls_do_not_wait_for_each_other() -> None:
    service = Service()
    async with calling(service) as caller:
        slow = asyncio.create_task(caller.call("it", "work"))
        await patiently(service.begun.wait())
        assert await patiently(caller.call("it", "add", 1, b=1)) == 2
        service.go_on.set()
        assert await patiently(slow) is None


async def test_items_come_one_by_one_and_in_order() -> None:
    async with calling(Service()) as caller:
        assert [item async for item in caller.each("it", "few")] == [1, 2]


async def test_whoever_has_enough_ends_the_stream_in_the_other_process() -> None:
    service = Service()
    async with calling(service) as caller:
        async with aclosing(caller.each("it", "numbers", 3)) as items:
            assert await patiently(anext(items)) == 0
        await patiently(service.closed.wait())


@pytest.mark.parametrize(("service", "method"), [("it", "_secret"), ("it", "absent")])
async def test_only_the_public_methods_of_its_services_are_there(service: str, method: str) -> None:
    async with calling(Service()) as caller:
        with pytest.raises(LookupError):
            await patiently(caller.call(service, method))


async def test_a_service_that_waits_for_the_record_says_so() -> None:
    async with calling(Service()) as caller:
        with pytest.raises(RecordError, match="cannot open the record yet"):
            await patiently(caller.call("other", "add"))


async def test_what_cannot_be_sent_back_is_an_error_and_not_silence() -> None:
    async with calling(Service()) as caller:
        with pytest.raises(RuntimeError, match="cannot be sent"):
            await patiently(caller.call("it", "unsendable"))


async def test_a_call_goes_on_when_its_caller_dies_and_a_stream_ends() -> None:
    service, goodbyes = Service(), list[bool]()
    async with calling(service, goodbyes) as caller:
        working = asyncio.create_task(caller.call("it", "work"))
        items = caller.each("it", "numbers", 1)
        assert await patiently(anext(items)) == 0
        await patiently(service.begun.wait())
        await caller.close()
        with pytest.raises(GoneError):
            await patiently(working)
        with pytest.raises(GoneError):
            await patiently(anext(items))
        await patiently(service.closed.wait())
        service.go_on.set()
        await patiently(service.finished.wait())
    assert goodbyes == [False]


async def test_a_farewell_is_told_from_a_crash() -> None:
    goodbyes = list[bool]()
    async with calling(Service(), goodbyes) as caller:
        await caller.leave()
        await until(lambda: goodbyes)
    assert goodbyes == [True]


async def test_a_call_after_the_end_says_so() -> None:
    async with calling(Service()) as caller:
        await caller.close()
        with pytest.raises(GoneError):
            await patiently(caller.call("it", "add", 1, b=2))
