"""Whoever changes what all processes share takes turns: money and gates are counted by one transaction at a time.

One lock before any row of them, for a transaction writes what many wait for in the order in which it came: with a
lock a row, two of those could each hold what the other wants next.
"""

from __future__ import annotations

import sqlalchemy as sa

from prompts.record.once import once

_LOCK = sa.text("SELECT pg_advisory_xact_lock(7203171120)")


def take_turn(connection: sa.Connection) -> None:
    """Until the end of the transaction; once is enough. SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        once(connection, "turn", lambda: connection.execute(_LOCK))
