"""Tells of each settled request, in a thread of its own: never between the first byte of an answer and its last.

The event loop only puts a `Call` into a queue, after the outcome is final. Whoever is told may be slow or fail.
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
"""How long what was told last may take to leave; a collector that is away loses it."""


class Listener(Protocol):
    """Is told of every call, in one thread."""

    def tell(self, call: Call) -> None:
        """This one is settled."""
        ...

    def close(self) -> None:
        """That was the last."""
        ...


class Teller:
    """One per process that asks. Without listeners it costs nothing and has no thread."""

    def __init__(self, listeners: Sequence[Listener] = ()) -> None:
        self._listeners = listeners
        self._settled: SimpleQueue[Call | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        if listeners:
            self._thread = threading.Thread(target=self._run, name="teller", daemon=True)
            self._thread.start()

    def tell(self, done: Completion, completion_id: str, settings: Settings) -> None:
        """A request is settled. Returns at once."""
        if self._thread is not None:
            self._settled.put(call_of(done, completion_id, settings))

    def close(self) -> None:
        """Let what was told leave. Blocks, at most `LAST_S`."""
        if self._thread is not None:
            self._settled.put(None)
            self._thread.join(LAST_S)

    def _run(self) -> None:
        while (call := self._settled.get()) is not None:
            for each in self._listeners:
                try:
                    each.tell(call)
                except Exception:
                    log.exception("a call could not be told: a defect of Collate itself")
        for each in self._listeners:
            each.close()


def teller_of(rules: TelemetryRules) -> tuple[Teller, Counts | None]:
    """Who is told of calls by these rules, and their counts where they are counted."""
    counts = None
    if rules.metrics:
        from prompts.observing.counts import Counts  # an extra, and no first page's

        counts = Counts()
    told = (logs.Calls() if rules.logs == "json" else None, spans.listener(), counts)
    return Teller([each for each in told if each is not None]), counts
