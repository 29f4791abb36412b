"""Questions to judges on record: cells of the same experiment, under its budget; and the results of the replies.

The numbers of such a cell tell which answer, check, judge and order it is about, so it is claimed, reserved, settled
and resumed like any other cell, and never asked twice. If the answer or the criterion has changed since, the question
is stale and is asked again. Inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from prompts.core.messages import digests, message_from, message_json
from prompts.core.plan import Source
from prompts.core.presets import settings_json
from prompts.core.sanitize import mended
from prompts.experiments.asked import AskedCell, Judgements
from prompts.experiments.cell_reading import UNPRICED, dollars, of_cells
from prompts.experiments.cell_store import Rows, note_verdict
from prompts.experiments.checks.check import Finding
from prompts.experiments.checks.kinds import combined
from prompts.experiments.holes import HoleError
from prompts.experiments.judge import Call, Order, Reply, calls, concerns, finding, judged, read
from prompts.experiments.plan import Cell, Plan
from prompts.record import attachment_store
from prompts.record.experiment_tables import JUDGES_FROM, cells
from prompts.record.picture_store import content
from prompts.record.schema import completions, runs
from providers.completion import GOOD_STATES
from providers.interface import Message, Settings

AT_ONCE = 200
"""Answers handled in one transaction."""
_ORDERS: tuple[Order, ...] = ("only", "first", "second")
_PLAN: sa.BindParameter[Any] = sa.bindparam("plan")
_joined = cells.join(completions, completions.c.id == cells.c.completion_id)
_ANSWERED = (
    sa.select(cells.c.completion_id)
    .select_from(_joined)
    .where(cells.c.plan_id == _PLAN, cells.c.target < JUDGES_FROM, completions.c.state.in_(sorted(GOOD_STATES)))
    .order_by(cells.c.repeat, cells.c.row, cells.c.wording, cells.c.target)
)
_ASKED = (
    sa.select(
        cells.c.row, cells.c.repeat, cells.c.wording, cells.c.target, cells.c.completion_id, completions.c.state,
        completions.c.text, completions.c.error, runs.c.id.label("run_id"), runs.c.prompt,
        runs.c.request,
    )
    .select_from(_joined.join(runs, runs.c.id == completions.c.run_id))
    .where(cells.c.plan_id == _PLAN, cells.c.target >= JUDGES_FROM)
    .where(cells.c.row.in_(sa.bindparam("rows", expanding=True)))
)  # fmt: skip
_JUDGED = (
    sa.select(
        cells.c.wording, sa.func.count().label("calls"),
        sa.func.sum(sa.cast(completions.c.cost_amount, sa.Float)).label("spent"),
        sa.func.sum(sa.case((UNPRICED, 1), else_=0)).label("unknown"),
    )
    .select_from(_joined)
    .where(cells.c.plan_id == _PLAN, cells.c.target >= JUDGES_FROM)
    .where(completions.c.state.not_in(("waiting", "queued", "sent", "streaming")))
    .group_by(cells.c.wording)
)  # fmt: skip
_REQUESTS = sa.select(runs.c.id, runs.c.request).where(runs.c.id.in_(sa.bindparam("wanted", expanding=True)))


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one answer, and its state on record."""

    call: Call
    row: Any = None
    """Its row; `None` if it is not on record yet."""

    @property
    def stale(self) -> bool:
        """Whether the recorded question was about another text or picture."""
        if self.row is None:
            return False
        shown = {each.sha256 for each in self.call.pictures}
        return self.row.prompt != mended(self.call.prompt) or digests(self.row.request, ()) != shown

    @property
    def reply(self) -> Reply | None:
        """The judge's reply; `None` while there is none."""
        if self.row is None or self.stale or self.row.state in ("waiting", "queued", "sent", "streaming"):
            return None
        if self.row.state in GOOD_STATES:
            return read(self.call, self.row.text or "")
        error: dict[str, Any] = self.row.error or {}
        said = error.get("message") or self.row.state
        return Reply(self.call, None, f"The judge did not answer: {said}")


def numbers(cell: Cell, call: Call) -> tuple[int, int]:
    """The wording and target numbers of its cell: which answer it is about, and which question it is."""
    order = _ORDERS.index(call.order)
    return JUDGES_FROM + cell.wording * 1000 + cell.target, JUDGES_FROM + call.check * 100 + call.judge * 10 + order


def side_of(number: int) -> tuple[int, int]:
    """The (target, wording) of the answer a question is about, from the wording number of its cell."""
    wording, target = divmod(number - JUDGES_FROM, 1000)
    return target, wording


def target_numbers(plan: Plan) -> dict[int, str]:
    """All target numbers of questions, each with the judge it is for."""
    return {
        JUDGES_FROM + n * 100 + j * 10 + order: name.strip()
        for n in judged(plan) for j, name in enumerate(plan.checks[n].values) for order in range(len(_ORDERS))
    }  # fmt: skip


def judged_sides(connection: sa.Connection, plan_id: str) -> dict[tuple[int, int], Judgements]:
    """By (target, wording), what judging their answers took so far."""
    return {
        side_of(row.wording): Judgements(row.calls, dollars(row.spent), bool(row.unknown))
        for row in connection.execute(_JUDGED, {"plan": plan_id})
    }


