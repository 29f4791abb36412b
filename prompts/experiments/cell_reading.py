"""Reads an experiment's cells from the record, and sums them up for each target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from prompts.core.answer import AnswerState
from prompts.experiments.asked import AskedCell, Replaced
from prompts.experiments.checks.kinds import combined
from prompts.experiments.plan import Cell, Plan
from prompts.experiments.stored_plan import findings_from
from prompts.experiments.throughput import Work
from prompts.record import clock
from prompts.record.experiment_tables import JUDGES_FROM, cells
from prompts.record.rows import stored_completion
from prompts.record.schema import attempts, completions, may_be_charged
from providers.completion import GOOD_STATES

_PLAN: sa.BindParameter[Any] = sa.bindparam("plan")
_joined = cells.join(completions, completions.c.id == cells.c.completion_id)
_OF_CELL = (
    cells.c.completion_id, cells.c.row.label("case_row"), cells.c.wording.label("wording"),
    cells.c.target.label("target"), cells.c.taken_from, cells.c.findings, cells.c.note,
)  # fmt: skip
_ORDER = (cells.c.repeat, cells.c.row, cells.c.wording, cells.c.target)
_HEAVY = frozenset({"text", "thinking", "raw_usage", "versions", "fingerprint", "history"})


def _query(columns: list[sa.ColumnElement[Any]]) -> sa.Select[Any]:
    query = sa.select(*_OF_CELL, *columns).select_from(_joined)
    return query.where(cells.c.plan_id == _PLAN, cells.c.target < JUDGES_FROM).order_by(*_ORDER)


_WHOLE = _query(list(completions.c))
_HEADS = _query([
    sa.literal(None).label(column.name) if column.name in _HEAVY else column for column in completions.c
])  # fmt: skip
_SOME = (
    sa.select(*_OF_CELL, *completions.c)
    .select_from(_joined)
    .where(cells.c.completion_id.in_(sa.bindparam("wanted", expanding=True)))
)
_ATTEMPTS = (
    attempts.select()
    .join(cells, cells.c.completion_id == attempts.c.completion_id)
    .where(cells.c.plan_id == _PLAN)
    .order_by(attempts.c.number)
)
UNPRICED = may_be_charged(completions)
_MONEY = sa.cast(completions.c.cost_amount, sa.Float)
_TOKENS = sa.case((cells.c.taken_from.is_(None), completions.c.input_tokens + completions.c.output_tokens))
"""Tokens read and written by a call made for this experiment; null if they were not reported."""
_EARLIER = (
    sa.select(
        sa.func.sum(sa.case((attempts.c.state.in_(sorted(GOOD_STATES)), 1), else_=0)).label("answers"),
        sa.func.sum(sa.cast(attempts.c.cost_amount, sa.Float)).label("spent"),
        sa.func.sum(sa.case((may_be_charged(attempts), 1), else_=0)).label("unknown"),
    )
    .join(cells, cells.c.completion_id == attempts.c.completion_id)
    .where(cells.c.plan_id == _PLAN, attempts.c.cost_kind.is_not(None))
)  # fmt: skip
_EARLIER_OF_CELLS = _EARLIER.add_columns(attempts.c.completion_id).group_by(attempts.c.completion_id)
_EARLIER_OF_TARGETS = _EARLIER.add_columns(cells.c.target).group_by(cells.c.target)
_SUMS = (
    sa.select(
        cells.c.target, completions.c.state, sa.func.count().label("cells"),
        sa.func.sum(sa.case((cells.c.taken_from.is_(None), _MONEY))).label("spent"),
        sa.func.sum(sa.case((UNPRICED, 1), else_=0)).label("unknown"),
        sa.func.max(cells.c.note).label("note"),
        sa.func.sum(_TOKENS).label("tokens"), sa.func.count(_TOKENS).label("counted"),
    )
    .select_from(_joined)
    .where(cells.c.plan_id == _PLAN)
    .group_by(cells.c.target, completions.c.state)
)  # fmt: skip


LATELY_S = 120.0
"""How many seconds back a rate looks."""
FEWEST = 3
"""A rate is given only if at least so many calls have ended."""
_ENDED = (
    sa.select(cells.c.target, sa.func.count().label("calls"), sa.func.min(attempts.c.finished_at).label("first"))
    .join(cells, cells.c.completion_id == attempts.c.completion_id)
    .where(cells.c.plan_id == _PLAN, attempts.c.finished_at > sa.bindparam("since"))
    .group_by(cells.c.target)
)


def rates(connection: sa.Connection, plan_id: str) -> dict[int, float]:
    """For each target the calls per minute that ended lately, in any process; targets with too few are left out."""
    now = clock.now(connection)
    found = connection.execute(_ENDED, {"plan": plan_id, "since": now - timedelta(seconds=LATELY_S)})
    return {
        row.target: 60 * (row.calls - 1) / (now - row.first).total_seconds()
        for row in found
        if row.calls >= FEWEST and row.first < now
    }  # fmt: skip


def read(connection: sa.Connection, plan_id: str, plan: Plan, *, heads: bool) -> list[AskedCell]:
    """Every cell in the order of asking. `heads`: without texts, attempts and the vendor's additional data."""
    tries: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    if not heads:
        for row in connection.execute(_ATTEMPTS, {"plan": plan_id}).mappings():
            tries[row["completion_id"]].append(dict(row))
    replaced = {row.completion_id: _replaced(row) for row in connection.execute(_EARLIER_OF_CELLS, {"plan": plan_id})}
    found = connection.execute(_HEADS if heads else _WHOLE, {"plan": plan_id}).mappings()
    return [
        _asked(dict(row), tries[row["completion_id"]], plan, replaced.get(row["completion_id"]), heads=heads)
        for row in found
    ]


