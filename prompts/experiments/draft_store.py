"""Drafts of experiments on record. Inside the caller's transaction; the content of a draft is its owner's business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from prompts.core.sanitize import mended
from prompts.record.experiment_tables import drafts
from prompts.record.writes import either

MOST = 200
"""The most drafts on record; the oldest are deleted."""
_ID: sa.BindParameter[Any] = sa.bindparam("the_id")
_NEWEST = sa.select(drafts.c.id, drafts.c.name, drafts.c.changed_at).order_by(drafts.c.changed_at.desc())
_BODY = sa.select(drafts.c.person, drafts.c.draft).where(drafts.c.id == _ID)
_DROP = drafts.delete().where(drafts.c.id == _ID, drafts.c.person == sa.bindparam("whose"))


def oldest(most: int) -> sa.Delete:
    """A statement that deletes all but the `most` drafts that were changed last."""
    kept = sa.select(drafts.c.id).order_by(drafts.c.changed_at.desc()).limit(most)
    return drafts.delete().where(drafts.c.id.not_in(kept))


_OLDEST = oldest(MOST)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list."""

    id: str
    name: str
    changed_at: datetime


def save(connection: sa.Connection, id: str, person: str, name: str, body: Mapping[str, Any], at: datetime) -> None:
    """Save the present state of a draft. A draft of somebody else with that id is not changed."""
    values = {"person": mended(person), "name": mended(name), "changed_at": at, "draft": body}
    insert = either(connection, drafts).values(id=id, **values)
    theirs = drafts.c.person == values["person"]
    connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values, where=theirs))
    connection.execute(_OLDEST)


def find(connection: sa.Connection, id: str) -> tuple[str, Mapping[str, Any]] | None:
    """The owner and the last saved content; `None` if there is no draft with that id."""
    row = connection.execute(_BODY, {"the_id": mended(id)}).one_or_none()
    return None if row is None else (row.person, row.draft)


def newest(connection: sa.Connection, person: str, most: int) -> Sequence[DraftLine]:
    """The drafts of one person, last changed first."""
    found = connection.execute(_NEWEST.where(drafts.c.person == mended(person)).limit(most))
    return [DraftLine(row.id, row.name, row.changed_at) for row in found]


def drop(connection: sa.Connection, id: str, person: str) -> None:
    """Delete a draft if it belongs to `person`."""
    connection.execute(_DROP, {"the_id": id, "whose": mended(person)})
