"""Deletes what is older than the configured retention allows: at start, and then once a day."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from prompts.history.archive import Archive
from prompts.record.database import RecordError
from prompts.record.deletion import Deleted
from providers.measuring.measure import utc_now

log = logging.getLogger("collate")

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Tidied:
    """The result of the latest deletion."""

    at: datetime
    deleted: Deleted | None
    """`None` if it failed."""
    problem: str | None = None
    """Why it failed, with a message for people."""


class Retention:
    """One per process. `last` is the latest result; `None` before the first."""

    def __init__(self, archive: Archive, days: int) -> None:
        self._archive, self._days = archive, days
        self._stopped = False
        self.last: Tidied | None = None

    async def keep_tidy(self) -> None:
        """Delete once a day until cancelled."""
        while True:
            self.last = await asyncio.to_thread(self._tidy)
            await asyncio.sleep(DAY_S)

    def stop(self) -> None:
        """Make a running deletion end after its present step."""
        self._stopped = True

    def _tidy(self) -> Tidied:
        now = utc_now()
        try:
            deleted = self._archive.delete_older(now - timedelta(days=self._days), self._watch)
        except RecordError as exc:
            log.warning("runs older than %s days could not be deleted: %s", self._days, exc)
            return Tidied(now, None, str(exc))
        if deleted.runs:
            log.info("deleted %s runs that were older than %s days", deleted.runs, self._days)
        return Tidied(now, deleted)

    def _watch(self, _gone: int) -> None:
        if self._stopped:
            raise RecordError("Collate ended before everything was deleted; it continues at the next start.")
