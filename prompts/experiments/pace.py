"""How fast the cells of one target are progressing, from the times at which its latest calls ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from prompts.core.speed import Speed

WINDOW_S = 120.0
FEWEST = 3
"""A rate is given only if at least so many calls have ended."""


@dataclass(eq=False, slots=True)
class Pace:
    """The latest endings of one target. The event loop writes, any thread may read."""

    clock: Callable[[], float]
    _ended: int = 0
    _speed: Speed = field(init=False)

    def __post_init__(self) -> None:
        self._speed = Speed(self.clock, WINDOW_S, from_s=0.0, fewest=FEWEST - 1)

    def over(self) -> None:
        """Note that a call has ended."""
        self._ended += 1
        self._speed.mark(self._ended)

    def per_minute(self) -> float | None:
        """Calls per minute that ended in the last two minutes; `None` if too few have ended."""
        rate = self._speed.per_s()
        return None if rate is None else 60 * rate

    def lately_per_s(self, *, waits: bool) -> float | None:
        """Calls per second; while it `waits` for a limit, the rate before the wait."""
        return self._speed.per_s(until_last=waits)
