"""People's named collections of runs; each function works inside the caller's transaction.

A run is in one collection at most. An empty collection keeps existing under its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from unicodedata import category
from uuid import uuid4

import sqlalchemy as sa

from prompts.core.sanitize import mended
from prompts.record.schema import completions, experiments, runs

LONGEST_NAME = 120
_MANY = 500
"""The most ids in one statement: SQLite and PostgreSQL each limit the number of parameters."""

_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
_NAMED = (
    sa.select(experiments.c.id)
    .where(experiments.c.name == sa.bindparam("name"))
    .order_by(experiments.c.created_at, experiments.c.id)
    .limit(1)
)
_KNOWN = sa.select(sa.exists().where(experiments.c.id == sa.bindparam("the_id")))
_BEFORE = sa.select(runs.c.id, runs.c.experiment_id).where(runs.c.id.in_(_WANTED))
_PUT = runs.update().where(runs.c.id.in_(_WANTED)).values(experiment_id=sa.bindparam("target"))
_ANSWERS = sa.select(completions.c.id).where(completions.c.run_id.in_(_WANTED)).order_by(completions.c.id)


def experiment(connection: sa.Connection, name: str, person: str, now: datetime) -> str:
    """The id of the collection of that name, created if there is none.

    Raises `ValueError` with a message for people.
    """
    name = mended(" ".join("".join(" " if category(c) == "Cc" else c for c in name).split()))
    if not any(c.isprintable() for c in name):
        raise ValueError("A collection needs a name.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"The name has {len(name):,} characters; at most {LONGEST_NAME} fit.")
    found: str | None = connection.scalar(_NAMED, {"name": name})
    if found is not None:
        return found
    new = str(uuid4())
    values = {"id": new, "created_at": now, "name": name, "person": person or None}
    connection.execute(experiments.insert(), values)
    return new


def put_under(
    connection: sa.Connection, run_ids: Sequence[str], experiment_id: str | None
) -> Mapping[str, str | None]:  # fmt: skip
    """Put runs into a collection, or into none; returns for each run on record where it was before.

    Raises `ValueError` if there is no such collection.
    """
    if experiment_id is not None and not connection.scalar(_KNOWN, {"the_id": experiment_id}):
        raise ValueError("That collection has been deleted.")
    before: dict[str, str | None] = {}
    for start in range(0, len(run_ids), _MANY):
        some = list(run_ids[start : start + _MANY])
        before |= {row.id: row.experiment_id for row in connection.execute(_BEFORE, {"wanted": some})}
        connection.execute(_PUT, {"wanted": some, "target": experiment_id})
    return before


def answers_of(connection: sa.Connection, run_ids: Sequence[str]) -> tuple[str, ...]:
    """The ids of the completions of these runs; a tag on a run as a whole is put on each of them."""
    found: list[str] = []
    for start in range(0, len(run_ids), _MANY):
        found += connection.scalars(_ANSWERS, {"wanted": list(run_ids[start : start + _MANY])})
    return tuple(found)
