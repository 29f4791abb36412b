"""The state of the process that asks models, for whoever runs Collate: is it alive, is it ready, and its counts.

Reveals nothing about what is asked, nor why something is wrong, as strangers may see the answers.
"""

from __future__ import annotations

import asyncio

from prompts.asking.runs import Runs
from prompts.record import leases
from prompts.record.recorder import RecordError


class Vitals:
    """Vital signs, with the same methods here and through the link to another process."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    async def live(self) -> bool:
        """Always true: that it returns at all proves that the event loop runs."""
        return True

    async def ready(self) -> bool:
        """Whether an intent could be recorded, tried with a transaction that writes and is rolled back."""
        recorder = self._runs.recorder
        if recorder is None:
            return False
        try:
            await recorder.write(leases.prove_writable)
        except RecordError:
            return False
        return True

    async def counts(self) -> str | None:
        """Counts of settled calls in Prometheus format; `None` if nothing is counted."""
        counts = self._runs.runner.counts
        return None if counts is None else await asyncio.to_thread(counts.text)
