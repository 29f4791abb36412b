"""Cells on record: inserted, claimed, given back, checked. Inside the caller's transaction.

A claim is one statement, so two processes that ask the same experiment never get the same cell: PostgreSQL skips rows
that another transaction has locked, and SQLite has one writer at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from prompts.core.messages import message_json
from prompts.core.plan import Source
from prompts.core.presets import settings_json
from prompts.core.sanitize import mended
from prompts.experiments.checks.kinds import Verdict
from prompts.experiments.plan import Cell, Plan
from prompts.experiments.stored_plan import findings_json
from prompts.record import leases
from prompts.record.experiment_tables import cells
from prompts.record.schema import attempts, completions, runs
from providers.interface import Message

AT_ONCE = 200
"""Runs inserted in one transaction, so that others can write in between and memory stays bounded."""
RESUMED = frozenset(
    {
        "missing_key", "auth", "permission", "not_found", "quota", "rate_limit", "overloaded", "connection", "tls",
        "redirect", "local_unavailable",
    }
)  # fmt: skip
"""Errors of the key, the address or the provider after which nothing was charged; resuming asks such cells again."""

_PLAN: sa.BindParameter[Any] = sa.bindparam("plan")
_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
_joined = cells.join(completions, completions.c.id == cells.c.completion_id)
_ORDER = (cells.c.repeat, cells.c.row, cells.c.wording, cells.c.target)
_TRIES = sa.select(sa.func.max(attempts.c.number)).where(attempts.c.completion_id == completions.c.id)
_HEAD = (cells.c.completion_id, completions.c.run_id, *_ORDER, _TRIES.scalar_subquery().label("asked"))
_AFTER: list[sa.BindParameter[Any]] = [sa.bindparam(f"after_{n}") for n in range(4)]
_NEXT = (
    sa.select(*_HEAD)
    .select_from(_joined)
    .where(cells.c.plan_id == _PLAN, completions.c.state == "waiting")
    .where(cells.c.target.in_(sa.bindparam("targets", expanding=True)))
    .where(sa.tuple_(*_ORDER) > sa.tuple_(*_AFTER))
    .order_by(*_ORDER)
    .limit(sa.bindparam("room"))
    .with_for_update(of=completions, skip_locked=True)
)
_TAKE = (
    completions.update()
    .where(completions.c.id.in_(_WANTED), completions.c.state == "waiting")
    .values(state="queued", recorder_id=sa.bindparam("me"))
)
_WAIT = completions.update().where(completions.c.id == sa.bindparam("the_id")).values(state="waiting", recorder_id=None)
_UNCLAIM = _WAIT.where(completions.c.state == "queued", completions.c.recorder_id == sa.bindparam("me"))
_UNSAY = _WAIT.where(completions.c.state == "cancelled", completions.c.recorder_id.is_(None))
_UNKNOWN_CLAIMS = (
    completions.update()
    .where(completions.c.recorder_id == sa.bindparam("me"), completions.c.state == "queued")
    .where(completions.c.id.in_(
        sa.select(cells.c.completion_id)
        .where(cells.c.plan_id == _PLAN, cells.c.target.in_(sa.bindparam("targets", expanding=True)))
    ))
    .values(state="waiting", recorder_id=None)
)  # fmt: skip
_OPEN = (
    sa.select(sa.literal(1))
    .select_from(_joined)
    .where(cells.c.plan_id == _PLAN, completions.c.state.in_(sa.bindparam("states", expanding=True)))
    .limit(1)
)
_HELD = sa.and_(completions.c.state == "failed", completions.c.recorder_id.is_not(None))
"""Refused cells that the process that was refused will ask again shortly."""
_RETRIED = (
    sa.select(sa.literal(1)).select_from(_joined).where(cells.c.plan_id == _PLAN, _HELD).limit(1)
)  # fmt: skip
_HOLD = (
    completions.update()
    .where(completions.c.id == sa.bindparam("the_id"), completions.c.state == "failed")
    .where(completions.c.recorder_id.is_(None))
    .values(recorder_id=sa.bindparam("me"))
)
_LET_GO = (
    completions.update()
    .where(completions.c.id == sa.bindparam("the_id"), _HELD, completions.c.recorder_id == sa.bindparam("me"))
    .values(recorder_id=None)
)
_THERE = sa.select(*_ORDER).where(cells.c.plan_id == _PLAN)
_RUNS = (
    sa.select(cells.c.row, cells.c.wording, completions.c.run_id, sa.func.max(completions.c.position).label("last"))
    .select_from(_joined)
    .where(cells.c.plan_id == _PLAN)
    .group_by(cells.c.row, cells.c.wording, completions.c.run_id)
)
_FAILED = (
    sa.select(cells.c.completion_id, completions.c.error)
    .select_from(_joined)
    .where(cells.c.plan_id == _PLAN, completions.c.state == "failed")
)
_OURS = sa.select(cells.c.completion_id).where(cells.c.plan_id == _PLAN, cells.c.completion_id.in_(_WANTED))
_FORGET = (
    cells.update()
    .where(cells.c.plan_id == _PLAN, cells.c.completion_id.in_(_WANTED))
    .values(findings=None, taken_from=None, note=None)
)
_AGAIN = (
    completions.update()
    .where(completions.c.id.in_(_OURS), completions.c.recorder_id.is_(None))
    .values(state="waiting", interrupted_at=None)
)
_CELL = cells.update().where(cells.c.completion_id == sa.bindparam("the_id"))
Place = tuple[int, int, int, int]
"""A cell's place in the order of asking: (repeat, case, wording, target)."""
START: Place = (-1, -1, -1, -1)
"""Before the first cell in the order of asking."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A cell that this process has claimed."""

    cell: Cell
    completion_id: str
    run_id: str
    asked: int = 0
    """How many attempts it has had so far."""

    @property
    def place(self) -> Place:
        """Its place in the order of asking."""
        return self.cell.repeat, self.cell.case, self.cell.wording, self.cell.target


