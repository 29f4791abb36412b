"""Enforces time limits: how long to wait before a completion is ended.

Owns the deadlines and checking them against the clock. An SDK's timeout only bounds the gap between two reads; a server
that drips or pings for ever is ended here. Only time in which we listened counts: while our own process was paused,
data may be waiting unread, and must be read before a deadline is judged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from providers import errors
from providers.config.deadlines import Limits
from providers.errors import Failure
from providers.measuring.timing import Marks
from providers.network.exchange import CONNECT_S, Exchange


@dataclass(frozen=True, slots=True)
class Patience:
    """The deadlines of one attempt, given what has arrived so far."""

    limits: Limits
    marks: Marks
    exchange: Exchange
    paused_s: Callable[[], float] = float
    """How long our own process was paused since the attempt began, in all."""

    def due(self) -> float:
        """The reading of the clock at which the next deadline expires."""
        return min(instant for instant, _ in self._ends()) + self.paused_s()

    def failure(self, now: float) -> Failure:
        """The failure for the deadline that expired. What was never sent may be sent again."""
        listened = now - self.paused_s()
        told = min((instant, told) for instant, told in self._ends() if instant <= listened)[1]
        return errors.failure("timeout", told, retry="yes" if self._connecting else None)

    @property
    def _connecting(self) -> bool:
        return self.exchange.connecting_at is not None and self.exchange.sent_at is None

    def _ends(self) -> Iterator[tuple[float, str]]:
        limits, start = self.limits, self.marks.t0
        if self._connecting and self.exchange.connecting_at is not None:
            yield self.exchange.connecting_at + CONNECT_S, f"no connection within {CONNECT_S:g} s"
        yield start + limits.call_s, f"not finished within {limits.call_s:g} s"
        if self.exchange.headers_at is None and self.marks.chunks == 0:
            yield start + limits.first_byte_s, f"no answer began within {limits.first_byte_s:g} s"
            return
        text = max(self.exchange.headers_at or start, self.marks.last_chunk or start)
        heard = max(text, self.exchange.read_at or start)
        yield text + limits.no_content_s, f"no text for {limits.no_content_s:g} s"
        yield heard + limits.silence_s, f"no sign of life for {limits.silence_s:g} s"


class Watch:
    """Ends a stream that is past a deadline. Checks only when one may have expired, so a delta costs nothing."""

    def __init__(self, patience: Patience, clock: Callable[[], float], limit: asyncio.Timeout) -> None:
        self._patience, self._clock, self._limit = patience, clock, limit
        self._loop = asyncio.get_running_loop()
        limits = patience.limits
        self._longest_nap = min(limits.silence_s, limits.no_content_s, limits.call_s, CONNECT_S)
        self._timer = self._loop.call_later(min(limits.first_byte_s, self._longest_nap), self._look)

    def _look(self) -> None:
        left = self._patience.due() - self._clock()
        if left <= 0:
            self._limit.reschedule(self._loop.time())
        else:
            self._timer = self._loop.call_later(min(left, self._longest_nap), self._look)

    def stop(self) -> None:
        """Stop checking."""
        self._timer.cancel()
