"""Where calls wait that the limits shared by all processes did not let through:
one retries, the others queue behind it."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Door:
    """The queue for one provider, on one event loop."""

    LONGEST_S = 1.0
    """Seconds after which a retry is made in any case, as the experiment may have been stopped meanwhile."""

    def __init__(self) -> None:
        self._lock, self._bell = asyncio.Lock(), asyncio.Event()

    def visit(self) -> Visit:
        """The visit of one call."""
        return Visit(self._lock, self._bell)

    def ring(self) -> None:
        """Wake the call that waits to retry: a call of ours is over and recorded, so there may be a place."""
        self._bell.set()


class Visit:
    """One call at the door; only the first in the queue retries."""

    def __init__(self, lock: asyncio.Lock, bell: asyncio.Event) -> None:
        self._lock, self._bell, self._first = lock, bell, False

    @property
    def behind(self) -> bool:
        """Whether another call was not let through and is retrying."""
        return self._lock.locked() and not self._first

    async def queue(self) -> None:
        """If another call is retrying, wait until it has been let through."""
        if self.behind:
            await self._be_first()

    async def wait(self, seconds: float) -> None:
        """After a refusal: become the one that retries, or as that one wait `seconds`, or until a place may be free."""
        if not self._first:
            await self._be_first()
            return
        self._bell.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, Door.LONGEST_S)):
                await self._bell.wait()

    def leave(self) -> None:
        """The call was let through or given up: the next may retry."""
        if self._first:
            self._first = False
            self._lock.release()

    async def _be_first(self) -> None:
        await self._lock.acquire()
        self._first = True
