"""Reuses answers that are on record instead of asking: only for identical requests, and with their date.

A reused answer keeps its cost but has no times, which belong to the day it was asked.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from prompts.core.presets import settings_json
from prompts.core.sanitize import mended
from prompts.experiments.plan import Plan
from prompts.experiments.rechecking import recheck
from prompts.history.archive import Archive
from prompts.record.experiment_tables import cells
from prompts.record.recorder import Recorder
from prompts.record.schema import OUTCOME, attempts, completions, runs
from providers.completion import Timings

AT_ONCE = 100
_TIMES = frozenset(Timings.__dataclass_fields__)
_CANDIDATES = (
    sa.select(
        completions.c.id, completions.c.provider, completions.c.model, completions.c.settings, runs.c.prompt,
        runs.c.request,
    )
    .join(runs, runs.c.id == completions.c.run_id)
    .where(completions.c.state == "complete", completions.c.history.is_(None), runs.c.kept.is_(None))
    .where(completions.c.model.in_(sa.bindparam("models", expanding=True)))
    .where(completions.c.error_kind.is_(None), runs.c.plan_id.is_distinct_from(sa.bindparam("plan")))
    .order_by(completions.c.asked_at)
    .execution_options(yield_per=1000)
)  # fmt: skip
_WAITING = (
    sa.select(cells.c.completion_id, cells.c.row, cells.c.wording, cells.c.target)
    .join(completions, completions.c.id == cells.c.completion_id)
    .where(cells.c.plan_id == sa.bindparam("plan"), completions.c.state == "waiting")
)
_KEPT = sa.select(*(completions.c[name] for name in OUTCOME), completions.c.endpoint).where(
    completions.c.id == sa.bindparam("the_id")
)
_LATEST = (
    attempts.select()
    .where(attempts.c.completion_id == sa.bindparam("the_id"))
    .order_by(attempts.c.number.desc())
    .limit(1)
)


async def take_over(recorder: Recorder, archive: Archive, plan_id: str, plan: Plan) -> None:
    """Answer the cells of the plan for which identical requests are on record, with the newest.

    Raises `RecordError`.
    """
    pairs = list(archive.read(lambda c: _pairs(c, plan_id, plan)).items())
    for n in range(0, len(pairs), AT_ONCE):
        some = pairs[n : n + AT_ONCE]
        await recorder.write(lambda c, some=some: _copy(c, some))
    if plan.checks:
        recheck(archive, plan_id, plan)


def _pairs(connection: sa.Connection, plan_id: str, plan: Plan) -> Mapping[str, str]:
    """Waiting cells, with the answers to reuse for them."""
    wanted: defaultdict[bytes, list[str]] = defaultdict(list)
    for row in connection.execute(_WAITING, {"plan": plan_id}):
        place: int = row.target
        target = plan.targets[place]
        settings = settings_json(plan.settings_of(row.row, row.wording, row.target))
        asked = _digest(target.provider, target.model, settings, mended(plan.prompt(row.row, row.wording)))
        wanted[asked].append(row.completion_id)
    models = list({mended(target.model) for target in plan.targets})
    found: dict[str, str] = {}
    for row in connection.execute(_CANDIDATES, {"models": models, "plan": plan_id}):
        request: Mapping[str, Any] = row.request
        if request.get("fair") or any(message.get("attachments") for message in request["messages"]):
            continue
        for completion_id in wanted.get(_digest(row.provider, row.model, row.settings or {}, row.prompt), ()):
            found[completion_id] = row.id  # the newest comes last
    return found


def _digest(provider: str, model: str, settings: Mapping[str, Any], prompt: str) -> bytes:
    return sha256(json.dumps([provider, model, settings, prompt], sort_keys=True).encode()).digest()


def _copy(connection: sa.Connection, pairs: list[tuple[str, str]]) -> None:
    for completion_id, source in pairs:
        kept = connection.execute(_KEPT, {"the_id": source}).mappings().one_or_none()
        attempt = connection.execute(_LATEST, {"the_id": source}).mappings().one_or_none()
        if kept is None or attempt is None:
            continue  # just deleted, so it is asked
        values = {name: value for name, value in kept.items() if name not in _TIMES}
        waits = completions.c.state == "waiting"
        took = connection.execute(
            completions.update().where(completions.c.id == completion_id, waits).values(state="complete", **values)
        )
        if took.rowcount:
            same = {name: attempt[name] for name in ("endpoint", "model", "state", "sent_at", "finished_at", "status")}
            connection.execute(
                attempts.insert(), {"id": str(uuid4()), "completion_id": completion_id, "number": 1, **same}
            )
            connection.execute(
                cells.update().where(cells.c.completion_id == completion_id).values(taken_from=kept["started_at"])
            )
