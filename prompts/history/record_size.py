"""The size of the record: its bytes, its runs, its oldest run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from prompts.record.picture_store import size_beside
from prompts.record.schema import runs


@dataclass(frozen=True, slots=True)
class Extent:
    """The record as a whole."""

    runs: int
    size_bytes: int
    """The size of the database, including free space inside it, and of the pictures stored next to it."""
    oldest: datetime | None
    """When the first run was made; `None` if there is none."""


_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}
_OLDEST = sa.select(runs.c.created_at).order_by(runs.c.created_at).limit(1)
_COUNT = sa.select(sa.func.count()).select_from(runs)


def extent(connection: sa.Connection) -> Extent:
    """The size of the record."""
    size = connection.scalar(sa.text(_SIZE[connection.dialect.name]))
    whole = int(size or 0) + size_beside(connection)
    return Extent(connection.scalar(_COUNT) or 0, whole, connection.scalar(_OLDEST))


def older(connection: sa.Connection, before: datetime) -> int:
    """How many runs were made before that time."""
    return connection.scalar(_COUNT.where(runs.c.created_at < before)) or 0


def holds(connection: sa.Connection, run_id: str) -> bool:
    """Whether this run is on record."""
    return connection.scalar(sa.select(runs.c.id).where(runs.c.id == run_id)) is not None
