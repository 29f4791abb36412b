"""How fast the cells of one target go, from when its newest calls ended."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_S = 120.0
FEWEST = 3
"""Calls that must have ended before a rate is told."""


@dataclass(eq=False, slots=True)
class Pace:
    """The newest endings of one target. The event loop writes, any thread reads."""

    clock: Callable[[], float]
    ends: deque[float] = field(default_factory=lambda: deque[float](maxlen=1000))

    def over(self) -> None:
        """A call has ended."""
        self.ends.append(self.clock())

    def per_minute(self) -> float | None:
        """Calls that ended by the minute, in the last two minutes; `None` before enough have."""
        now = self.clock()
        recent = [at for at in self.ends.copy() if at >= now - WINDOW_S]
        if len(recent) < FEWEST or now <= recent[0]:
            return None
        return 60 * (len(recent) - 1) / (now - recent[0])

    def left_s(self, cells: int) -> float | None:
        """Seconds for so many more at that rate."""
        rate = self.per_minute()
        return 60 * cells / rate if rate else None
