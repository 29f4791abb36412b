"""Runs checks on recorded answers: nothing is asked, and only some answers are in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from prompts.experiments import cell_store
from prompts.experiments.cell_reading import of_cells
from prompts.experiments.cell_work import subject
from prompts.experiments.checks.kinds import Verdict, judge
from prompts.experiments.plan import Plan
from prompts.history.archive import Archive
from prompts.record.experiment_tables import JUDGES_FROM, cells
from prompts.record.schema import completions
from providers.completion import GOOD_STATES

AT_ONCE = 200
_PLAN: sa.BindParameter[Any] = sa.bindparam("plan")
_ALL = sa.select(cells.c.completion_id).where(cells.c.plan_id == _PLAN, cells.c.target < JUDGES_FROM)
_UNCHECKED = (
    _ALL.join(completions, completions.c.id == cells.c.completion_id)
    .where(cells.c.findings.is_(sa.null()), completions.c.state.in_(sorted(GOOD_STATES)))
)  # fmt: skip


def recheck(archive: Archive, plan_id: str, plan: Plan) -> None:
    """Check every answer that was not checked yet. Raises `RecordError`."""
    for _ in rechecked(archive, plan_id, plan, only_missing=True):
        pass


def rechecked(archive: Archive, plan_id: str, plan: Plan, *, only_missing: bool = False) -> Iterator[float]:
    """Check every answer, and yield the fraction done from time to time, from 0 to 1. Raises `RecordError`.

    `only_missing`: just those that were not checked yet.
    """
    query = _UNCHECKED if only_missing else _ALL
    ids = archive.read(lambda c: list(c.scalars(query, {"plan": plan_id})))
    for n in range(0, len(ids), AT_ONCE):
        some = ids[n : n + AT_ONCE]
        asked = archive.read(lambda c, some=some: of_cells(c, some, plan))
        found: dict[str, Verdict | None] = {}
        for each in asked:
            done = each.completion
            if not each.answered or done is None:
                found[each.completion_id] = None
                continue
            values = plan.values(each.cell.case)
            seen = subject(done, draws=plan.draws, fresh=each.taken_from is None)
            found[each.completion_id] = judge(plan.checks, seen, values) if plan.checks else None
        archive.write(lambda c, found=found: note_verdicts(c, found))
        yield min(1.0, (n + AT_ONCE) / len(ids))


def note_verdicts(connection: sa.Connection, found: Mapping[str, Verdict | None]) -> None:
    """Store verdicts by completion; `None`: it has none."""
    for completion_id, verdict in found.items():
        cell_store.note_verdict(connection, completion_id, verdict)
