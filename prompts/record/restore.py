"""Turns a recorded run back into a `Run`, so that the same code shows recorded and live runs."""

from __future__ import annotations

from prompts.core.answer import LIVE, Answer, AnswerState
from prompts.core.plan import Cell, Plan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record.rows import StoredCompletion, StoredRun

UNASKED = "Not asked: Collate ended before its turn came."
LOST = "Collate ended before this answer did. It may have been charged."
WAITS = "Waits for its turn in an experiment."
ELSEWHERE = "Another Collate is asking this one now. Reload to see what has arrived since."


def from_record(stored: StoredRun) -> Run:
    """The run as it was; an answer that was never finished keeps the text it had."""
    answers = [_answer(row) for row in stored.completions]
    plan = Plan(
        stored.prompt, tuple(answer.cell for answer in answers), stored.source, stored.settings, stored.attachments,
        stored.link, stored.fair, stored.local_only, stored.person or "", stored.keeps,
    )  # fmt: skip
    return Run.of(plan, id=stored.id, created_at=stored.created_at, answers=answers)


def _answer(row: StoredCompletion) -> Answer:
    target = Target(row.provider, row.model, row.settings)
    done = row.completion
    attempt = done.attempts[-1].number if done and done.attempts else row.asked
    state: AnswerState = "waiting" if row.state == "queued" else row.state
    return Answer(
        Cell(target, row.position, row.cell, row.repeat, row.id, row.history, row.follows),
        state, _note(row, state, attempt), attempt, (row.text,), (row.thinking,),
        adjustments=done.adjustments if done else (), completion=done,
        spent=tuple(earlier.cost for earlier in row.earlier), marks=row.marks, tags=row.tags,
        interrupted_at=row.interrupted_at, pictures=done.pictures if done else (),
    )  # fmt: skip


def _note(row: StoredCompletion, state: AnswerState, attempt: int) -> str | None:
    if row.state == "waiting":
        return WAITS
    if state in LIVE:
        return ELSEWHERE
    if row.interrupted_at is not None:
        return LOST if attempt else UNASKED
    return None