def answered(connection: sa.Connection, plan_id: str) -> list[str]:
    """The completions that have an answer to judge."""
    return list(connection.scalars(_ANSWERED, {"plan": plan_id}))


def messages(connection: sa.Connection, run_ids: Sequence[str]) -> Mapping[str, Message]:
    """The recorded messages of these runs, with their pictures."""
    found: dict[str, Message] = {}
    for row in connection.execute(_REQUESTS, {"wanted": list(run_ids)}):
        named = digests(row.request, ())
        files = dict.fromkeys(named, b"") | attachment_store.contents(connection, named)
        found[row.id] = message_from(row.request["messages"][0], files)
    return found


def prepare(
    connection: sa.Connection, plan_id: str, plan: Plan, ids: Sequence[str], person: str, source: Source, at: datetime
) -> Rows:
    """Rows for the questions about these answers that are not on record; recorded ones that are stale wait again."""
    made: Rows = ([], [], [])
    for asked, questions in _questions(connection, plan_id, plan, ids):
        for question in questions:
            if (question.row is None or question.stale) and not _shown(connection, question.call):
                continue  # its picture was just deleted
            if question.row is None:
                _add(made, plan_id, asked, question.call, person, source, at)
            elif question.stale:
                prompt = mended(question.call.prompt)
                values = {"prompt": prompt, "request": _request(question.call)}
                connection.execute(runs.update().where(runs.c.id == question.row.run_id).values(values))
                again = completions.update().where(completions.c.id == question.row.completion_id)
                connection.execute(again.values(state="waiting", recorder_id=None, interrupted_at=None))
    return made


def apply(connection: sa.Connection, plan_id: str, plan: Plan, ids: Sequence[str]) -> None:
    """Write the findings of judges for these answers, next to those of the other checks."""
    for asked, questions in _questions(connection, plan_id, plan, ids):
        if asked.verdict is None:
            continue
        findings = list(asked.verdict.findings)
        for n in judged(plan):
            findings[n] = _found(plan, asked, n, [each for each in questions if each.call.check == n])
        note_verdict(connection, asked.completion_id, combined(plan.checks, findings))


def _found(plan: Plan, asked: AskedCell, n: int, questions: Sequence[Question]) -> Finding:
    check, before = plan.checks[n], asked.verdict
    if plan.draws and not asked.pictures:
        return Finding(None, "There is no picture to judge.")
    replies = [reply for each in questions if (reply := each.reply) is not None]
    waits = len(replies) < len(questions) or not concerns(plan, n, asked.cell)
    if waits and before is not None:
        return before.findings[n]
    found = finding(check, plan.targets[asked.cell.target], replies)
    return replace(found, passed=not found.passed) if check.negated and found.passed is not None else found


def _questions(
    connection: sa.Connection, plan_id: str, plan: Plan, ids: Sequence[str]
) -> list[tuple[AskedCell, list[Question]]]:
    some = [asked for asked in of_cells(connection, ids, plan) if asked.answered and asked.completion is not None]
    rows = sorted({asked.cell.case for asked in some})
    there = {
        (row.row, row.repeat, row.wording, row.target): row
        for row in connection.execute(_ASKED, {"plan": plan_id, "rows": rows})
    }
    found: list[tuple[AskedCell, list[Question]]] = []
    for asked in some:
        cell, text = asked.cell, asked.completion.text if asked.completion else ""
        try:
            wanted = calls(plan, cell, text, asked.pictures)
        except HoleError:
            continue  # the case cannot be judged, as its other checks report too
        found.append((
            asked,
            [Question(call, there.get((cell.case, cell.repeat, *numbers(cell, call)))) for call in wanted],
        ))  # fmt: skip
    return found


def _add(
    made: Rows, plan_id: str, asked: AskedCell, call: Call, person: str, source: Source, at: datetime
) -> None:  # fmt: skip
    wording, target = numbers(asked.cell, call)
    run_id, id, prompt = str(uuid4()), str(uuid4()), mended(call.prompt)
    made[0].append({
        "id": run_id, "created_at": at, "source": source, "prompt": prompt, "request": _request(call),
        "person": mended(person) or None, "plan_id": plan_id,
    })  # fmt: skip
    made[1].append({
        "id": id, "run_id": run_id, "position": 0, "cell": 0, "repeat": 0, "provider": call.target.provider,
        "model": call.target.model, "settings": settings_json(Settings()), "state": "waiting", "asked_at": at,
    })  # fmt: skip
    made[2].append({
        "completion_id": id, "plan_id": plan_id, "repeat": asked.cell.repeat, "row": asked.cell.case,
        "wording": wording, "target": target,
    })  # fmt: skip


def _request(call: Call) -> dict[str, Any]:
    shown = [{"name": f"picture {n}", "media_type": each.media_type, "sha256": each.sha256}
             for n, each in enumerate(call.pictures, 1)]  # fmt: skip
    message = {**message_json(Message("user", call.prompt)), **({"attachments": shown} if shown else {})}
    return {"messages": [message], "settings": settings_json(Settings())}


def _shown(connection: sa.Connection, call: Call) -> bool:
    """Whether its pictures are on record, which they then stay while the question refers to them."""
    found = {each.sha256: content(connection, each.sha256) for each in call.pictures}
    files = {digest: data for digest, data in found.items() if data is not None}
    attachment_store.put(connection, files)
    return len(files) == len(found)
