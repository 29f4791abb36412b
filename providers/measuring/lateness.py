"""Which times are too long because our own process was not running to read the clock.

Owns the stated accuracy of times shown, and when one exceeds it (docs/design/metrics.md#conditions). Pure: instants are
readings of one clock in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BEAT_S = 0.01
"""Seconds between heartbeats. What arrived during a pause is read within this time after it."""
LATE_S, LATE_SHARE = 0.02, 0.02
"""Stated accuracy: a time shown is at most so many seconds, or this fraction of it, too long, whichever is more."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The process did not run between these two instants."""

    since: float
    until: float

    @property
    def length_s(self) -> float:
        """The length of the pause in seconds."""
        return self.until - self.since

    def late_s(self, instant: float) -> float:
        """How much earlier an event read at `instant` may have happened; 0.0 if it was not delayed by this pause."""
        if not self.since <= instant < self.until + BEAT_S:
            return 0.0
        return min(instant, self.until) - self.since


@dataclass(frozen=True, slots=True)
class Span:
    """A time that is shown, by the instants at its two ends."""

    began: float
    ended: float

    def is_late(self, pauses: Iterable[Pause], sent: float | None = None) -> bool:
        """Whether it may be too long by more than the stated accuracy.

        A pause in its middle has no effect: it delays what arrived then, but not the end. Only a pause that keeps the
        request from being written delays everything; `sent` is when it was written, `None` if nothing is sent within
        it.
        """
        held = missed = 0.0
        for pause in pauses:
            if sent is not None and pause.until <= sent:
                held += pause.length_s
            else:
                missed = max(missed, pause.late_s(self.ended))
        return held + missed > max(LATE_S, LATE_SHARE * (self.ended - self.began))


def longest(pauses: Sequence[Pause], since: float) -> float:
    """The length in seconds of the longest pause that ended after `since`; 0.0 if there was none."""
    return max((pause.length_s for pause in pauses if pause.until > since), default=0.0)
