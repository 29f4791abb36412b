"""A clock that stands still until a test moves it: for everything that is about order and not about speed."""

from __future__ import annotations

import asyncio

from providers.measuring import loop_lag


class SteppedClock:
    """The time of an event loop, of its timers, and of whatever is handed this as its clock; in seconds.

    Begins at a power of two, so that binary fractions of a second add up exactly.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._now = loop, 512.0
        loop.time = self  # type: ignore[method-assign]

    def __call__(self) -> float:
        return self._now

    def move(self, seconds: float) -> None:
        """Let time pass, from any thread: what is due by then runs. The loop has listened all the while."""
        if heart := loop_lag._hearts.get(self._loop):
            heart._due += seconds
        self.pause(seconds)

    def pause(self, seconds: float) -> None:
        """Let time pass in which the loop stood still, as in a stopped process."""
        self._now += seconds
        self._loop.call_soon_threadsafe(lambda: None)  # wakes a loop that waits for its next timer

    async def idle(self) -> None:
        """Let everything run that is due, and what comes of it."""
        for _ in range(20):
            await asyncio.sleep(0)
