"""Whether anything is watched: all that the start of a dashboard needs to know."""

from __future__ import annotations

import sqlalchemy as sa

from prompts.record.decision_tables import watches


def any_watched(connection: sa.Connection) -> bool:
    """Whether there is a watch on record."""
    return connection.scalar(sa.select(watches.c.id).limit(1)) is not None
