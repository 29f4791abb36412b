"""The audit trail: who deleted, imported or configured what, and when. Append-only, inside the caller's transaction.

An act and its entry are in one transaction, so neither exists without the other. Never contains words written by people
or models: only ids, counts, names of settings and people, and why another program refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa

from prompts.core.sanitize import mended, storable
from prompts.record.column_types import Instant
from prompts.record.rights import Actor
from prompts.record.schema import metadata

Act = Literal[
    "deleted runs", "deleted an experiment", "deleted a prompt", "brought back a prompt", "deleted a ballot",
    "deleted a decision", "removed a note", "imported", "settings in force", "fetched prices", "asked to pull a model",
    "pulled a model", "could not pull a model", "stopped a pull", "asked to delete a model", "deleted a model",
    "could not delete a model",
]  # fmt: skip
ACTS: tuple[Act, ...] = get_args(Act)
What = Mapping[str, int | str | bool | list[str] | None]
NOW = {
    "sqlite": sa.text("strftime('%Y-%m-%d %H:%M:%f000', 'now')"),
    "postgresql": sa.func.clock_timestamp(),
}
"""The database's clock, which several servers share. In SQLite it has milliseconds."""
trail = sa.Table(
    "trail", metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    sa.Column("at", Instant, nullable=False, doc="by the clock of the database"),
    sa.Column("person", sa.Text, doc="who; empty where nobody logs in, and for what Collate does by itself"),
    sa.Column("admin", sa.Boolean, nullable=False, doc="whether they were an administrator then"),
    sa.Column("act", sa.String(32), nullable=False, doc="one of `trail.Act`"),
    sa.Column("what", sa.JSON, nullable=False, doc="ids, counts, settings and names of people; never a word of a text"),
)  # fmt: skip
"""Migration 0011 makes the database refuse changes and deletions in it."""

_NEWEST = trail.select().order_by(trail.c.number.desc())


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on record."""

    number: int
    at: datetime
    person: str
    """Empty if nobody logs in, and for what the program does by itself."""
    admin: bool
    act: str
    what: What


def note(connection: sa.Connection, by: Actor, act: Act, what: What) -> None:
    """Record an act that is being done."""
    row = {"person": mended(by.person) or None, "admin": by.admin, "act": act, "what": storable(dict(what))}
    connection.execute(trail.insert().values(at=NOW[connection.dialect.name], **row))


def newest(connection: sa.Connection, most: int, before: int | None = None) -> list[Entry]:
    """Entries, newest first; `before`: only those older than the entry with that number."""
    older = _NEWEST if before is None else _NEWEST.where(trail.c.number < before)
    return [_entry(row) for row in connection.execute(older.limit(most)).mappings()]


def settings_in_force(connection: sa.Connection, what: What) -> None:
    """Record the settings of this server if they differ from those at its last start."""
    theirs = _NEWEST.where(trail.c.act == "settings in force")
    for entry in map(_entry, connection.execute(theirs).mappings()):
        if entry.what.get("server") == what.get("server"):
            if entry.what == what:
                return
            break
    note(connection, Actor("", admin=True), "settings in force", what)


def _entry(row: Mapping[Any, Any]) -> Entry:
    return Entry(row["number"], row["at"], row["person"] or "", row["admin"], row["act"], row["what"])
