"""The database's clock, by which machines with different clocks agree on who is alive and what may be sent.

For SQLite that is this machine's clock, as only this machine writes.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from providers.measuring.measure import utc_now

_NOW = sa.select(sa.func.clock_timestamp())


def now(connection: sa.Connection) -> datetime:
    """The current time by the database's clock."""
    if connection.dialect.name != "postgresql":
        return utc_now()
    return connection.execute(_NOW).scalar_one()


def stamp(connection: sa.Connection) -> datetime | sa.ColumnElement[datetime]:
    """The current time as a value to be written, without a query of its own."""
    return utc_now() if connection.dialect.name != "postgresql" else sa.func.clock_timestamp()
