"""Statements that write runs and attempts; each function works inside the caller's transaction.

Owns the rules of docs/design/failures.md#c1-intent-first to #c3-states about data: an attempt is taken once, a result
is written once, a later attempt takes the place of the earlier one in its completion.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from prompts.core.messages import file_rows
from prompts.core.presets import settings_json
from prompts.core.run import Run
from prompts.core.sanitize import mended
from prompts.core.targets import Target
from prompts.privacy import strip_text
from prompts.record import attachment_store, leases, picture_store
from prompts.record.database import RecordError
from prompts.record.rows import completion_rows, failure_row, outcome_row, run_row
from prompts.record.schema import OUTCOME, attempts, completions, runs
from providers.completion import Completion

log = logging.getLogger("collate")


def _is_one_of(column: sa.Column[Any], *states: str) -> sa.ColumnElement[bool]:
    """Like `column.in_(states)`, which is rendered anew for every execution."""
    return sa.or_(*(column == state for state in states))


_IN_WORK = ("sent", "streaming")

_ID: sa.BindParameter[Any] = sa.bindparam("the_id")
_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
_ME: sa.BindParameter[Any] = sa.bindparam("me")
_later = attempts.alias()

_FREE = sa.or_(completions.c.recorder_id.is_(None), completions.c.recorder_id == _ME)
_TAKE = (
    completions.update()
    .where(completions.c.id == _ID, ~_is_one_of(completions.c.state, *_IN_WORK), _FREE)
    # A process that took us for dead may have asked it meanwhile, and finished.
    .where(~sa.exists().where(_later.c.completion_id == completions.c.id, _later.c.number >= sa.bindparam("mine")))
    .values(state="sent", interrupted_at=None)
)
_CLAIM = (
    completions.update()
    .where(completions.c.id.in_(_WANTED))
    .where(completions.c.interrupted_at.is_not(None), completions.c.recorder_id.is_(None))
    .values(state="queued", recorder_id=_ME, interrupted_at=None)
    .returning(completions.c.id)
)
_LATEST = sa.select(attempts.c.id).where(attempts.c.completion_id == _ID).order_by(attempts.c.number.desc()).limit(1)
_OUTCOME = sa.select(*(completions.c[name] for name in OUTCOME)).where(completions.c.id == _ID)
_UPDATE_ATTEMPT = attempts.update().where(attempts.c.id == _ID)
_SAVE_TEXT = (
    completions.update()
    .where(completions.c.id == _ID, completions.c.recorder_id == _ME)
    .where(_is_one_of(completions.c.state, *_IN_WORK))
    .values(state="streaming")
)
_STREAMING = attempts.update().where(attempts.c.id == _ID, attempts.c.state == "sent").values(state="streaming")
_END_ATTEMPT = (
    attempts.update()
    .where(attempts.c.id == _ID, _is_one_of(attempts.c.state, *_IN_WORK, "unknown"))
    .returning(attempts.c.completion_id, attempts.c.number)
)
_ATTEMPT = sa.select(attempts.c.completion_id, attempts.c.number, attempts.c.state).where(attempts.c.id == _ID)
_END = (
    completions.update()
    .where(completions.c.id == _ID)
    .where(~sa.exists().where(_later.c.completion_id == completions.c.id, _later.c.number > sa.bindparam("mine")))
    .values(recorder_id=None, interrupted_at=None)
)
_WITHDRAW = (
    completions.update()
    .where(completions.c.id == _ID, completions.c.state == "queued")
    .values(state=leases.UNASKED, recorder_id=None)
)


class TakenError(RecordError):
    """Another process is asking it, or has asked it."""


def add_run(connection: sa.Connection, me: str, rows: RunRows) -> None:
    """Insert a run, its attachments and its completions, which are queued."""
    leases.beat(connection, me)
    connection.execute(runs.insert(), rows.run)
    if rows.files:
        attachment_store.put(connection, {file["sha256"]: file["data"] for file in rows.files})
    if rows.completions:
        connection.execute(completions.insert(), rows.completions)


def claim(connection: sa.Connection, me: str, completion_ids: Sequence[str]) -> frozenset[str]:
    """Queue again what a dead process left unfinished; returns those that no other process has taken."""
    leases.beat(connection, me)
    return frozenset(connection.scalars(_CLAIM, {"wanted": list(completion_ids), "me": me}))


def begin_attempt(
    connection: sa.Connection, me: str, attempt_id: str, completion_id: str, number: int, endpoint: str, target: Target,
    sent_at: datetime,
) -> None:  # fmt: skip
    """Record the intent. Raises `TakenError`, changing nothing, if the completion is not on record or not ours."""
    asked = {
        "endpoint": mended(endpoint), "model": mended(target.model), "settings": settings_json(target.settings),
    }  # fmt: skip
    leases.beat(connection, me)
    previous = connection.scalar(_LATEST, {"the_id": completion_id}) if number > 1 else None
    # Read before it is overwritten; without an earlier attempt there is nothing to read or clear.
    outcome: Mapping[str, Any] = {}
    if previous is not None:
        outcome = dict(connection.execute(_OUTCOME, {"the_id": completion_id}).mappings().one())
    new = {"the_id": completion_id, "me": me, "mine": number, "recorder_id": me, "started_at": sent_at, **asked}
    took = connection.execute(_TAKE, {**dict.fromkeys(outcome), **new})
    if took.rowcount == 0:
        raise TakenError("This answer is not on record, or it is already being asked for.")
    if previous is not None:
        connection.execute(_UPDATE_ATTEMPT, {"the_id": previous, **outcome})
    new = {"id": attempt_id, "completion_id": completion_id, "number": number, "state": "sent", "sent_at": sent_at}
    connection.execute(attempts.insert(), {**new, "endpoint": asked["endpoint"], "model": asked["model"]})


def save_text(
    connection: sa.Connection, me: str, attempt_id: str, completion_id: str, text: str, thinking: str, *, first: bool
) -> None:  # fmt: skip
    """Save all text that has arrived so far, so that repeating it does no harm.

    `first`: the attempt is now streaming.
    """
    values = {"the_id": completion_id, "me": me, "text": text, "thinking": thinking}
    if connection.execute(_SAVE_TEXT, values).rowcount and first:
        connection.execute(_STREAMING, {"the_id": attempt_id})


class Result(NamedTuple):
    """The result of an attempt as columns: those of the attempt, and those in `schema.OUTCOME`."""

    attempt: dict[str, Any]
    outcome: dict[str, Any]
    pictures: Mapping[str, bytes] = {}
    """The contents of its pictures, by digest."""


def result(done: Completion, finished_at: datetime, contents: Mapping[str, bytes] = {}) -> Result:
    """The columns for a completion, with those of `contents` that belong to it."""
    http = done.attempts[-1] if done.attempts else None
    attempt = {
        "state": done.state, "finished_at": finished_at, "endpoint": mended(done.endpoint),
        "sent_at": http.sent_at if http else done.started_at,
        "status": http.status if http else None, "request_id": mended(http.request_id or "") or None if http else None,
        "duration_s": http.duration_s if http else None, **failure_row(http.failure if http else None),
    }  # fmt: skip
    named = (digest for each in done.pictures for digest in each.contents)
    return Result(attempt, outcome_row(done), {digest: contents[digest] for digest in named if digest in contents})


def end(connection: sa.Connection, attempt_id: str, result: Result) -> bool:
    """Record the result, once: a finished attempt keeps its result, except that `unknown` may be corrected.

    Returns whether anything changed.
    """
    if not result.attempt:
        raise RecordError("This attempt has no result.")  # as a damaged line of a spool file would
    row = connection.execute(_END_ATTEMPT, {"the_id": attempt_id, **result.attempt}).mappings().one_or_none()
    if row is None:
        if connection.execute(_ATTEMPT, {"the_id": attempt_id}).one_or_none() is None:
            raise RecordError("This attempt is not on record.")
        return False
    picture_store.put(connection, result.pictures)
    values = {"the_id": row["completion_id"], "mine": row["number"]}
    values |= {name: result.attempt[name] for name in ("state", "endpoint")}
    if connection.execute(_END, {**values, **result.outcome}).rowcount == 0:
        connection.execute(_UPDATE_ATTEMPT, {"the_id": attempt_id, **result.outcome})
    return True


def abandon(connection: sa.Connection, attempt_id: str) -> None:
    """Record that an attempt whose intent was written will not be sent."""
    row = connection.execute(_ATTEMPT, {"the_id": attempt_id}).mappings().one_or_none()
    if row is not None and row["state"] == "sent":
        connection.execute(_UPDATE_ATTEMPT, {"the_id": attempt_id, "state": "cancelled"})
        connection.execute(_END, {
            "the_id": row["completion_id"], "mine": row["number"], "state": "cancelled",
            "cost_kind": "unknown", "cost": {"reason": "nothing was sent"},
        })  # fmt: skip


def withdraw(connection: sa.Connection, completion_id: str) -> None:
    """Record that a queued completion will not be sent."""
    connection.execute(_WITHDRAW, {"the_id": completion_id})


class RunRows(NamedTuple):
    """A run as rows."""

    run: dict[str, Any]
    completions: list[dict[str, Any]]
    files: list[dict[str, Any]]


def new_run(run: Run, me: str) -> RunRows:
    """The rows of a run, made before they are passed to another thread."""
    kept = run if run.keeps == "everything" else strip_text.of_run(run)
    return RunRows(run_row(kept), completion_rows(kept, me), file_rows(kept))


def either(connection: sa.Connection, table: sa.Table) -> Any:
    """An insert that can handle existing rows (`on_conflict_…`), in the dialect of the database."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
