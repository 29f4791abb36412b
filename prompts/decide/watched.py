"""Repeats watched experiments in the background. Imports what that needs only once something is watched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from prompts.history.archive import Archive
from prompts.record.decision_tables import watches
from prompts.record.recorder import RecordError
from providers.measuring.measure import utc_now

if TYPE_CHECKING:
    from prompts.asking.runner import Connections
    from prompts.decide.watching import Asks

WANTED_S = 600.0
"""Seconds between checks of a record without watches; another program may add one."""


def any_watched(connection: sa.Connection) -> bool:
    """Whether there is any watch on record."""
    return connection.scalar(sa.select(watches.c.id).limit(1)) is not None


async def watch_when_wanted(archive: Archive, asks: Callable[[], Asks | None], connections: Connections) -> None:
    """From when there are watches, repeat watched experiments when they are due, until cancelled."""
    while not await asyncio.to_thread(_wanted, archive):  # noqa: ASYNC110 -- no event tells of another program's watch
        await asyncio.sleep(WANTED_S)
    from prompts.decide.watching import keep_watching  # not needed for most records

    await keep_watching(archive, asks, connections, utc_now)


def _wanted(archive: Archive) -> bool:
    try:
        return archive.read(any_watched)
    except RecordError:
        return False
