"""Experiments on record: the plan, who is asking it, and its money. Inside the caller's transaction.

Money is added here, not in SQL, as SQLite stores it as text. Whoever changes it holds the row's lock until the
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
    """Increases with each change of the plan, so the same number means the same plan."""
    planned_cases: int
    planned_repeats: int
    stage: Stage
    reason: str | None
    recorder_id: str | None
    """The process that is asking it; `None` if nobody is, or if workers share it."""
    asked_as: Mapping[str, str] | None
    """The name under which workers ask each of its providers; `None` if one process asks it all."""
    budget: Decimal | None
    spent: Decimal
    reserved: Decimal

    @property
    def shared(self) -> bool:
        """Whether workers are asking it together at present."""
        return self.asked_as is not None and self.stage == "running"

    @property
    def asked(self) -> bool:
        """Whether any process is asking it."""
        return self.recorder_id is not None or self.shared


class OverError(RecordError):
    """The experiment is no longer asked: it was paused, stopped or deleted."""


class OutOfMoneyError(RecordError):
    """One more call would exceed the budget."""


def add(connection: sa.Connection, id: str, plan: Plan, person: str, at: datetime) -> None:
    """Insert a new experiment, paused and without cells."""
    connection.execute(plans.insert(), {
        "id": id, "created_at": at, "name": mended(plan.name), "person": mended(person) or None,
        "plan": plan_json(plan), "version": 1, "planned_cases": len(plan.cases), "planned_repeats": plan.repeats,
        "stage": "paused",
        "reason": "Not started yet.", "budget": plan.budget.usd, "spent": Decimal(0), "reserved": Decimal(0),
    })  # fmt: skip


def heads(connection: sa.Connection, person: str | None) -> list[Head]:
    """All experiments of one person, or of everybody for `None`, newest first."""
    query = _HEAD.order_by(plans.c.created_at.desc(), plans.c.id)
    if person is not None:
        query = query.where(sa.func.coalesce(plans.c.person, "") == person)
    return [Head(**row) for row in connection.execute(query).mappings()]


def head(connection: sa.Connection, id: str) -> Head | None:
    """The experiment with that id; `None` if it is not on record."""
    row = connection.execute(_ONE, {"the_id": mended(id)}).mappings().one_or_none()
    return None if row is None else Head(**row)


def body(connection: sa.Connection, id: str) -> Plan:
    """The plan of an experiment. Raises `RecordError` if it is not on record."""
    stored = connection.scalar(_BODY, {"the_id": id})
    if stored is None:
        raise RecordError(GONE)
    return plan_from(stored)


def change(connection: sa.Connection, id: str, plan: Plan) -> None:
    """Replace the plan; how many cases and repeats were planned at first is kept."""
    values = {"name": mended(plan.name), "plan": plan_json(plan), "budget": plan.budget.usd}
    connection.execute(_CHANGE.values(version=plans.c.version + 1), {"the_id": id, **values})


def begin(connection: sa.Connection, me: str, id: str, asked_as: Mapping[str, str] | None = None) -> None:
    """Begin asking: by `me`, or with `asked_as` by all workers that listen for one of its providers.

    Raises `RecordError`, changing nothing, if it is already being asked, or is gone.
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
    """Compute the amounts spent and reserved from the receipts, which also include calls that ended late."""
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
    """Raise `OverError` if it is no longer to be asked."""
    if once(connection, ("stage", id), lambda: stage(connection, id)) != "running":
        raise OverError("This experiment is no longer running.")


def stage(connection: sa.Connection, id: str) -> Stage | None:
    """The stage of an experiment; `None` if it is gone."""
    return connection.scalar(_STAGE, {"the_id": id})


def halt(connection: sa.Connection, id: str, stage: Stage, reason: str) -> None:
    """Make workers stop asking it; does nothing if they do not."""
    forget(connection, ("stage", id))
    connection.execute(_CHANGE.where(*_SHARED), {"the_id": id, "stage": stage, "reason": reason or None})


def take_lead(connection: sa.Connection, me: str, id: str) -> bool:
    """If nothing is left to ask of a shared experiment, let `me` finish it;
    returns whether `me` is the one to do so."""
    take_turn(connection)
    if cell_store.is_open(connection, id):
        return False
    leases.beat(connection, me)
    return connection.execute(_CHANGE.where(*_SHARED, *_FREE[:1]), {"the_id": id, "recorder_id": me}).rowcount > 0


def leave_lead(connection: sa.Connection, me: str, id: str) -> None:
    """Give up the role taken by `take_lead`."""
    connection.execute(_CHANGE.where(plans.c.recorder_id == me), {"the_id": id, "recorder_id": None})


def shared(connection: sa.Connection) -> list[Head]:
    """The experiments that workers are asking at present, oldest first."""
    found = connection.execute(_HEAD.where(*_SHARED).order_by(plans.c.created_at, plans.c.id)).mappings()
    return [Head(**row) for row in found]


def end(connection: sa.Connection, me: str, id: str, stage: Stage, reason: str) -> None:
    """Note that `me` no longer asks it; does nothing if another process does."""
    mine = plans.c.recorder_id == me
    connection.execute(
        _CHANGE.where(mine), {"the_id": id, "stage": stage, "reason": reason or None, "recorder_id": None}
    )


def finish(connection: sa.Connection, me: str, id: str) -> None:
    """Set the experiment that `me` leads to finished; the reason noted for it is kept."""
    connection.execute(
        _CHANGE.where(plans.c.recorder_id == me), {"the_id": id, "stage": "finished", "recorder_id": None}
    )


def reserve(connection: sa.Connection, id: str, completion_id: str, amount: Decimal) -> Callable[[], None]:
    """Check that the budget allows `amount`, and return the function that reserves it. Raises `OutOfMoneyError`."""
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
    """Settle a finished call: add `cost` to what was spent, and release what was `reserved`, unless `keep` says that
    more than `cost` may have been charged: then the rest of it stays reserved."""
    take_turn(connection)
    row = connection.execute(_MONEY, {"the_id": id}).one()
    kept = connection.scalar(sa.select(cells.c.reserved).where(cells.c.completion_id == completion_id)) or Decimal(0)
    known = cost or Decimal(0)
    free = min(known if keep else reserved, reserved, kept)
    values = {"spent": row.spent + known, "reserved": row.reserved - free}
    connection.execute(_CHANGE, {"the_id": id, **values})
    if free:
        _set_aside(connection, completion_id, kept - free or None)


def _set_aside(connection: sa.Connection, completion_id: str, amount: Decimal | None) -> None:
    connection.execute(cells.update().where(cells.c.completion_id == completion_id).values(reserved=amount))


def run_ids(connection: sa.Connection, id: str) -> list[str]:
    """The ids of its runs."""
    return list(connection.scalars(sa.select(runs.c.id).where(runs.c.plan_id == id)))


def delete(connection: sa.Connection, id: str, by: Actor) -> None:
    """Delete a plan; its runs must have been deleted before."""
    if connection.execute(plans.delete().where(plans.c.id == id)).rowcount:
        trail.note(connection, by, "deleted an experiment", {"experiment": id})
