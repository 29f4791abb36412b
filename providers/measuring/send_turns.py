"""Lets one request at a time be built and written, so that requests that start together do not count each other's work.

Owns the turn to send. A turn covers what our own processor does to send a request, not waiting for the network.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self
from weakref import WeakKeyDictionary

LONGEST_S = 0.05
"""A turn ends by itself after so many seconds, as a provider without a network never reports that it has sent."""


class SendTurn:
    """A turn among all measurements of one event loop, in the order of requests; entering the context takes it."""

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
        """End the turn, so that the next may begin; calling it again has no effect."""
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
            self._lock.release()


_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
