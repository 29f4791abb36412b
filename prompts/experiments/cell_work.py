"""What it takes to ask for one cell: its host, its turn, its answer while it is asked, and that as checks see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from prompts.core.answer import Answer, LiveAnswer
from prompts.core.plan import Cell as CoreCell
from prompts.core.plan import Plan as CorePlan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.experiments.admission import Limits
from prompts.experiments.cell_store import Claimed
from prompts.experiments.checks.check import Subject
from prompts.experiments.gate import Gate
from providers.completion import Completion
from providers.config.connections import Connection
from providers.interface import Provider, Settings


@dataclass(eq=False, slots=True)
class Host:
    """The targets of one connection, which share a gate."""

    provider: Provider
    targets: tuple[int, ...]
    gate: Gate
    connection: Connection
    limits: Limits
    ahead: asyncio.Semaphore
    """Cells that may be claimed, in the call or on their way to the record at the same time."""


class Work:
    """One cell while it is asked: its run is that of its case and wording, with this one answer."""

    def __init__(
        self, target: Target, prompt: str, settings: Settings, claimed: Claimed, host: Host, person: str
    ) -> None:  # fmt: skip
        self.target, self.claimed, self.host = target, claimed, host
        one = CoreCell(target, 0, claimed.cell.target, claimed.cell.repeat, claimed.completion_id)
        self.run = Run.of(
            CorePlan(prompt, (one,), settings=settings, person=person),
            id=claimed.run_id, answers=[Answer(one, attempt=claimed.asked)],
        )  # fmt: skip

    @property
    def live(self) -> LiveAnswer:
        """The answer."""
        return self.run.live[0]


def subject(done: Completion, *, fresh: bool = True) -> Subject:
    """An answer as checks see it; of one from the record no time is judged."""
    cost = done.cost.exact
    duration = done.timings.duration_s if fresh else None
    return Subject(done.text, done.state, None if cost is None else float(cost), duration, fresh)


@asynccontextmanager
async def at_machine(turn: AbstractAsyncContextManager[None]) -> AsyncGenerator[Callable[[], None]]:
    async with turn:
        yield lambda: None


@asynccontextmanager
async def at_host(place: AbstractAsyncContextManager[None], gate: Gate) -> AsyncGenerator[Callable[[], None]]:
    """A place among the calls of whoever asks, then one among those of the host."""
    async with place, gate.passed() as leave:
        yield leave


def at_once(provider: Provider, gate: Gate) -> int:
    """Calls at the same time: one on a machine of one's own."""
    return 1 if provider.local else gate.most


def ahead(provider: Provider, gate: Gate) -> asyncio.Semaphore:
    """As many are claimed or on their way to the record as are in a call."""
    return asyncio.Semaphore(2 * at_once(provider, gate))


async def room_in(ahead: asyncio.Semaphore, fewest: int, most: int = 64) -> int:
    """Wait for so many places, and take as many more as are free: cells are claimed some at a time."""
    for _ in range(fewest):
        await ahead.acquire()
    room = fewest
    while room < most and not ahead.locked():
        await ahead.acquire()
        room += 1
    return room
