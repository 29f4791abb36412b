"""Experiments in the record: what was planned, who is asking it, and its money. Inside the caller's transaction.

Money is added up here and not in SQL: SQLite keeps it as text. Whoever changes it holds the row until the
transaction ends, so two calls never spend the same dollar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from prompts.core.sanitize import mended
from prompts.experiments import cell_store
from prompts.experiments.asked import Stage
from prompts.experiments.plan import Plan
from prompts.experiments.stored_plan import plan_from, plan_json
from prompts.record import leases, trail
from prompts.record.database_errors import RecordError
from prompts.record.experiment_tables import cells, plans
from prompts.record.once import forget, once
from prompts.record.rights import Actor
from prompts.record.schema import attempts, completions, may_be_charged, runs
from prompts.record.turns import take_turn

GONE = "This experiment is no longer on record."
RUNNING = "This experiment is being asked already. Pause or stop it first."
NO_MONEY = "The budget is reached."

_ID: sa.BindParameter[Any] = sa.bindparam("the_id")
_HEAD = sa.select(*(column for column in plans.c if column.name != "plan"))
_ONE = _HEAD.where(plans.c.id == _ID)
_BODY = sa.select(plans.c.plan).where(plans.c.id == _ID)
_CHANGE = plans.update().where(plans.c.id == _ID)
_SHARED = plans.c.stage == "running", plans.c.asked_as.is_not(None)
_FREE = plans.c.recorder_id.is_(None), sa.or_(plans.c.stage != "running", plans.c.asked_as.is_(None))
_STAGE = sa.select(plans.c.stage).where(plans.c.id == _ID)
_MONEY = sa.select(plans.c.budget, plans.c.spent, plans.c.reserved).where(plans.c.id == _ID).with_for_update()
_PLAN: sa.BindParameter[Any] = sa.bindparam("plan")
_ours = cells.c.plan_id == _PLAN, cells.c.taken_from.is_(None)
_COSTS = (
    sa.select(completions.c.cost_amount)
    .join(cells, cells.c.completion_id == completions.c.id)
    .where(*_ours, completions.c.cost_amount.is_not(None))
)
_EARLIER_COSTS = (
    sa.select(attempts.c.cost_amount)
    .join(cells, cells.c.completion_id == attempts.c.completion_id)
    .where(*_ours, attempts.c.cost_amount.is_not(None))
)
_HELD = sa.select(cells.c.reserved).where(cells.c.plan_id == _PLAN, cells.c.reserved.is_not(None))
_KNOWN_BY_NOW = (
    cells.update()
    .where(cells.c.plan_id == _PLAN, cells.c.reserved.is_not(None))
    .where(
        sa.exists().where(completions.c.id == cells.c.completion_id, completions.c.cost_kind.in_(("amount", "local"))),
        ~sa.exists().where(
            attempts.c.completion_id == cells.c.completion_id,
            sa.or_(may_be_charged(attempts), attempts.c.state == "unknown"),
        ),
    )
    .values(reserved=None)
)


@dataclass(frozen=True, slots=True)
class Head:
    """An experiment without its plan, which may be large."""

    id: str
    created_at: datetime
    name: str
    person: str | None
    version: int
    """Counts the changes of the plan: the same number is the same plan."""
    planned_cases: int
    planned_repeats: int
    stage: Stage
    reason: str | None
    recorder_id: str | None
    """Who is asking; `None` when nobody is, and when workers share it."""
    asked_as: Mapping[str, str] | None
    """By what name workers ask each of its providers; `None`: one process asks it all."""
    budget: Decimal | None
    spent: Decimal
    reserved: Decimal

    @property
    def shared(self) -> bool:
        """Whether workers ask it together just now."""
        return self.asked_as is not None and self.stage == "running"

    @property
    def asked(self) -> bool:
        """Whether anybody asks it."""
        return self.recorder_id is not None or self.shared


class OverError(RecordError):
    """The experiment is no longer asked: somebody paused or stopped it, or it is gone."""


class OutOfMoneyError(RecordError):
    """The budget would be passed by one more call."""


def add(connection: sa.Connection, id: str, plan: Plan, person: str, at: datetime) -> None:
    """A new experiment, paused, without cells yet."""
    connection.execute(plans.insert(), {
        "id": id, "created_at": at, "name": mended(plan.name), "person": mended(person) or None,
        "plan": plan_json(plan), "version": 1, "planned_cases": len(plan.cases), "planned_repeats": plan.repeats,
        "stage": "paused",
        "reason": "Not started yet.", "budget": plan.budget.usd, "spent": Decimal(0), "reserved": Decimal(0),
    })  # fmt: skip


def heads(connection: sa.Connection, person: str | None) -> list[Head]:
    """All of one person, or of everybody, newest first."""
    query = _HEAD.order_by(plans.c.created_at.desc(), plans.c.id)
    if person is not None:
        query = query.where(sa.func.coalesce(plans.c.person, "") == person)
    return [Head(**row) for row in connection.execute(query).mappings()]


def head(connection: sa.Connection, id: str) -> Head | None:
    """One of them; `None` if it is not on record."""
    row = connection.execute(_ONE, {"the_id": mended(id)}).mappings().one_or_none()
    return None if row is None else Head(**row)


def body(connection: sa.Connection, id: str) -> Plan:
    """The plan of one. Raises `RecordError` if it is gone."""
    stored = connection.scalar(_BODY, {"the_id": id})
    if stored is None:
        raise RecordError(GONE)
    return plan_from(stored)


def change(connection: sa.Connection, id: str, plan: Plan) -> None:
    """Another plan in its place; what was planned at first stays known."""
    values = {"name": mended(plan.name), "plan": plan_json(plan), "budget": plan.budget.usd}
    connection.execute(_CHANGE.values(version=plans.c.version + 1), {"the_id": id, **values})


def begin(connection: sa.Connection, me: str, id: str, asked_as: Mapping[str, str] | None = None) -> None:
    """`me` asks it from now on, or with `asked_as` every worker that listens for one of its providers.

    Raises `RecordError`, changing nothing, if somebody does already, or it is gone.
    """
    take_turn(connection)
    forget(connection, ("stage", id))
    leases.beat(connection, me)
    who = {"recorder_id": me if asked_as is None else None, "asked_as": None if asked_as is None else dict(asked_as)}
    took = connection.execute(_CHANGE.where(*_FREE), {"the_id": id, "stage": "running", "reason": None, **who})
    if took.rowcount == 0:
        raise RecordError(GONE if head(connection, id) is None else RUNNING)
    _recount(connection, id)


def _recount(connection: sa.Connection, id: str) -> None:
    """What the receipts say was spent: they are right whatever budget there was, and for whatever arrived late."""
    connection.execute(_KNOWN_BY_NOW, {"plan": id})
    spent = [
        amount
        for query in (_COSTS, _EARLIER_COSTS)
        for amount in connection.scalars(query, {"plan": id}).yield_per(1000)
    ]
    held = connection.scalars(_HELD, {"plan": id})
    values = {"spent": sum(spent, Decimal(0)), "reserved": sum(held, Decimal(0))}
    connection.execute(_CHANGE, {"the_id": id, **values})


def check_running(connection: sa.Connection, id: str) -> None:
    """Raise `OverError` if nobody is to ask it any longer."""
    if once(connection, ("stage", id), lambda: stage(connection, id)) != "running":
        raise OverError("This experiment is no longer asked.")


def stage(connection: sa.Connection, id: str) -> Stage | None:
    """How it stands; `None`: it is gone."""
    return connection.scalar(_STAGE, {"the_id": id})


def halt(connection: sa.Connection, id: str, stage: Stage, reason: str) -> None:
    """Workers are to ask no more of it; nothing if they do not."""
    forget(connection, ("stage", id))
    connection.execute(_CHANGE.where(*_SHARED), {"the_id": id, "stage": stage, "reason": reason or None})


def take_lead(connection: sa.Connection, me: str, id: str) -> bool:
    """Of an experiment that workers share nothing is left to ask: whether `me` is the one to bring it to its end."""
    take_turn(connection)
    if cell_store.is_open(connection, id):
        return False
    leases.beat(connection, me)
    return connection.execute(_CHANGE.where(*_SHARED, *_FREE[:1]), {"the_id": id, "recorder_id": me}).rowcount > 0


def leave_lead(connection: sa.Connection, me: str, id: str) -> None:
    """There is more to ask after all."""
    connection.execute(_CHANGE.where(plans.c.recorder_id == me), {"the_id": id, "recorder_id": None})


def shared(connection: sa.Connection) -> list[Head]:
    """The experiments that workers ask just now, the oldest first."""
    found = connection.execute(_HEAD.where(*_SHARED).order_by(plans.c.created_at, plans.c.id)).mappings()
    return [Head(**row) for row in found]


def end(connection: sa.Connection, me: str, id: str, stage: Stage, reason: str) -> None:
    """`me` no longer asks it; nothing if somebody else does."""
    mine = plans.c.recorder_id == me
    connection.execute(
        _CHANGE.where(mine), {"the_id": id, "stage": stage, "reason": reason or None, "recorder_id": None}
    )


def finish(connection: sa.Connection, me: str, id: str) -> None:
    """`me`, who leads it, brings it to its end; what was said of it stays."""
    connection.execute(
        _CHANGE.where(plans.c.recorder_id == me), {"the_id": id, "stage": "finished", "recorder_id": None}
    )


def reserve(connection: sa.Connection, id: str, completion_id: str, amount: Decimal) -> Callable[[], None]:
    """What sets aside what a call may cost. Raises `OutOfMoneyError` if the budget would be passed."""
    take_turn(connection)
    row = connection.execute(_MONEY, {"the_id": id}).one()
    kept = connection.scalar(sa.select(cells.c.reserved).where(cells.c.completion_id == completion_id))
    if row.budget is not None and row.spent + row.reserved + amount > row.budget:
        raise OutOfMoneyError(NO_MONEY)

    def granted() -> None:
        connection.execute(_CHANGE, {"the_id": id, "reserved": row.reserved + amount})
        _set_aside(connection, completion_id, (kept or Decimal(0)) + amount)

    return granted


def settle(
    connection: sa.Connection, id: str, completion_id: str, cost: Decimal | None, reserved: Decimal, keep: bool
) -> None:
    """A call is over: `cost` is spent, and what was `reserved` for it is free again, unless `keep` says that it may
    have been charged all the same."""
    take_turn(connection)
    row = connection.execute(_MONEY, {"the_id": id}).one()
    kept = connection.scalar(sa.select(cells.c.reserved).where(cells.c.completion_id == completion_id)) or Decimal(0)
    free = Decimal(0) if keep else min(reserved, kept)
    values = {"spent": row.spent + (cost or Decimal(0)), "reserved": row.reserved - free}
    connection.execute(_CHANGE, {"the_id": id, **values})
    if free:
        _set_aside(connection, completion_id, kept - free or None)


def _set_aside(connection: sa.Connection, completion_id: str, amount: Decimal | None) -> None:
    connection.execute(cells.update().where(cells.c.completion_id == completion_id).values(reserved=amount))


def run_ids(connection: sa.Connection, id: str) -> list[str]:
    """Its runs."""
    return list(connection.scalars(sa.select(runs.c.id).where(runs.c.plan_id == id)))


def delete(connection: sa.Connection, id: str, by: Actor) -> None:
    """Take a plan off the record; its runs must have gone before."""
    if connection.execute(plans.delete().where(plans.c.id == id)).rowcount:
        trail.note(connection, by, "deleted an experiment", {"experiment": id})
