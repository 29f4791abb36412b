"""Whether anything is watched: all that the start of a dashboard needs to know. What asks again is read when it is."""

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
"""How often a record that watches nothing is looked at: any program may begin to."""


def any_watched(connection: sa.Connection) -> bool:
    """Whether there is a watch on record."""
    return connection.scalar(sa.select(watches.c.id).limit(1)) is not None


async def watch_when_wanted(archive: Archive, asks: Callable[[], Asks | None], connections: Connections) -> None:
    """Ask watched experiments again when they are due, from the moment there are any. Goes on until it is cancelled."""
    while not await asyncio.to_thread(_wanted, archive):  # noqa: ASYNC110 -- another program's doing wakes nobody here
        await asyncio.sleep(WANTED_S)
    from prompts.decide.watching import keep_watching  # most records watch nothing

    await keep_watching(archive, asks, connections, utc_now)


def _wanted(archive: Archive) -> bool:
    try:
        return archive.read(any_watched)
    except RecordError:
        return False
