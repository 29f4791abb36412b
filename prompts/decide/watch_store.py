"""Watched experiments and the results of their repetitions, in the database. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from prompts.core.sanitize import mended, storable
from prompts.decide.ageing import Drift
from prompts.record import rights
from prompts.record.decision_tables import looks, watches
from prompts.record.rights import OPERATOR, Actor
from prompts.record.writes import either


@dataclass(frozen=True, slots=True)
class Watch:
    """An experiment that is repeated at intervals."""

    id: str
    plan_id: str
    """The id of the experiment, which may have been deleted."""
    created_at: datetime
    person: str
    every_days: int
    budget: Decimal
    """US dollars for one repetition."""
    asked_at: datetime | None
    """When it was last repeated; `None`: never."""

    def due(self, now: datetime) -> bool:
        """Whether the next repetition is due."""
        return now - (self.asked_at or self.created_at) >= timedelta(days=self.every_days)


@dataclass(frozen=True, slots=True)
class Moved:
    """One change beyond chance."""

    target: str
    """`provider:model`."""
    what: str
    """`passes less`, `passes more`, `slower`, `faster`, `answers`, `fingerprint` or `price`."""
    sentence: str
    confirmed: bool
    """Whether it is a fact, or was seen in two consecutive repetitions; else it may be chance."""


@dataclass(frozen=True, slots=True)
class Look:
    """The result of one repetition."""

    id: str
    watch_id: str
    at: datetime
    plan_id: str | None
    """The id of the experiment that is the repetition; `None` if it could not be asked."""
    moved: tuple[Moved, ...]
    problem: str | None
    """Why it could not be asked, or not to its end; `None` if it was."""


def put(connection: sa.Connection, watch: Watch, by: Actor = OPERATOR) -> None:
    """Watch an experiment in the name of `by`, or change how it is watched.

    Raises `NotAllowedError` if somebody else watches it.
    """
    _check(connection, watch.plan_id, by)
    values = {
        "every_days": watch.every_days,
        "budget": watch.budget,
        "person": mended(by.person or watch.person) or None,
    }
    insert = either(connection, watches).values(
        id=watch.id, plan_id=watch.plan_id, created_at=watch.created_at, asked_at=watch.asked_at, **values
    )
    connection.execute(insert.on_conflict_do_update(index_elements=["plan_id"], set_=values))


def stop(connection: sa.Connection, plan_id: str, by: Actor = OPERATOR) -> None:
    """Stop watching an experiment and delete what was seen. Raises `NotAllowedError`."""
    _check(connection, plan_id, by)
    connection.execute(watches.delete().where(watches.c.plan_id == plan_id))


def every(connection: sa.Connection) -> list[Watch]:
    """All watches, oldest first."""
    query = watches.select().order_by(watches.c.created_at, watches.c.id)
    return [_watch(row) for row in connection.execute(query).mappings()]


def claim(connection: sa.Connection, watch: Watch, now: datetime) -> bool:
    """Whether the caller may repeat it now: if several processes see that it is due, only one gets `True`."""
    mine = watches.update().where(watches.c.id == watch.id, watches.c.asked_at.is_not_distinct_from(watch.asked_at))
    return connection.execute(mine.values(asked_at=now)).rowcount == 1


def add_look(connection: sa.Connection, look: Look) -> None:
    """Record the result of a repetition, unless it is no longer watched."""
    if connection.scalar(sa.select(watches.c.id).where(watches.c.id == look.watch_id)) is None:
        return
    moved = [
        {"target": each.target, "what": each.what, "sentence": each.sentence, "confirmed": each.confirmed}
        for each in look.moved
    ]
    connection.execute(looks.insert(), {
        "id": look.id, "watch_id": look.watch_id, "at": look.at, "plan_id": look.plan_id, "moved": storable(moved),
        "problem": None if look.problem is None else mended(look.problem),
    })  # fmt: skip


def looks_of(connection: sa.Connection, watch_id: str) -> list[Look]:
    """All results of one watch, newest first."""
    query = looks.select().where(looks.c.watch_id == watch_id).order_by(looks.c.at.desc(), looks.c.id)
    return [_look(row) for row in connection.execute(query).mappings()]


def drifts(connection: sa.Connection) -> list[Drift]:
    """All certain changes, for the decisions based on them, newest first."""
    query = (
        sa.select(looks.c.at, looks.c.moved, watches.c.plan_id)
        .join(watches, watches.c.id == looks.c.watch_id)
        .order_by(looks.c.at.desc(), looks.c.id)
    )
    return [
        Drift(row.plan_id, each["target"], row.at, each["sentence"])
        for row in connection.execute(query)
        for each in row.moved
        if each["confirmed"]
    ]


def new_id() -> str:
    """An id for a watch or a look."""
    return str(uuid4())


def _check(connection: sa.Connection, plan_id: str, by: Actor) -> None:
    """Raise `NotAllowedError` if somebody else watches the experiment: its repetitions cost money, so they decide."""
    for owner in connection.scalars(sa.select(watches.c.person).where(watches.c.plan_id == plan_id)):
        rights.check(by, "watch an experiment, or stop it", owner)


def _watch(row: Mapping[Any, Any]) -> Watch:
    return Watch(
        row["id"], row["plan_id"], row["created_at"], row["person"] or "", row["every_days"], row["budget"],
        row["asked_at"],
    )  # fmt: skip


def _look(row: Mapping[Any, Any]) -> Look:
    moved = tuple(Moved(each["target"], each["what"], each["sentence"], each["confirmed"]) for each in row["moved"])
    return Look(row["id"], row["watch_id"], row["at"], row["plan_id"], moved, row["problem"])
