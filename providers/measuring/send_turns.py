"""One request at a time is built and written: those that begin together must not count each other's work as theirs.

Owns the turn to send. Between taking it and being over with it lies what our own processor does for a
request; waiting for the network is nobody's turn.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self
from weakref import WeakKeyDictionary

LONGEST_S = 0.05
"""A turn ends by itself after so long: a provider without a network never says that it has sent."""


class SendTurn:
    """A turn among all measurements of one event loop, in the order of asking; entered, it is ours."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lock = _locks.get(self._loop) or _locks.setdefault(self._loop, asyncio.Lock())
        self._limit: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        await self._lock.acquire()
        self._limit = self._loop.call_later(LONGEST_S, self.over)
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self.over()

    def over(self) -> None:
        """The next may begin; saying so again changes nothing."""
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
            self._lock.release()


_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
