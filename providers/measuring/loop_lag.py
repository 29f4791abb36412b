"""Was our own process there to listen? A pulse in the event loop, while an answer is measured.

Owns the one question that a clock alone cannot answer: whether an instant was read when something
happened, or only when this process had the processor again.
"""

from __future__ import annotations

import asyncio

BEAT_S = 0.02
LATE_S = 0.05
"""From here on a time is not what it would have been: ten times what the switch between threads may take."""


class Pulse:
    """Beats from its making until `stop`. Costs some microseconds a beat; a stream costs more each delta."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._longest_s = 0.0
        self._plan()

    @property
    def pause_s(self) -> float:
        """The longest time for which the loop did not run, seconds; 0.0 where no pause reached `LATE_S`."""
        return self._longest_s if self._longest_s >= LATE_S else 0.0

    def stop(self) -> None:
        """No more beats; a beat that is overdue counts."""
        self._timer.cancel()
        self._feel()

    def _plan(self) -> None:
        self._due = self._loop.time() + BEAT_S
        self._timer = self._loop.call_at(self._due, self._beat)

    def _beat(self) -> None:
        self._feel()
        self._plan()

    def _feel(self) -> None:
        self._longest_s = max(self._longest_s, self._loop.time() - self._due)
