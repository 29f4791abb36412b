"""Which times are longer than the answer took, since our own process was not there to read the clock.

Owns what is stated of a time that is shown, and when one is off by more (docs/design/metrics.md#conditions).
Pure: instants come in as readings of one clock in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BEAT_S = 0.01
"""How often the process is felt for. What had piled up in a pause is read within so much after it."""
LATE_S, LATE_SHARE = 0.02, 0.02
"""A time that is shown is at most so much too long: this many seconds or this part of it, whichever is more."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The process did not run between these two instants."""

    since: float
    until: float

    @property
    def length_s(self) -> float:
        """Seconds."""
        return self.until - self.since

    def late_s(self, instant: float) -> float:
        """How much sooner than at `instant` that may have happened which was read then; 0.0: it was not missed."""
        if not self.since <= instant < self.until + BEAT_S:
            return 0.0
        return min(instant, self.until) - self.since


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time that is shown: what was read at its two ends."""

    began: float
    ended: float

    def is_late(self, pauses: Iterable[Pause], sent: float | None = None) -> bool:
        """Whether it may be too long by more than is stated.

        A pause in its middle changes nothing: it delays what came then, and not what ends it. Only what keeps the
        request from being written delays everything; `sent` is when it was, `None` where nothing is sent within it.
        """
        held = missed = 0.0
        for pause in pauses:
            if sent is not None and pause.until <= sent:
                held += pause.length_s
            else:
                missed = max(missed, pause.late_s(self.ended))
        return held + missed > max(LATE_S, LATE_SHARE * (self.ended - self.began))


def longest(pauses: Sequence[Pause], since: float) -> float:
    """The longest pause that ended after `since`, seconds; 0.0: there was none."""
    return max((pause.length_s for pause in pauses if pause.until > since), default=0.0)
