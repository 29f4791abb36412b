"""The workers on record: which process asks, on which machine, for which providers, and whether it is alive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from prompts.record import clock, leases, rights
from prompts.record.experiment_tables import workers
from prompts.record.rights import OPERATOR, Actor
from prompts.record.schema import completions
from prompts.record.writes import either

Kind = Literal["worker", "dashboard", "run"]
LET_LEAVE: rights.Act = "let a worker leave"
SILENT = timedelta(seconds=30)
"""After so long without a sign of life a worker is not counted on; it may come back."""
_LONGEST_NAME = 64
"""The longest machine name in Linux. Names come from other processes and are shown wherever workers are."""

_BUSY = (
    sa.select(sa.func.count())
    .select_from(completions)
    .where(completions.c.recorder_id == workers.c.id, completions.c.state.in_(("sent", "streaming")))
    .scalar_subquery()
)
_ALL = sa.select(workers, _BUSY.label("running")).order_by(workers.c.joined_at, workers.c.id)
_ONE = workers.c.id == sa.bindparam("the_id")


@dataclass(frozen=True, slots=True)
class Listening:
    """What a process reports about itself."""

    kind: Kind
    host: str
    providers: tuple[str, ...]
    at_once: int


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One process that asks experiments together with others."""

    id: str
    host: str
    kind: Kind
    providers: tuple[str, ...]
    """The names it listens for, such as `openai` or `ollama@gpu-box`."""
    running: int
    """Calls in progress according to the record."""
    per_minute: float | None
    """Its calls per minute that ended lately; `None` if too few have."""
    seen_ago_s: float
    """Seconds since its last sign of life, by the database's clock."""
    joined_at: datetime
    draining: bool
    at_once: int
    """How many calls it sends to each hosted provider at the same time."""

    @property
    def silent(self) -> bool:
        """Whether there was no sign of life for too long."""
        return self.seen_ago_s > SILENT.total_seconds()


def beat(connection: sa.Connection, me: str, tells: Listening, per_minute: float | None) -> bool:
    """Record a sign of life, also the first one; returns whether the worker was asked to leave."""
    leases.beat(connection, me)
    now = clock.now(connection)
    fixed = {
        "host": tells.host, "kind": tells.kind, "providers": list(tells.providers), "at_once": tells.at_once,
    }  # fmt: skip
    fresh = {**fixed, "seen_at": now, "per_minute": per_minute}
    insert = either(connection, workers).values(id=me, joined_at=now, draining=False, **fresh)
    connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=fresh))
    return bool(connection.scalar(sa.select(workers.c.draining).where(_ONE), {"the_id": me}))


def leave(connection: sa.Connection, me: str) -> None:
    """Remove the worker from the record."""
    connection.execute(workers.delete().where(_ONE), {"the_id": me})


def drain(connection: sa.Connection, id: str, by: Actor = OPERATOR) -> None:
    """Ask a worker to claim nothing new, and to leave once its calls have ended. Raises `NotAllowedError`."""
    rights.check(by, LET_LEAVE)
    connection.execute(workers.update().where(_ONE).values(draining=True), {"the_id": id})


def every(connection: sa.Connection) -> list[WorkerRow]:
    """All workers, in the order in which they joined."""
    now = clock.now(connection)
    return [
        WorkerRow(
            row.id, _name(row.host), row.kind, tuple(map(_name, row.providers)), row.running, row.per_minute,
            max(0.0, (now - row.seen_at).total_seconds()), row.joined_at, row.draining, row.at_once,
        )
        for row in connection.execute(_ALL)
    ]  # fmt: skip


def _name(told: str) -> str:
    return told if len(told) <= _LONGEST_NAME else f"{told[: _LONGEST_NAME - 1]}…"


def ids(connection: sa.Connection) -> list[str]:
    """The ids of all workers on record."""
    return list(connection.scalars(sa.select(workers.c.id)))


def listening(connection: sa.Connection, names: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The workers to notify about these providers, each with the names it listens for."""
    wanted = set(names)
    found = {row.id: sorted(wanted & set(row.providers)) for row in every(connection) if _takes(row)}
    return {id: theirs for id, theirs in found.items() if theirs}


def unserved(connection: sa.Connection, names: Iterable[str]) -> set[str]:
    """Those of these names that nobody listens for."""
    served = {name for row in every(connection) if _takes(row) for name in row.providers}
    return set(names) - served


def at_once(connection: sa.Connection, name: str) -> int | None:
    """Calls that all workers listening for a name send to it at the same time; `None` if nobody listens."""
    rows = [row for row in every(connection) if _takes(row) and name in row.providers]
    return sum(row.at_once for row in rows) or None


def _takes(row: WorkerRow) -> bool:
    return not row.draining and not row.silent
