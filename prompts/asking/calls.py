"""Remote calls over the channel: a method of a named service, with its arguments, run in the other process.

Owns which answer belongs to which call. How a method is run depends on its kind: a coroutine on the host's event loop,
an asynchronous generator item by item, anything else in a thread, as it may wait for the disk.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from prompts.asking.channel import Channel, ChannelError
from prompts.record.database import RecordError

log = logging.getLogger("collate")


class GoneError(Exception):
    """The other process ended before it answered; it is not known whether it did what it was told."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to run a method. `number` is chosen by the caller and identifies the answers to it."""

    number: int
    service: str
    method: str
    arguments: tuple[Any, ...]
    named: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Returned:
    """A call has ended, with the value returned."""

    number: int
    value: Any = None


@dataclass(frozen=True, slots=True)
class Raised:
    """A call has ended with an exception."""

    number: int
    error: BaseException


@dataclass(frozen=True, slots=True)
class Yielded:
    """One item of a generator; its end is told by `Returned`."""

    number: int
    value: Any


@dataclass(frozen=True, slots=True)
class Enough:
    """The caller wants no more items of a generator."""

    number: int


@dataclass(frozen=True, slots=True)
class Farewell:
    """The caller is leaving on purpose; without this message it may come back after a crash."""


class Host:
    """Answers the calls that come over one channel."""

    def __init__(self, services: Mapping[str, object], channel: Channel) -> None:
        self._services, self._channel = services, channel
        self._tasks: set[asyncio.Task[None]] = set()
        self._streams: dict[int, asyncio.Task[None]] = {}

    async def serve(self) -> bool:
        """Answer calls until the other end is gone; returns whether it said farewell.

        Calls in progress continue after that, as a run whose page has died still has to be paid for; only generators
        are stopped.
        """
        try:
            while True:
                match await self._channel.receive():
                    case Call() as call:
                        self._begin(call)
                    case Enough(number) if number in self._streams:
                        self._streams[number].cancel()
                    case Farewell():
                        return True
                    case _:
                        pass
        except ChannelError:
            return False
        finally:
            for stream in self._streams.values():
                stream.cancel()

    def _begin(self, call: Call) -> None:
        task = asyncio.create_task(self._answer(call))
        self._tasks.add(task)  # a reference is kept, as the event loop has only weak ones
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, call: Call) -> None:
        try:
            end = Returned(call.number, await self._value(call))
        except asyncio.CancelledError:
            return
        except Exception as exc:  # noqa: BLE001 -- whatever it is, it is passed on to the caller
            end = Raised(call.number, exc)
        with suppress(ChannelError):
            try:
                await self._channel.send(end)
            except ValueError as exc:  # a defect of ours, but the caller must not wait for ever
                log.exception("%s.%s: its result cannot be sent", call.service, call.method)
                await self._channel.send(Raised(call.number, RuntimeError(str(exc))))

    async def _value(self, call: Call) -> Any:
        service = self._services.get(call.service)
        if service is None:  # services that do not exist from the start need the record to be open
            raise RecordError("The process that asks models cannot open the record yet. Try again in a moment.")
        method = getattr(service, call.method, None)
        if method is None or call.method.startswith("_"):
            raise LookupError(f"there is no {call.service}.{call.method}")
        if inspect.isasyncgenfunction(method):
            await self._yield(call.number, method(*call.arguments, **call.named))
            return None
        if inspect.iscoroutinefunction(method):
            return await method(*call.arguments, **call.named)
        return await asyncio.to_thread(method, *call.arguments, **call.named)

    async def _yield(self, number: int, items: AsyncGenerator[Any]) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 -- we are in it
        self._streams[number] = task
        try:
            async for item in items:
                await self._channel.send(Yielded(number, item))
        finally:
            del self._streams[number]
            await items.aclose()


class Caller:
    """Makes calls over one channel.

    Each raises what the method raises, or `GoneError` if the other process has gone.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._numbers = itertools.count()
        self._gone = False
        self._waiting: dict[int, asyncio.Queue[Returned | Raised | Yielded]] = {}

    async def listen(self) -> None:
        """Receive messages until the other end is gone; then every waiting call raises `GoneError`."""
        try:
            while True:
                message = await self._channel.receive()
                if (waiting := self._waiting.get(message.number)) is not None:
                    waiting.put_nowait(message)
        except ChannelError:
            pass
        finally:
            self._gone = True
            await self._channel.close()
            for number, waiting in self._waiting.items():
                waiting.put_nowait(Raised(number, GoneError("the other process has ended")))

    async def call(self, service: str, method: str, *arguments: Any, **named: Any) -> Any:
        """Call a method and return what it returns."""
        number, answers = self._expect()
        try:
            await self._send(Call(number, service, method, arguments, named))
            return _value_of(await answers.get())
        finally:
            del self._waiting[number]

    async def each(self, service: str, method: str, *arguments: Any, **named: Any) -> AsyncGenerator[Any]:
        """Call an asynchronous generator and yield its items."""
        number, answers = self._expect()
        ended = False
        try:
            await self._send(Call(number, service, method, arguments, named))
            while isinstance(message := await answers.get(), Yielded):
                yield message.value
            ended = True
            _value_of(message)
        finally:
            del self._waiting[number]
            if not ended:
                with suppress(GoneError):
                    await self._send(Enough(number))

    async def leave(self) -> None:
        """Say farewell; no call may follow."""
        with suppress(GoneError):
            await self._send(Farewell())

    async def close(self) -> None:
        """Close the channel."""
        await self._channel.close()

    def _expect(self) -> tuple[int, asyncio.Queue[Returned | Raised | Yielded]]:
        number = next(self._numbers)
        answers = self._waiting[number] = asyncio.Queue[Returned | Raised | Yielded]()
        return number, answers

    async def _send(self, message: object) -> None:
        if self._gone:
            raise GoneError("the other process has ended")
        try:
            await self._channel.send(message)
        except ChannelError as exc:
            raise GoneError("the other process has ended") from exc


def _value_of(end: Returned | Raised | Yielded) -> Any:
    if isinstance(end, Raised):
        raise end.error
    return end.value
