"""The calls to hosts that each person has in progress, over all processes that share the record.

One row per call, owned by the process that asks: places of a process that died are free once it is removed.
"""

from __future__ import annotations

import sqlalchemy as sa

from prompts.core.sanitize import mended
from prompts.record import leases
from prompts.record.schema import metadata
from prompts.record.turns import take_turn

places = sa.Table(
    "places", metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("person", sa.Text, nullable=False, index=True),
    sa.Column("recorder_id", sa.String(36), sa.ForeignKey("recorders.id", ondelete="CASCADE"), nullable=False),
)  # fmt: skip
_HELD = sa.select(sa.func.count()).select_from(places).where(places.c.person == sa.bindparam("whose"))


def take(connection: sa.Connection, me: str, id: str, person: str, most: int) -> bool:
    """Take one of the `most` places of a person; `False`, changing nothing, if all are taken."""
    take_turn(connection)
    whose = mended(person)
    if (connection.scalar(_HELD, {"whose": whose}) or 0) >= most:
        return False
    leases.beat(connection, me)
    connection.execute(places.insert(), {"id": id, "person": whose, "recorder_id": me})
    return True


def leave(connection: sa.Connection, id: str) -> None:
    """Release the place of a finished call."""
    connection.execute(places.delete().where(places.c.id == id))