Rows = tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]
"""Rows of runs, of their completions, and of their cells."""


def missing(
    connection: sa.Connection, plan_id: str
) -> tuple[set[tuple[int, ...]], dict[tuple[int, int], tuple[str, int]]]:
    """The cells that are on record, and for each (case, wording) its run with the number of the run's last answer."""
    there = {tuple(row) for row in connection.execute(_THERE, {"plan": plan_id})}
    found = connection.execute(_RUNS, {"plan": plan_id})
    return there, {(row.row, row.wording): (row.run_id, row.last) for row in found}


def rows(
    plan: Plan, plan_id: str, person: str, source: Source, at: datetime, there: set[tuple[int, ...]],
    known: Mapping[tuple[int, int], tuple[str, int]],
) -> Iterator[Rows]:  # fmt: skip
    """Rows for the cells of `plan` that are not on record yet, some runs at a time. Raises `HoleError`."""
    pairs = ((case, wording) for case in range(len(plan.cases)) for wording in range(len(plan.wordings)))
    while some := list(islice(pairs, AT_ONCE)):
        found: Rows = ([], [], [])
        for case, wording in some:
            _run(plan, plan_id, person, source, at, Pair(case, wording), there, known, found)
        if found[1]:
            yield found


@dataclass(frozen=True, slots=True)
class Pair:
    """A case with a wording, which is one run."""

    case: int
    wording: int


def _run(
    plan: Plan, plan_id: str, person: str, source: Source, at: datetime, pair: Pair, there: set[tuple[int, ...]],
    known: Mapping[tuple[int, int], tuple[str, int]], found: Rows,
) -> None:  # fmt: skip
    wanted = [
        (repeat, target)
        for repeat in range(plan.repeats)
        for target in range(len(plan.targets))
        if (repeat, pair.case, pair.wording, target) not in there
    ]
    if not wanted:
        return
    run_id, last = known.get((pair.case, pair.wording), ("", -1))
    if not run_id:
        run_id, prompt = str(uuid4()), mended(plan.prompt(pair.case, pair.wording))
        request = {"messages": [message_json(Message("user", prompt))], "settings": settings_json(plan.settings)}
        found[0].append({
            "id": run_id, "created_at": at, "source": source, "prompt": prompt, "request": request,
            "person": mended(person) or None, "plan_id": plan_id,
        })  # fmt: skip
    for n, (repeat, number) in enumerate(wanted, last + 1):
        target, id = plan.targets[number], str(uuid4())
        settings = settings_json(plan.settings_of(pair.case, pair.wording, number))
        found[1].append({
            "id": id, "run_id": run_id, "position": n, "cell": number, "repeat": repeat,
            "provider": mended(target.provider), "model": mended(target.model), "settings": settings,
            "state": "waiting", "asked_at": at,
        })  # fmt: skip
        found[2].append({
            "completion_id": id, "plan_id": plan_id, "repeat": repeat, "row": pair.case, "wording": pair.wording,
            "target": number,
        })  # fmt: skip


