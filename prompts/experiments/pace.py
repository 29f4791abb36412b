"""How fast the cells of one target go, from when its newest calls ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from prompts.core.speed import Speed

WINDOW_S = 120.0
FEWEST = 3
"""Calls that must have ended before a rate is told."""


@dataclass(eq=False, slots=True)
class Pace:
    """The newest endings of one target. The event loop writes, any thread reads."""

    clock: Callable[[], float]
    _ended: int = 0
    _speed: Speed = field(init=False)

    def __post_init__(self) -> None:
        self._speed = Speed(self.clock, WINDOW_S, from_s=0.0, fewest=FEWEST - 1)

    def over(self) -> None:
        """A call has ended."""
        self._ended += 1
        self._speed.mark(self._ended)

    def per_minute(self) -> float | None:
        """Calls that ended by the minute, in the last two minutes; `None` before enough have."""
        rate = self._speed.per_s()
        return None if rate is None else 60 * rate

    def lately_per_s(self, *, waits: bool) -> float | None:
        """The same by the second; while it `waits`, as it was when it still went on."""
        return self._speed.per_s(until_last=waits)
