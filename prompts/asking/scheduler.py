"""Whose turn it is among the cells of a plan: docs/design/metrics.md#turns.

Owns the order. Remote targets are asked at once, but in step: no repeat begins before all of the previous one are over.
The targets of one machine are asked one after another, across all runs, and the people who wait for it take turns
(`shares`). In a fair race local models also wait until the remote answers are complete, and then have the machine to
themselves.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager

from prompts.asking import shares
from prompts.asking.shares import Asker, Places, Say
from prompts.core.plan import Cell, Plan
from providers.interface import Provider
from providers.network.machines import machine_of


class Queues:
    """A queue for each machine with local models, shared by all runs of an event loop."""

    def __init__(self) -> None:
        self._machines: defaultdict[str, shares.Turns] = defaultdict(shares.Turns)

    def at(self, endpoint: str) -> shares.Turns:
        """The queue of the machine at that address, whatever its port or host name; fair between people."""
        return self._machines[machine_of(endpoint)]


class Steps:
    """The remote cells of a run, repeat by repeat: a repeat opens when the previous one is over."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._ahead: defaultdict[int, set[str]] = defaultdict(set)
        self._opened: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        for cell in cells:
            self._ahead[cell.repeat].add(cell.id)
        self.done = asyncio.Event()
        """Set when all cells are over."""
        self._see()

    async def reached(self, cell: Cell) -> None:
        """Wait until all cells of earlier repeats are over."""
        if cell.id in self._ahead.get(cell.repeat, ()):
            await self._opened[cell.repeat].wait()

    def over(self, cell: Cell) -> None:
        """Report that a cell has its outcome, whatever it is: answered, failed, stopped or never begun."""
        if cell.repeat in self._ahead:
            self._ahead[cell.repeat].discard(cell.id)
            self._see()

    def _see(self) -> None:
        left = [repeat for repeat, cells in self._ahead.items() if cells]
        if left:
            self._opened[min(left)].set()
        else:
            self.done.set()


class Turns:
    """The order of asking within one run. `distant`: the ids of its cells with remote targets."""

    def __init__(self, plan: Plan, distant: set[str], queues: Queues, places: Places, session: str = "") -> None:
        self._fair, self._queues, self._places = plan.fair, queues, places
        self._asker = Asker(plan.person, session)
        self._steps = Steps(cell for cell in plan.cells if cell.id in distant)
        self._columns: defaultdict[int, asyncio.Semaphore] = defaultdict(_one_at_a_time)
        self._alone = _one_at_a_time()

    def order(self, cells: Iterable[Cell]) -> list[Cell]:
        """The cells repeat by repeat, shuffled within each, so that no target always goes first."""
        mixed = list(cells)
        if len({cell.repeat for cell in mixed}) > 1:
            random.shuffle(mixed)
            mixed.sort(key=lambda cell: cell.repeat)
        return mixed

    def reason(self, provider: Provider) -> str | None:
        """A note for the reader on why an answer of `provider` may have to wait; `None` if it does not."""
        if not provider.local:
            return None
        if self._fair:
            return "A fair race: local models wait for the hosted ones, then each has this machine to itself."
        return f"Models on {provider.endpoint} take turns, so that their timings stay clean."

    @asynccontextmanager
    async def turn(self, cell: Cell, provider: Provider, say: Say = lambda _: None) -> AsyncGenerator[None]:
        """Wait for the cell's turn and hold it; `say` is called with the reason while it waits for other calls."""
        if not provider.local:
            await self._steps.reached(cell)
            async with self._columns[cell.column], self._places.place(self._asker, say):
                yield
            return
        if self._fair:
            await self._steps.done.wait()
        # Always in this order, so that two runs cannot deadlock.
        async with (
            self._alone if self._fair else _one_at_a_time(),
            self._queues.at(provider.endpoint).turn(self._asker.person),
        ):
            yield

    def over(self, cell: Cell) -> None:
        """Report that a cell has its outcome, whatever it is."""
        self._steps.over(cell)


def _one_at_a_time() -> asyncio.Semaphore:
    return asyncio.Semaphore(1)
