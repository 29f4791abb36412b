"""The providers that an experiment asks, and what a call waits for before it is sent.

Owns which targets share a gate, how many of their cells are claimed in advance, and a call's turn: a place among the
person's calls, the gate of this process, the limits shared by all processes. Sending is up to the pump.
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
"""The most cells claimed at a time."""


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
    """Waits for a call's turn in this process,
    and holds it until the context ends or the yielded function is called."""
    person: str = ""
    """The person for whom it is asked."""
    _ahead: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        # Claimed cells may be as many again as the calls in progress.
        self._ahead = asyncio.Semaphore(2 * self._at_once)

    @property
    def _at_once(self) -> int:
        """Calls at the same time: one for a local machine."""
        return 1 if self.provider.local else self.gate.most

    @property
    def throughput(self) -> Throughput:
        """The present limits, as far as this process knows."""
        if self.provider.local:
            return Throughput(1, rates=set_rates(self.limits))
        gate, most = self.gate, min(self.gate.most, self.limits.at_once or self.gate.most)
        own = told_rates(gate.per_minute, gate.tokens_per_minute)
        return Throughput(most, min(gate.at_once, most), (*set_rates(self.limits), *own), gate.closed_s)

    async def room(self) -> int:
        """Wait until some more cells may be claimed; returns how many. Each must be released by `free`."""
        fewest = max(1, self._at_once // 2)
        for _ in range(fewest):
            await self._ahead.acquire()
        room = fewest
        while room < MOST_ROOM and not self._ahead.locked():
            await self._ahead.acquire()
            room += 1
        return room

    def free(self, places: int = 1) -> None:
        """Release so many cells, which are over or could not be claimed."""
        for _ in range(places):
            self._ahead.release()

    async def let_in(self, turn: Turn, send: Send, over: Callable[[], bool]) -> bool:
        """Run `send` in its turn, as soon as the limits shared by all processes allow; `False` if `over` became true
        first.

        `send` raises `ShutError` if they do not allow it, and calls its second argument if they do. While waiting for
        these limits the call does not hold its turn, nor its place among the person's calls.
        """
        visit = self.gate.doors[self.person].visit()
        try:
            while not over():
                await visit.queue()
                async with turn() as leave:
                    if over() or visit.behind:  # another call was refused meanwhile
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
    """The connection on which a target is asked, for pictures if it is to draw.

    Raises `ValueError` if it cannot be asked.
    """
    connection = connections[target.provider]
    return connection if target.settings.picture is None else drawing(connection)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Makes the hosts of one experiment. `only`: just that provider's part, as other processes ask it too."""

    runner: Runner
    connections: Connections
    gate_of: Callable[[Provider], Gate]
    person: str
    only: str | None

    def of(self, targets: Mapping[int, Target]) -> list[Host]:
        """One host for each connection of these targets."""
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
