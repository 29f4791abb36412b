"""Detects pauses of our own process while answers are measured, by a heartbeat in the event loop.

Answers the question that a clock alone cannot: whether an instant was read when something happened, or only when this
process ran again. The effect on a figure is computed by `lateness.py`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

from providers.measuring.lateness import BEAT_S, LATE_S, Pause


class Pulse:
    """Records pauses from its creation until `stop`. All pulses of one event loop share its heartbeat, so many cost no
    more than one.

    `clock` is the clock for the recorded pauses; it and the loop's own clock must run at the same speed.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        loop = asyncio.get_running_loop()
        self._since = loop.time()
        self._ahead = clock() - self._since
        self._asleep_s = _asleep_s()
        self.pauses: list[Pause] = []
        """Pauses of at least `LATE_S`, in order; shorter ones do not exceed the stated accuracy."""
        self._heart = _hearts.get(loop) or _hearts.setdefault(loop, _Heart(loop))
        self._heart.join(self)

    def paused_s(self) -> float:
        """The total length of all pauses until now, including a present one that was not noticed yet."""
        late = self._heart.late_s(self._since)
        return sum(pause.length_s for pause in self.pauses) + (late if late >= LATE_S else 0.0)

    @property
    def slept(self) -> bool:
        """Whether the machine was suspended meanwhile, which its clock did not count."""
        return _asleep_s() - self._asleep_s >= LATE_S

    def stop(self) -> None:
        """Stop recording; an overdue beat still counts as a pause."""
        self._heart.leave(self)

    def feel(self, due: float, now: float) -> None:
        """Record a beat at `now` that was due at `due`; lateness from before this pulse was created is ignored."""
        since = max(due, self._since)
        if now - since >= LATE_S:
            self.pauses.append(Pause(since + self._ahead, now + self._ahead))


class _Heart:
    """The heartbeat of one event loop, running while there are pulses: some microseconds per beat."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._pulses: set[Pulse] = set()
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def join(self, pulse: Pulse) -> None:
        self._pulses.add(pulse)
        if self._timer is None:
            self._plan()

    def leave(self, pulse: Pulse) -> None:
        if pulse in self._pulses:
            pulse.feel(self._due, self._loop.time())
            self._pulses.discard(pulse)
        if not self._pulses and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def late_s(self, since: float) -> float:
        """How many seconds the next beat is overdue, counted from `since` at the earliest."""
        return self._loop.time() - max(self._due, since) if self._timer is not None else 0.0

    def _plan(self) -> None:
        self._due = self._loop.time() + BEAT_S
        self._timer = self._loop.call_at(self._due, self._beat)

    def _beat(self) -> None:
        now = self._loop.time()
        if now - self._due >= LATE_S:
            for pulse in self._pulses:
                pulse.feel(self._due, now)
        self._plan()


def _asleep_s() -> float:
    """Seconds this machine has been suspended since it started, if its clock excludes that: on Linux."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return 0.0 if clock is None else time.clock_gettime(clock) - time.clock_gettime(time.CLOCK_MONOTONIC)


_hearts: WeakKeyDictionary[asyncio.AbstractEventLoop, _Heart] = WeakKeyDictionary()
