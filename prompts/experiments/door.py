"""Where calls wait that the limits of all processes did not let through: one knocks, the others queue behind it."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Door:
    """Of one provider, on one event loop."""

    LONGEST_S = 1.0
    """Before it is knocked again in any case: the experiment may have been stopped meanwhile."""

    def __init__(self) -> None:
        self._lock, self._bell = asyncio.Lock(), asyncio.Event()

    def visit(self) -> Visit:
        """One call's."""
        return Visit(self._lock, self._bell)

    def ring(self) -> None:
        """A call of ours is over and on record: there is a place."""
        self._bell.set()


class Visit:
    """One call at the door."""

    def __init__(self, lock: asyncio.Lock, bell: asyncio.Event) -> None:
        self._lock, self._bell, self._first = lock, bell, False

    @property
    def behind(self) -> bool:
        """Whether somebody else was not let through, and knocks."""
        return self._lock.locked() and not self._first

    async def queue(self) -> None:
        """Behind whoever was not let through, if anybody."""
        if self.behind:
            await self._be_first()

    async def wait(self, seconds: float) -> None:
        """Not let through: be the one that knocks, and knock again after so long, or when a place is free."""
        if not self._first:
            await self._be_first()
            return
        self._bell.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, Door.LONGEST_S)):
                await self._bell.wait()

    def leave(self) -> None:
        """Let through, or gone: the next may knock."""
        if self._first:
            self._first = False
            self._lock.release()

    async def _be_first(self) -> None:
        await self._lock.acquire()
        self._first = True
