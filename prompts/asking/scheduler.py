"""Whose turn it is among the cells of a plan: docs/design/metrics.md#turns.

Owns the order. Targets far away are asked at once, the repeats of one target one after another, the
targets of one local host in turn, whatever run they belong to. In a fair race local models also wait
until the distant answers are complete, and then have the machine to themselves.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager

from prompts.core.plan import Cell, Plan
from providers.interface import Provider


class Queues:
    """One queue for each local host, shared by all runs of an event loop."""

    def __init__(self) -> None:
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(_one_at_a_time)

    def host(self, endpoint: str) -> asyncio.Semaphore:
        """The queue at one address."""
        return self._hosts[endpoint]


class Turns:
    """The order within one run; `distant` are the ids of its cells that are asked far away."""

    def __init__(self, plan: Plan, distant: set[str], queues: Queues) -> None:
        self._fair, self._queues = plan.fair, queues
        self._distant = distant
        self._distant_done = asyncio.Event()
        self._columns: defaultdict[int, asyncio.Semaphore] = defaultdict(_one_at_a_time)
        self._alone = _one_at_a_time()
        self._see()

    def order(self, cells: Iterable[Cell]) -> list[Cell]:
        """Repeat by repeat; within one shuffled, so that no target always goes first."""
        mixed = list(cells)
        if len({cell.repeat for cell in mixed}) > 1:
            random.shuffle(mixed)
            mixed.sort(key=lambda cell: cell.repeat)
        return mixed

    def reason(self, provider: Provider) -> str | None:
        """Why an answer of `provider` may have to wait, for its reader."""
        if not provider.local:
            return None
        if self._fair:
            return "A fair race: local models wait for the hosted ones, then each has this machine to itself."
        return f"Models on {provider.endpoint} take turns, so that their timings stay clean."

    @asynccontextmanager
    async def turn(self, cell: Cell, provider: Provider) -> AsyncGenerator[None]:
        """Wait for the cell's turn and hold it."""
        if not provider.local:
            async with self._columns[cell.column]:
                yield
            return
        if self._fair:
            await self._distant_done.wait()
        # Always in this order, so that two runs cannot wait for each other.
        async with self._alone if self._fair else _one_at_a_time(), self._queues.host(provider.endpoint):
            yield

    def over(self, cell: Cell) -> None:
        """A cell has its outcome, whatever it is."""
        self._distant.discard(cell.id)
        self._see()

    def _see(self) -> None:
        if not self._distant:
            self._distant_done.set()


def _one_at_a_time() -> asyncio.Semaphore:
    return asyncio.Semaphore(1)
