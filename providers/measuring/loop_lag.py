"""Was our own process there to listen? A pulse in the event loop, while answers are measured.

Owns the one question that a clock alone cannot answer: whether an instant was read when something
happened, or only when this process had the processor again. What that means for a figure is `lateness.py`'s.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

from providers.measuring.lateness import BEAT_S, LATE_S, Pause


class Pulse:
    """Felt from its making until `stop`. All of one event loop feel the same beats, so many cost no more than one.

    `clock` is the one that the pauses are told in; it and the loop's own run at one speed.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        loop = asyncio.get_running_loop()
        self._since = loop.time()
        self._ahead = clock() - self._since
        self._asleep_s = _asleep_s()
        self.pauses: list[Pause] = []
        """Those of `LATE_S` and more, in their order: no shorter one takes a time further off than is stated."""
        self._heart = _hearts.get(loop) or _hearts.setdefault(loop, _Heart(loop))
        self._heart.join(self)

    def paused_s(self) -> float:
        """All pauses until now together, the present one included if nobody has noticed it yet."""
        late = self._heart.late_s(self._since)
        return sum(pause.length_s for pause in self.pauses) + (late if late >= LATE_S else 0.0)

    @property
    def slept(self) -> bool:
        """Whether the machine was suspended meanwhile, which its clock left out."""
        return _asleep_s() - self._asleep_s >= LATE_S

    def stop(self) -> None:
        """No more beats; a beat that is overdue counts."""
        self._heart.leave(self)

    def feel(self, due: float, now: float) -> None:
        """A beat came at `now` that was due at `due`; what was late before this pulse was made is not its pause."""
        since = max(due, self._since)
        if now - since >= LATE_S:
            self.pauses.append(Pause(since + self._ahead, now + self._ahead))


class _Heart:
    """Beats in one event loop while anybody feels it: some microseconds a beat."""

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
        """How long the next beat is overdue, as felt by one who came at `since`."""
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
    """How long this machine has been suspended since it started, where the clock leaves that out: on Linux."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return 0.0 if clock is None else time.clock_gettime(clock) - time.clock_gettime(time.CLOCK_MONOTONIC)


_hearts: WeakKeyDictionary[asyncio.AbstractEventLoop, _Heart] = WeakKeyDictionary()