def put(connection: sa.Connection, made: Rows) -> None:
    """Insert these rows."""
    for table, its in zip((runs, completions, cells), made, strict=True):
        if its:
            connection.execute(table.insert(), its)


def claim(
    connection: sa.Connection, me: str, plan_id: str, targets: Sequence[int], after: Place, room: int
) -> list[Claimed]:
    """Claim the next `room` waiting cells of these targets after that place, for `me`."""
    place = {f"after_{n}": value for n, value in enumerate(after)}
    found = connection.execute(_NEXT, {"plan": plan_id, "targets": list(targets), "room": room, **place}).all()
    if found:
        leases.beat(connection, me)  # so that a process that owns something is registered
        connection.execute(_TAKE, {"wanted": [row.completion_id for row in found], "me": me})
    return [
        Claimed(
            Cell(row.row, row.wording, row.target, row.repeat), row.completion_id, row.run_id,
            row.asked or 0,
        )
        for row in found
    ]  # fmt: skip


def give_back(connection: sa.Connection, me: str, id: str) -> bool:
    """Let a claimed cell that was not sent wait again; returns whether its intent was recorded and is now withdrawn."""
    if connection.execute(_UNCLAIM, {"the_id": id, "me": me}).rowcount:
        return False
    return connection.execute(_UNSAY, {"the_id": id}).rowcount > 0


def release(connection: sa.Connection, me: str, plan_id: str, targets: Sequence[int]) -> None:
    """Let all cells of these targets that `me` has claimed but not sent wait again."""
    connection.execute(_UNKNOWN_CLAIMS, {"me": me, "plan": plan_id, "targets": list(targets)})


def is_open(connection: sa.Connection, plan_id: str) -> bool:
    """Whether a cell waits, is being asked, or is to be asked again by the process that was refused."""
    states = {"plan": plan_id, "states": ["waiting", "queued", "sent", "streaming"]}
    return connection.scalar(_OPEN, states) is not None or connection.scalar(_RETRIED, {"plan": plan_id}) is not None


def hold(connection: sa.Connection, me: str, id: str) -> None:
    """Until `me` lets go or is gone, it will ask a refused cell again, so the experiment is not finished."""
    connection.execute(_HOLD, {"the_id": id, "me": me})


def let_go(connection: sa.Connection, me: str, id: str) -> None:
    """Undo `hold`: the cell stays refused."""
    connection.execute(_LET_GO, {"the_id": id, "me": me})


def under_way(connection: sa.Connection, plan_id: str) -> bool:
    """Whether any process has a call of the experiment in progress."""
    return connection.scalar(_OPEN, {"plan": plan_id, "states": ["sent", "streaming"]}) is not None


def waits(connection: sa.Connection, plan_id: str, targets: Sequence[int]) -> bool:
    """Whether a cell of these targets waits."""
    query = _OPEN.where(cells.c.target.in_(list(targets)))
    return connection.scalar(query, {"plan": plan_id, "states": ["waiting"]}) is not None


def ask_again(connection: sa.Connection, plan_id: str, ids: Sequence[str]) -> None:
    """Let these cells of the plan wait again; the caller must have the consent of whoever pays."""
    for n in range(0, len(ids), AT_ONCE):
        some = {"plan": plan_id, "wanted": ids[n : n + AT_ONCE]}
        connection.execute(_AGAIN, some)
        connection.execute(_FORGET, some)


def resumable(connection: sa.Connection, plan_id: str) -> list[str]:
    """The ids of cells that failed without a charge, for a reason that may have passed."""
    return [row.completion_id for row in connection.execute(_FAILED, {"plan": plan_id}) if _uncharged(row.error or {})]


def _uncharged(error: Mapping[str, Any]) -> bool:
    return error.get("retry") == "yes" or (error.get("kind") in RESUMED and error.get("retry") != "ask")


def note_verdict(connection: sa.Connection, completion_id: str, verdict: Verdict | None) -> None:
    """Store the result of the checks."""
    values = {"findings": findings_json(verdict.findings) if verdict else None}
    connection.execute(_CELL, {"the_id": completion_id, **values})


def note(connection: sa.Connection, completion_id: str, text: str | None) -> None:
    """Store why the cell waits."""
    connection.execute(_CELL, {"the_id": completion_id, "note": text})
