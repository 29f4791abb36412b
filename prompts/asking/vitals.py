"""What whoever runs Collate asks of the process that asks models: whether it lives, could ask now, and its counts.

Says nothing of what is asked, nor of why something is wrong: strangers may hear the answer.
"""

from __future__ import annotations

import asyncio

from prompts.asking.runs import Runs
from prompts.record import leases
from prompts.record.recorder import RecordError


class Vitals:
    """The same on every side: called here, or in the process apart."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    async def live(self) -> bool:
        """True, which only an event loop that goes round can say."""
        return True

    async def ready(self) -> bool:
        """Whether an intent could be put on record, proved by a transaction that writes and leaves nothing."""
        recorder = self._runs.recorder
        if recorder is None:
            return False
        try:
            await recorder.write(leases.prove_writable)
        except RecordError:
            return False
        return True

    async def counts(self) -> str | None:
        """What was counted of settled calls, for Prometheus; `None` where nothing is counted."""
        counts = self._runs.runner.counts
        return None if counts is None else await asyncio.to_thread(counts.text)
