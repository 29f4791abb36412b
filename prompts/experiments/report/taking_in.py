"""Imports a report in JSON Lines, alone or in a zip, into the record: to read, compare, extend and resume it.

Owns what it becomes: it belongs to whoever imports it, nobody is asking it, and calls that were in progress when the
file was made are lost. Refuses an experiment that is already on record.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import sqlalchemy as sa

from prompts.core.answer import LIVE
from prompts.core.messages import message_json
from prompts.core.presets import settings_json
from prompts.core.sanitize import mended
from prompts.core.unpacked import BEGINS, unpacked
from prompts.experiments import plan_store
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.holes import HoleError
from prompts.experiments.plan import Plan
from prompts.experiments.report.jsonl import BEGINNING, ReportError, is_report, loads
from prompts.experiments.report.zip import KIND
from prompts.experiments.stored_plan import findings_json
from prompts.history.archive import Archive
from prompts.record import picture_store, trail
from prompts.record.experiment_tables import cells, plans
from prompts.record.rights import OPERATOR, Actor, described_as
from prompts.record.rows import outcome_row
from prompts.record.schema import attempts, completions, runs
from providers.interface import Message
from providers.measuring.measure import utc_now

MOST_BYTES = 200 * 2**20
"""The most bytes of a file."""
HERE = "This experiment is on record here already."
_RAN = "It was imported from a file that was made while it ran."
_AT_ONCE = 500
AHEAD = timedelta(days=1)
"""Clocks differ, but with a later date it would be first in every list for ever."""


def take_in(archive: Archive, data: bytes, by: Actor = OPERATOR) -> str:
    """Record the experiment of a report; returns its id. It belongs to `by` from now on.

    Imports all of it or nothing. Raises `ReportError` and `RecordError`.
    """
    if len(data) > MOST_BYTES:
        raise ReportError(f"The file has more than {MOST_BYTES // 2**20} MB, which is the most that is read.")
    experiment, asked, pictures = _read(data)
    experiment = replace(experiment, id=_id(experiment.id), person=by.person)
    if experiment.created_at > utc_now() + AHEAD:
        raise ReportError("According to the file it was asked in the future. Is the clock of this computer right?")
    if archive.read(lambda c: plan_store.head(c, experiment.id)) is not None:
        raise ReportError(f"{HERE} Delete it first, if you want it as the file has it.")

    def write(connection: sa.Connection) -> None:
        picture_store.put(connection, pictures)
        _put(connection, experiment, [_settled(cell) for cell in asked], by)

    archive.write(write)
    return experiment.id


def _read(data: bytes) -> tuple[Experiment, list[AskedCell], Mapping[str, bytes]]:
    if not data.startswith(BEGINS):
        return loads(data)
    found = unpacked(io.BytesIO(data), len(data), KIND)
    if found.size > MOST_BYTES:
        raise ReportError(f"The lines in it have more than {MOST_BYTES // 2**20} MB, which is the most that is read.")
    source = found.lines()
    return loads(b"".join(iter(lambda: source.readline(MOST_BYTES), b"")), found.beside)


def is_report_file(file: BinaryIO) -> bool:
    """Whether the file is a report in JSON Lines, alone or in a zip; its position is reset to the start."""
    beginning = file.read(BEGINNING)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if not beginning.startswith(BEGINS):
        return is_report(beginning)
    try:
        unpacked(file, size, KIND)
    except ReportError:
        return False
    finally:
        file.seek(0)
    return True


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ReportError(f"Line 1 is not part of an experiment of Collate: its id is {text[:40]!r}.") from None


def _settled(cell: AskedCell) -> AskedCell:
    """A cell that was being asked: nobody here asks it, it may have been charged, and its answer is not known."""
    return replace(cell, state="unknown") if cell.state in LIVE - {"waiting"} else cell


def _put(connection: sa.Connection, experiment: Experiment, asked: Sequence[AskedCell], by: Actor) -> None:
    _add_plan(connection, experiment, asked)
    trail.note(connection, by, "imported", {"experiment": experiment.id, "answers": len(asked)})
    pairs: dict[tuple[int, int], list[AskedCell]] = {}
    for cell in asked:
        pairs.setdefault((cell.cell.case, cell.cell.wording), []).append(cell)
    made: list[tuple[sa.Table, list[dict[str, Any]]]] = [(table, []) for table in (runs, completions, attempts, cells)]
    for (case, wording), its in pairs.items():
        run_id = str(uuid4())
        made[0][1].append(_run(experiment, run_id, case, wording))
        for n, cell in enumerate(its):
            _add_cell(made, experiment, run_id, n, cell)
    for table, rows in made:
        for n in range(0, len(rows), _AT_ONCE):
            connection.execute(table.insert(), rows[n : n + _AT_ONCE])


def _add_plan(connection: sa.Connection, experiment: Experiment, asked: Sequence[AskedCell]) -> None:
    costs = [cell.completion.cost.amount for cell in asked if cell.completion and cell.taken_from is None]
    ran = experiment.stage == "running"
    plan_store.add(connection, experiment.id, experiment.plan, experiment.person, experiment.created_at)
    connection.execute(
        plans.update().where(plans.c.id == experiment.id).values(
            stage="paused" if ran else experiment.stage,
            reason=_RAN if ran else mended(experiment.reason) or None,
            planned_cases=min(experiment.planned_cases, len(experiment.plan.cases)),
            planned_repeats=min(experiment.planned_repeats or experiment.plan.repeats, experiment.plan.repeats),
            spent=sum((cost for cost in costs if cost is not None), Decimal(0)),
        )
    )  # fmt: skip


def _run(experiment: Experiment, run_id: str, case: int, wording: int) -> dict[str, Any]:
    plan = experiment.plan
    prompt = mended(_prompt(plan, case, wording))
    return {
        "id": run_id, "created_at": experiment.created_at, "source": "page", "prompt": prompt,
        "request": {
            "messages": [message_json(Message("user", prompt))], "settings": settings_json(plan.settings)
        },
        "person": mended(experiment.person) or None, "plan_id": experiment.id,
    }  # fmt: skip


def _prompt(plan: Plan, case: int, wording: int) -> str:
    try:
        return plan.prompt(case, wording)
    except HoleError as exc:
        raise ReportError(f"Case {case + 1}: {exc}") from None


def _add_cell(
    made: list[tuple[sa.Table, list[dict[str, Any]]]], experiment: Experiment, run_id: str, position: int,
    cell: AskedCell,
) -> None:  # fmt: skip
    (_, _), (_, answers), (_, tries), (_, places) = made
    plan, place, done, id = experiment.plan, cell.cell, cell.completion, str(uuid4())
    target = plan.targets[place.target]
    row: dict[str, Any] = {
        "id": id, "run_id": run_id, "position": position, "cell": place.target, "repeat": place.repeat,
        "provider": mended(target.provider), "model": mended(target.model),
        "settings": settings_json(plan.settings_of(place.case, place.wording, place.target)), "state": cell.state,
        "asked_at": experiment.created_at,
    }  # fmt: skip
    row |= _NOTHING if done is None else {**_NOTHING, **outcome_row(done), "endpoint": mended(done.endpoint)}
    if row["pictures"]:
        row["pictures"] = described_as(row["pictures"], experiment.person)
    answers.append(row)
    if done is not None:
        tries.append(_attempt(id, target.model, cell, done.started_at, done.endpoint, done.timings.duration_s))
    places.append({
        "completion_id": id, "plan_id": experiment.id, "repeat": place.repeat, "row": place.case,
        "wording": place.wording, "target": place.target, "taken_from": cell.taken_from,
        "findings": findings_json(cell.verdict.findings) if cell.verdict else None,
        "note": mended(cell.note) if cell.note else None,
    })  # fmt: skip


def _attempt(
    id: str, model: str, cell: AskedCell, at: datetime, endpoint: str, duration_s: float | None
) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "completion_id": id, "number": 1, "endpoint": mended(endpoint), "model": mended(model),
        "state": cell.state, "sent_at": at, "finished_at": at, "duration_s": duration_s,
    }  # fmt: skip


_NOTHING: dict[str, Any] = {
    column.name: None for column in completions.c if column.name not in
    {"id", "run_id", "position", "cell", "repeat", "provider", "model", "settings", "state", "asked_at"}
}  # fmt: skip
"""Values for an answer that was never sent: rows written together must have the same columns."""
