"""How long Collate waits and how much it takes, before it ends a completion itself.

Owns the deadlines and the looking at the clock for them. A time-out of an SDK bounds only the gap
between two reads; a server that drips or pings for ever is ended here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from providers.config.deadlines import Deadlines
from providers.measuring.timing import Marks
from providers.network.transport import Exchange


@dataclass(frozen=True, slots=True)
class Patience:
    """The deadlines of one attempt, given what has arrived of it so far."""

    limits: Deadlines
    first_byte_s: float
    marks: Marks
    exchange: Exchange

    @property
    def _begun(self) -> bool:
        return self.exchange.headers_at is not None or self.marks.chunks > 0

    def due(self) -> float:
        """The reading of the clock at which patience ends."""
        start = self.marks.t0
        if self._begun:
            last = max(self.exchange.headers_at or start, self.marks.last_chunk or start)
            quiet = last + self.limits.no_content_s
        else:
            quiet = start + self.first_byte_s
        return min(quiet, start + self.limits.call_s)

    def sentence(self, now: float) -> str:
        """What took too long."""
        if now >= self.marks.t0 + self.limits.call_s:
            return f"not finished within {self.limits.call_s:g} s"
        if self._begun:
            return f"no text for {self.limits.no_content_s:g} s"
        return f"no answer began within {self.first_byte_s:g} s"


class Watch:
    """Ends a stream that is past due. Looks only when it may be, so a delta costs nothing."""

    def __init__(self, patience: Patience, clock: Callable[[], float], limit: asyncio.Timeout) -> None:
        self._patience, self._clock, self._limit = patience, clock, limit
        self._loop = asyncio.get_running_loop()
        self._longest_nap = min(patience.limits.no_content_s, patience.limits.call_s)
        self._timer = self._loop.call_later(min(patience.first_byte_s, self._longest_nap), self._look)

    def _look(self) -> None:
        left = self._patience.due() - self._clock()
        if left <= 0:
            self._limit.reschedule(self._loop.time())
        else:
            self._timer = self._loop.call_later(min(left, self._longest_nap), self._look)

    def stop(self) -> None:
        """No more looking."""
        self._timer.cancel()
