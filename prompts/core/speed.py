"""The speed of some work, from how much was done at which time; and from that, how long the rest takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from prompts.core import format as text_of

_MARKS = 200
"""The most marks in a window; closer ones are merged, so that frequent marks do not shorten the window."""


@dataclass(eq=False, slots=True)
class Speed:
    """The speed over the last `window_s` seconds. One thread marks, any thread may read."""

    clock: Callable[[], float]
    window_s: float = 30.0
    from_s: float = 3.0
    """Minimum time in seconds before a speed is given."""
    fewest: float = 0.0
    """Minimum amount of work before a speed is given, in the unit of what is marked."""
    _marks: deque[tuple[float, float]] = field(default_factory=deque[tuple[float, float]])

    def mark(self, done: float) -> None:
        """Note that `done` of the work is done by now, in any unit."""
        now = self.clock()
        if len(self._marks) > 1 and now - self._marks[-2][0] < self.window_s / _MARKS:
            self._marks[-1] = now, done
        else:
            self._marks.append((now, done))
        while self._marks[0][0] < now - self.window_s:
            self._marks.popleft()

    def per_s(self, *, until_last: bool = False) -> float | None:
        """Work per second; `None` until it can be told, and if nothing was marked recently.

        `until_last`: the speed at the time of the last mark, however long ago.
        """
        marks = self._marks.copy()
        now = marks[-1][0] if until_last and marks else self.clock()
        recent = [mark for mark in marks if mark[0] >= now - self.window_s]
        if not recent or now <= recent[0][0] or now - recent[0][0] < self.from_s:
            return None
        done = max(0.0, recent[-1][1] - recent[0][1])  # work that starts over does not count as negative speed
        return done / (now - recent[0][0]) if done >= self.fewest else None

    def left_s(self, rest: float) -> float | None:
        """Seconds until `rest` more is done at that speed; `None` if unknown."""
        speed = self.per_s()
        return rest / speed if speed else None


@dataclass(eq=False, slots=True)
class TimeLeft:
    """The time left of work whose end is known, as words beside its progress bar."""

    clock: Callable[[], float]
    whole: float = 1.0
    _speed: Speed = field(init=False)

    def __post_init__(self) -> None:
        self._speed = Speed(self.clock)
        self._speed.mark(0.0)

    def said(self, done: float) -> str:
        """`, about 2 min left` when `done` is reached; empty until it can be told, and if nothing is left."""
        self._speed.mark(done)
        left = text_of.time_left(self._speed.left_s(self.whole - done) if done < self.whole else None)
        return f", {left}" if left else ""
