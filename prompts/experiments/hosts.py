"""The providers that an experiment asks, and what a call to one waits for before it is sent.

Owns which targets share a gate, how many of their cells are claimed ahead of it, and the turn of a call: a place among
those of whoever asks, the gate of this process, the limits of all processes. What is sent is the pump's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from prompts.asking.runner import Connections, Runner
from prompts.asking.shares import Asker
from prompts.core.targets import Target
from prompts.experiments.admission import Limits, ShutError, limits_of, set_rates
from prompts.experiments.gate import Gate
from prompts.experiments.throughput import Throughput, told_rates
from providers.config.connections import Connection, drawing
from providers.interface import Provider

MOST_ROOM = 64
"""Cells that are claimed in one go, at most."""


Leave = Callable[[], None]
Turn = Callable[[], AbstractAsyncContextManager[Leave]]
Send = Callable[[Leave, Leave], Awaitable[None]]


@dataclass(eq=False, slots=True)
class Host:
    """The targets of one connection, which share a gate."""

    provider: Provider
    targets: tuple[int, ...]
    gate: Gate
    connection: Connection
    limits: Limits
    turn: Turn
    """Wait for a call's turn here and hold it to the end, or until what this yields is called."""
    person: str = ""
    """For whom it is asked."""
    _ahead: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        # As many may be claimed, or on their way to the record, as are in a call.
        self._ahead = asyncio.Semaphore(2 * self._at_once)

    @property
    def _at_once(self) -> int:
        """Calls at the same time: one on a machine of one's own."""
        return 1 if self.provider.local else self.gate.most

    @property
    def throughput(self) -> Throughput:
        """What is let through just now, as this process knows it."""
        if self.provider.local:
            return Throughput(1, rates=set_rates(self.limits))
        gate, most = self.gate, min(self.gate.most, self.limits.at_once or self.gate.most)
        own = told_rates(gate.per_minute, gate.tokens_per_minute)
        return Throughput(most, min(gate.at_once, most), (*set_rates(self.limits), *own), gate.closed_s)

    async def room(self) -> int:
        """Wait until some more cells may be claimed, and take as many places as are free; `free` gives them back."""
        fewest = max(1, self._at_once // 2)
        for _ in range(fewest):
            await self._ahead.acquire()
        room = fewest
        while room < MOST_ROOM and not self._ahead.locked():
            await self._ahead.acquire()
            room += 1
        return room

    def free(self, places: int = 1) -> None:
        """So many cells are over, or there were none to claim."""
        for _ in range(places):
            self._ahead.release()

    async def let_in(self, turn: Turn, send: Send, over: Callable[[], bool]) -> bool:
        """`send` in its turn as soon as the limits of all processes let it through; `False`: it was `over` before.

        `send` raises `ShutError` where they do not, and calls the second that it is given where they do. The turn, and
        with it the place among those of whoever asks, is not held while it waits for them.
        """
        visit = self.gate.doors[self.person].visit()
        try:
            while not over():
                await visit.queue()
                async with turn() as leave:
                    if over() or visit.behind:  # somebody was not let through meanwhile
                        continue
                    try:
                        await send(leave, visit.leave)
                    except ShutError as exc:
                        shut = exc
                    else:
                        self.gate.waits_for = ""
                        return True
                self.gate.waits_for = str(shut)
                await visit.wait(shut.wait_s)
        finally:
            visit.leave()
            self.gate.ring()
        return False


def way_to(target: Target, connections: Connections) -> Connection:
    """The connection on which it is asked, for pictures where it is to draw. Raises `ValueError` where it cannot."""
    connection = connections[target.provider]
    return connection if target.settings.picture is None else drawing(connection)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Of one experiment. `only`: one provider's part of it, which other processes ask too."""

    runner: Runner
    connections: Connections
    gate_of: Callable[[Provider], Gate]
    person: str
    only: str | None

    def of(self, targets: Mapping[int, Target]) -> list[Host]:
        """One for each connection of these targets."""
        found: dict[Connection, list[int]] = {}
        for n, target in targets.items():
            if self.only in (None, target.provider):
                found.setdefault(way_to(target, self.connections), []).append(n)
        return [self._host(connection, tuple(numbers)) for connection, numbers in found.items()]

    def _host(self, connection: Connection, targets: tuple[int, ...]) -> Host:
        provider = self.runner.provider(connection)
        gate = self.gate_of(provider)
        shared = self.only is not None
        limits = limits_of(connection) if shared or not connection.local else Limits()

        @asynccontextmanager
        async def at_machine() -> AsyncGenerator[Callable[[], None]]:
            async with self.runner.machine(provider, self.person):
                yield lambda: None

        @asynccontextmanager
        async def at_host() -> AsyncGenerator[Callable[[], None]]:
            async with gate.passed(lambda: self.runner.places.place(Asker(self.person)), self.person) as leave:
                yield leave

        return Host(provider, targets, gate, connection, limits, at_machine if provider.local else at_host, self.person)
