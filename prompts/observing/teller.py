"""Reports each settled request to listeners from a separate thread, never while an answer is arriving.

The event loop only puts a `Call` into a queue, after the outcome is final. Listeners may be slow or fail.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from queue import SimpleQueue
from typing import TYPE_CHECKING, Protocol

from prompts.observing import logs, spans
from prompts.observing.call import Call, call_of
from providers.completion import Completion
from providers.config.telemetry import TelemetryRules
from providers.interface import Settings

if TYPE_CHECKING:
    from prompts.observing.counts import Counts

log = logging.getLogger("collate")

LAST_S = 3.0
"""Seconds given to the last reports to be sent; what an unreachable collector has not received by then is lost."""


class Listener(Protocol):
    """Receives every call, in one thread."""

    def tell(self, call: Call) -> None:
        """Take note of a settled call."""
        ...

    def close(self) -> None:
        """No more calls will follow: finish."""
        ...


class Teller:
    """One per process that asks. Without listeners it has no thread and does nothing."""

    def __init__(self, listeners: Sequence[Listener] = ()) -> None:
        self._listeners = listeners
        self._settled: SimpleQueue[Call | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        if listeners:
            self._thread = threading.Thread(target=self._run, name="teller", daemon=True)
            self._thread.start()

    def tell(self, done: Completion, completion_id: str, settings: Settings) -> None:
        """Report a settled request. Returns at once."""
        if self._thread is not None:
            self._settled.put(call_of(done, completion_id, settings))

    def close(self) -> None:
        """Wait until the reports are sent, at most `LAST_S`."""
        if self._thread is not None:
            self._settled.put(None)
            self._thread.join(LAST_S)

    def _run(self) -> None:
        while (call := self._settled.get()) is not None:
            for each in self._listeners:
                try:
                    each.tell(call)
                except Exception:
                    log.exception("a call could not be reported: a defect of Collate itself")
        for each in self._listeners:
            each.close()


def teller_of(rules: TelemetryRules) -> tuple[Teller, Counts | None]:
    """The teller with the configured listeners, and its counters if counting is enabled."""
    counts = None
    if rules.metrics:
        from prompts.observing.counts import Counts  # an optional extra, not needed for the first page

        counts = Counts()
    told = (logs.Calls() if rules.logs == "json" else None, spans.listener(), counts)
    return Teller([each for each in told if each is not None]), counts
