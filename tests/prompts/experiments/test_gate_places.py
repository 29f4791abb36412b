"""What calls hold while they wait at a provider's gate: places that others may want."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prompts.experiments.gate import Gate
from providers.errors import failure
from tests.stepped import SteppedClock


class Held:
    """Callers of one person that hold a place each while they are let in, or wait for it."""

    def __init__(self, gate: Gate, size: int, who: str = "") -> None:
        self.places, self.over = 0, asyncio.Event()
        self.tasks = [asyncio.create_task(self._call(gate, who)) for _ in range(size)]

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        self.places += 1
        try:
            yield
        finally:
            self.places -= 1

    async def _call(self, gate: Gate, who: str) -> None:
        async with gate.passed(self._place, who):
            await self.over.wait()


async def test_a_place_is_held_only_while_it_is_open(clock: SteppedClock) -> None:
    gate = Gate(clock, most=1)
    held = Held(gate, 2)
    await clock.idle()
    assert held.places == 2  # one is inside, the other is next
    gate.shut(30)
    await clock.idle()
    assert held.places == 1
    held.over.set()
    clock.move(30)
    await asyncio.gather(*held.tasks)
    assert (held.places, gate.busy) == (0, 0)


async def test_of_the_calls_that_wait_for_room_only_the_next_of_each_person_holds_a_place(clock: SteppedClock) -> None:
    gate = Gate(clock, most=8)
    gate.refused(failure("rate_limit", "slow down", retry_after_s=1), clock())
    ada, bob = Held(gate, 8, "ada"), Held(gate, 3, "bob")
    await clock.idle()
    assert (ada.places, bob.places) == (0, 0)
    clock.move(1)
    await clock.idle()
    assert (gate.at_once, gate.busy, ada.places + bob.places) == (4, 4, 4 + 2)
    ada.over.set()
    bob.over.set()
    await asyncio.gather(*ada.tasks, *bob.tasks)
    assert (ada.places, bob.places, gate.busy) == (0, 0, 0)


async def test_one_that_goes_while_it_is_next_lets_the_following_be_next(clock: SteppedClock) -> None:
    gate = Gate(clock, most=1)
    held = Held(gate, 3)
    await clock.idle()
    held.tasks[1].cancel()
    await clock.idle()
    assert (held.places, gate.busy) == (2, 1)
    held.over.set()
    await asyncio.gather(held.tasks[0], held.tasks[2])
    assert gate.busy == 0
