"""Whether the answers of an experiment fit on the disk of the record, said before the start and when it is full."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from prompts.core.format import number_of, size
from prompts.experiments import cell_reading
from prompts.experiments.asked import Ending
from prompts.experiments.plan import Plan
from prompts.history.archive import Archive
from prompts.record import picture_store, room
from prompts.record.database_errors import RecordError
from providers.completion import GOOD_STATES


def check_room(engine: sa.Engine, plan: Plan, missing: int) -> None:
    """Raise `RecordError` if the disk certainly has too little room for so many answers, or for their pictures."""
    with engine.connect() as connection:
        inside = room.free_inside(connection)
    lack = picture_store.no_room(engine, missing) if plan.draws else None
    if said := lack or room.lack(engine, missing * room.FEWEST_BYTES - inside, number_of(missing, "answer")):
        raise RecordError(f"Nothing was sent. {said}")


def while_away(ending: Ending, archive: Archive, id: str) -> Ending:
    """The ending of an experiment whose record cannot be written: with how much is to be freed for what is missing."""
    try:
        missing = archive.read(lambda c: _missing(c, id))
    except RecordError:
        return ending
    return replace(ending, reason=f"{ending.reason} {missing}".strip())


def _missing(connection: sa.Connection, id: str) -> str:
    if connection.dialect.name != "sqlite":
        return ""
    _, counts = cell_reading.sums(connection, id)
    missing = sum(counts.values()) - answered(connection, id)
    more = room.lacking_bytes(connection.engine, missing * room.answer_bytes(connection))
    return f"The {number_of(missing, 'answer')} still missing need about {size(more)} more." if more else ""


def answered(connection: sa.Connection, id: str) -> int:
    """How many cells of the experiment have an answer on record."""
    _, counts = cell_reading.sums(connection, id)
    return sum(n for state, n in counts.items() if state in GOOD_STATES)
