"""The database's own clock: machines whose clocks differ agree by it on who is alive and what may be sent.

On SQLite that is this machine's, which is the only one that writes.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from providers.measuring.measure import utc_now

_NOW = sa.select(sa.func.clock_timestamp())


def now(connection: sa.Connection) -> datetime:
    """The time there."""
    if connection.dialect.name != "postgresql":
        return utc_now()
    return connection.execute(_NOW).scalar_one()


def stamp(connection: sa.Connection) -> datetime | sa.ColumnElement[datetime]:
    """The same as a value to be written, without asking for it first."""
    return utc_now() if connection.dialect.name != "postgresql" else sa.func.clock_timestamp()
