"""Whose turn it is among the lanes of a run: docs/design/metrics.md#turns.

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

from prompts.core.run import Lane, Run
from providers.interface import Provider


class Queues:
    """One queue for each local host, shared by all runs of an event loop."""

    def __init__(self) -> None:
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(_one_at_a_time)

    def host(self, endpoint: str) -> asyncio.Semaphore:
        """The queue at one address."""
        return self._hosts[endpoint]


class Turns:
    """The order within one run."""

    def __init__(self, run: Run, distant: set[Lane], queues: Queues) -> None:
        self._fair, self._queues = run.fair, queues
        self._distant = distant
        self._distant_done = asyncio.Event()
        self._columns: defaultdict[int, asyncio.Semaphore] = defaultdict(_one_at_a_time)
        self._alone = _one_at_a_time()
        self._see()

    def order(self, lanes: Iterable[Lane]) -> list[Lane]:
        """Repeat by repeat; within one shuffled, so that no target always goes first."""
        mixed = list(lanes)
        if len({lane.repeat for lane in mixed}) > 1:
            random.shuffle(mixed)
            mixed.sort(key=lambda lane: lane.repeat)
        return mixed

    def reason(self, provider: Provider) -> str | None:
        """Why a lane of `provider` may have to wait, for its reader."""
        if not provider.local:
            return None
        if self._fair:
            return "A fair race: local models wait for the hosted ones, then each has this machine to itself."
        return f"Models on {provider.endpoint} take turns, so that their timings stay clean."

    @asynccontextmanager
    async def turn(self, lane: Lane, provider: Provider) -> AsyncGenerator[None]:
        """Wait for the lane's turn and hold it."""
        if not provider.local:
            async with self._columns[lane.column]:
                yield
            return
        if self._fair:
            await self._distant_done.wait()
        # Always in this order, so that two runs cannot wait for each other.
        async with self._alone if self._fair else _one_at_a_time(), self._queues.host(provider.endpoint):
            yield

    def over(self, lane: Lane) -> None:
        """A lane has its outcome, whatever it is."""
        self._distant.discard(lane)
        self._see()

    def _see(self) -> None:
        if not self._distant:
            self._distant_done.set()


def _one_at_a_time() -> asyncio.Semaphore:
    return asyncio.Semaphore(1)