def _replaced(row: Any) -> Replaced:
    return Replaced(row.answers, dollars(row.spent), bool(row.unknown))


def of_cells(connection: sa.Connection, ids: Sequence[str], plan: Plan) -> list[AskedCell]:
    """These cells, without their attempts."""
    found = connection.execute(_SOME, {"wanted": list(ids)}).mappings()
    return [_asked(dict(row), [], plan, heads=True) for row in found]


def _asked(
    row: dict[str, Any], tries: list[Mapping[str, Any]], plan: Plan, replaced: Replaced | None = None, *, heads: bool
) -> AskedCell:
    sent = row["started_at"] is not None
    stored = stored_completion(row, [_ONE_TRY] if heads and sent else tries)
    verdict = None
    if row["findings"] is not None and len(row["findings"]) == len(plan.checks):
        verdict = combined(plan.checks, findings_from(row["findings"]))
    state: AnswerState = "waiting" if stored.state == "queued" else stored.state
    return AskedCell(
        Cell(row["case_row"], row["wording"], row["target"], row["repeat"]), row["completion_id"], row["run_id"],
        state, stored.completion, verdict, row["taken_from"], row["note"], replaced,
    )  # fmt: skip


_ONE_TRY: Mapping[str, Any] = {
    "number": 1, "sent_at": None, "status": None, "request_id": None, "duration_s": None, "error": None,
}  # fmt: skip
"""Stands for attempts that are not read, so that an outcome can be built from the completion's row."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums over the cells of one target."""

    done: int = 0
    failed: int = 0
    running: int = 0
    waiting: int = 0
    planned: int = 0
    spent: Decimal | None = None
    """US dollars; `None` if the cost of no call is known."""
    at_least: bool = False
    note: str = ""
    tokens_each: float | None = None
    """Mean tokens read and written by a call; `None` if none reported them."""

    @property
    def left(self) -> int:
        """How many cells are not over."""
        return self.waiting + self.running

    @property
    def work_left(self) -> Work:
        """The work of those cells under a limit; `tokens` is 0 if no call reported any."""
        return Work(self.left, 0.0, self.left * (self.tokens_each or 0.0))


def sums(connection: sa.Connection, plan_id: str) -> tuple[dict[int, Sums], dict[AnswerState, int]]:
    """The sums for each target, and the number of cells in each state."""
    by_target: defaultdict[int, list[Any]] = defaultdict(list)
    states: defaultdict[AnswerState, int] = defaultdict(int)
    for row in connection.execute(_SUMS, {"plan": plan_id}):
        by_target[row.target].append(row)
        if row.target >= JUDGES_FROM:
            continue
        states["waiting" if row.state == "queued" else row.state] += row.cells
    earlier = {row.target: _replaced(row) for row in connection.execute(_EARLIER_OF_TARGETS, {"plan": plan_id})}
    return {target: _sums(rows, earlier.get(target)) for target, rows in by_target.items()}, dict(states)


def dollars(amount: float | None) -> Decimal | None:
    """A sum computed by the database in binary floating point, without the spurious digits."""
    return None if amount is None else Decimal(f"{amount:.12g}")


def _sums(rows: list[Any], earlier: Replaced | None) -> Sums:
    def of(*states: str) -> int:
        return sum(row.cells for row in rows if row.state in states)

    amounts = [*(dollars(row.spent) for row in rows), earlier.spent if earlier else None]
    spent = [amount for amount in amounts if amount is not None]
    counted = sum(row.counted for row in rows)
    return Sums(
        done=of(*GOOD_STATES, "incomplete"), failed=of("failed", "cancelled", "unknown"),
        running=of("sent", "streaming"), waiting=of("waiting", "queued"),
        planned=sum(row.cells for row in rows),
        spent=sum(spent, Decimal(0)) if spent else None,
        at_least=any(row.unknown for row in rows) or bool(earlier and earlier.at_least),
        note=next((row.note for row in rows if row.note and row.state in ("waiting", "queued")), ""),
        tokens_each=sum(row.tokens or 0 for row in rows) / counted if counted else None,
    )  # fmt: skip
