"""Serialises transactions that change what all processes share: money and gates.

One lock before any row: a transaction writes for many waiting jobs in their order of arrival, so with locks on rows two
transactions could each hold what the other needs next.
"""

from __future__ import annotations

import sqlalchemy as sa

from prompts.record.once import once

_LOCK = sa.text("SELECT pg_advisory_xact_lock(7203171120)")


def take_turn(connection: sa.Connection) -> None:
    """Hold the lock until the end of the transaction; may be called repeatedly.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        once(connection, "turn", lambda: connection.execute(_LOCK))
