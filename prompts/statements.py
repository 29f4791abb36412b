"""What is said to the database, one function a sentence, each inside the caller's transaction.

Owns the rules of contracts C1-C3 (reliability.md) that live in the data: an attempt is taken once,
a result is written once, a later attempt takes its completion over from the earlier one.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from prompts import ownership
from prompts.choices import Choice, ChoiceError
from prompts.choices import from_json as choice_from
from prompts.choices import to_json as choice_json
from prompts.database import RecordError
from prompts.forecast import History, Past, plain_latin
from prompts.measured import COUNTED, Reading
from prompts.run import WARM_UP, Run
from prompts.schema import OUTCOME, attachments, attempts, choices, completions, runs
from prompts.storage import (
    RunSummary,
    StoredRun,
    digests,
    failure_row,
    file_rows,
    lane_rows,
    mended,
    outcome_row,
    run_row,
    settings_json,
    storable,
    stored_completion,
    stored_run,
)  # fmt: skip
from prompts.targets import Target
from providers.completion import Completion

log = logging.getLogger("collate")

_IN_WORK = ("sent", "streaming")
_CLEAN: dict[str, Any] = dict.fromkeys(OUTCOME)

_ID: sa.BindParameter[Any] = sa.bindparam("the_id")
_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted")
_ME: sa.BindParameter[Any] = sa.bindparam("me")
_later = attempts.alias()

_TAKE = completions.update().where(completions.c.id == _ID, completions.c.state.not_in(_IN_WORK)).values(state="sent")
_LATEST = sa.select(attempts.c.id).where(attempts.c.completion_id == _ID).order_by(attempts.c.number.desc()).limit(1)
_OUTCOME = sa.select(*(completions.c[name] for name in OUTCOME)).where(completions.c.id == _ID)
_UPDATE_ATTEMPT = attempts.update().where(attempts.c.id == _ID)
_SAVE_TEXT = (
    completions.update()
    .where(completions.c.id == _ID, completions.c.recorder_id == _ME, completions.c.state.in_(_IN_WORK))
    .values(state="streaming")
)
_STREAMING = attempts.update().where(attempts.c.id == _ID, attempts.c.state == "sent").values(state="streaming")
_ATTEMPT = sa.select(attempts.c.completion_id, attempts.c.number, attempts.c.state).where(attempts.c.id == _ID)
_END = (
    completions.update()
    .where(completions.c.id == _ID)
    .where(~sa.exists().where(_later.c.completion_id == completions.c.id, _later.c.number > sa.bindparam("mine")))
    .values(recorder_id=None)
)
_WITHDRAW = (
    completions.update()
    .where(completions.c.id == _ID, completions.c.state == "queued")
    .values(state="cancelled", recorder_id=None)
)
_RUN = runs.select().where(runs.c.id == _WANTED)
_RUN_COMPLETIONS = completions.select().where(completions.c.run_id == _WANTED).order_by(completions.c.position)
_RUN_ATTEMPTS = (
    attempts.select()
    .join(completions, completions.c.id == attempts.c.completion_id)
    .where(completions.c.run_id == _WANTED)
    .order_by(attempts.c.number)
)
_FILES = sa.select(attachments).where(attachments.c.sha256.in_(sa.bindparam("wanted", expanding=True)))
_SAMPLE = 400  # characters of a prompt that tell its script
_RECENT = (
    sa.select(runs.c.id, runs.c.created_at, runs.c.prompt)
    .order_by(runs.c.created_at.desc(), runs.c.id)
    .limit(sa.bindparam("most"))
)
_TARGETS = (
    sa.select(completions.c.run_id, completions.c.provider, completions.c.model)
    .where(completions.c.run_id.in_(sa.bindparam("wanted", expanding=True)))
    .order_by(completions.c.position)
)

_newest = sa.select(runs.c.id).order_by(runs.c.created_at.desc()).limit(sa.bindparam("most_runs")).subquery()
_IS_CLEAN = completions.c.conditions.is_(sa.null())
_numbered = (
    sa.select(
        completions.c.provider, completions.c.model, completions.c.started_at, _IS_CLEAN.label("clean"),
        completions.c.time_to_first_token_s, completions.c.duration_s, completions.c.output_tokens_per_s,
        sa.func.row_number().over(
            partition_by=(completions.c.provider, completions.c.model, _IS_CLEAN),
            order_by=completions.c.started_at.desc(),
        ).label("place"),
    )
    .join(_newest, _newest.c.id == completions.c.run_id)
    .where(completions.c.state.in_(COUNTED), completions.c.repeat != WARM_UP)
    .subquery()
)  # fmt: skip
_READINGS = (
    sa.select(*(column for column in _numbered.c if column.name != "place"))
    .where(_numbered.c.place <= sa.bindparam("most_answers"))
    .order_by(_numbered.c.provider, _numbered.c.model)
)
_PAST = (
    sa.select(
        completions.c.provider, completions.c.model, completions.c.input_tokens, completions.c.output_tokens,
        completions.c.settings, sa.func.length(runs.c.prompt).label("characters"),
        sa.func.substr(runs.c.prompt, 1, _SAMPLE).label("sample"),
        sa.or_(
            completions.c.history.is_not(None), sa.cast(runs.c.request, sa.Text).contains('"sha256":')
        ).label("more"),
    )
    .join(runs, runs.c.id == completions.c.run_id)
    .where(completions.c.state == "complete", completions.c.output_tokens > 0)
    .order_by(runs.c.created_at.desc(), runs.c.id, completions.c.position)
    .limit(sa.bindparam("most"))
)  # fmt: skip


def add_run(connection: sa.Connection, me: str, rows: RunRows) -> None:
    """A run, its attachments and its completions, queued."""
    ownership.beat(connection, me)
    connection.execute(runs.insert(), rows.run)
    for file in rows.files:
        connection.execute(_either(connection, attachments).on_conflict_do_nothing(), file)
    if rows.lanes:
        connection.execute(completions.insert(), rows.lanes)


def begin_attempt(
    connection: sa.Connection, me: str, attempt_id: str, completion_id: str, number: int, endpoint: str, target: Target,
    sent_at: datetime,
) -> None:  # fmt: skip
    """The intent. Raises `RecordError`, changing nothing, if the completion is not on record or is being asked."""
    asked = {
        "endpoint": mended(endpoint), "model": mended(target.model), "settings": settings_json(target.settings),
    }  # fmt: skip
    ownership.beat(connection, me)
    previous = connection.scalar(_LATEST, {"the_id": completion_id})
    # Read before it is overwritten.
    outcome = connection.execute(_OUTCOME, {"the_id": completion_id}).mappings().one() if previous else _CLEAN
    new = {"the_id": completion_id, "recorder_id": me, "started_at": sent_at, **asked}
    took = connection.execute(_TAKE, {**_CLEAN, **new})
    if took.rowcount == 0:
        raise RecordError("This answer is not on record, or it is already being asked for.")
    if previous is not None:
        connection.execute(_UPDATE_ATTEMPT, {"the_id": previous, **outcome})
    new = {"id": attempt_id, "completion_id": completion_id, "number": number, "state": "sent", "sent_at": sent_at}
    connection.execute(attempts.insert(), {**new, "endpoint": asked["endpoint"], "model": asked["model"]})


def save_text(
    connection: sa.Connection, me: str, attempt_id: str, completion_id: str, text: str, thinking: str, *, first: bool
) -> None:  # fmt: skip
    """What has arrived so far, as a whole, so that saying it twice does no harm. `first`: the attempt now streams."""
    values = {"the_id": completion_id, "me": me, "text": text, "thinking": thinking}
    if connection.execute(_SAVE_TEXT, values).rowcount and first:
        connection.execute(_STREAMING, {"the_id": attempt_id})


def finish(connection: sa.Connection, attempt_id: str, done: Completion, finished_at: datetime) -> None:
    """The result, once: an attempt that has ended keeps what it has; only `unknown` may still be corrected."""
    row = connection.execute(_ATTEMPT, {"the_id": attempt_id}).mappings().one_or_none()
    if row is None:
        raise RecordError("This attempt is not on record.")
    if row["state"] not in (*_IN_WORK, "unknown"):
        return
    http = done.attempts[-1] if done.attempts else None
    connection.execute(_UPDATE_ATTEMPT, {
        "the_id": attempt_id, "state": done.state, "finished_at": finished_at, "endpoint": mended(done.endpoint),
        "sent_at": http.sent_at if http else done.started_at,
        "status": http.status if http else None, "request_id": mended(http.request_id or "") or None if http else None,
        "duration_s": http.duration_s if http else None, **failure_row(http.failure if http else None),
    })  # fmt: skip
    outcome = outcome_row(done)
    values = {
        "the_id": row["completion_id"],
        "mine": row["number"],
        "state": done.state,
        "endpoint": mended(done.endpoint),
    }
    if connection.execute(_END, {**values, **outcome}).rowcount == 0:
        connection.execute(_UPDATE_ATTEMPT, {"the_id": attempt_id, **outcome})


def abandon(connection: sa.Connection, attempt_id: str) -> None:
    """An attempt whose intent was written, but that will not be sent."""
    row = connection.execute(_ATTEMPT, {"the_id": attempt_id}).mappings().one_or_none()
    if row is not None and row["state"] == "sent":
        connection.execute(_UPDATE_ATTEMPT, {"the_id": attempt_id, "state": "cancelled"})
        connection.execute(_END, {
            "the_id": row["completion_id"], "mine": row["number"], "state": "cancelled",
            "cost_kind": "unknown", "cost": {"reason": "nothing was sent"},
        })  # fmt: skip


def withdraw(connection: sa.Connection, completion_id: str) -> None:
    """A queued completion that will not be sent."""
    connection.execute(_WITHDRAW, {"the_id": completion_id})


def load_run(connection: sa.Connection, run_id: str) -> StoredRun | None:
    """A run with everything on record about it."""
    values = {"wanted": run_id}
    run = connection.execute(_RUN, values).mappings().one_or_none()
    if run is None:
        return None
    tries: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for attempt in connection.execute(_RUN_ATTEMPTS, values).mappings():
        tries[attempt["completion_id"]].append(dict(attempt))
    rows = [dict(row) for row in connection.execute(_RUN_COMPLETIONS, values).mappings()]
    named = digests(run["request"], [row["history"] for row in rows])
    files = {row.sha256: row.data for row in connection.execute(_FILES, {"wanted": list(named)})} if named else {}
    return stored_run(dict(run), tuple(stored_completion(row, tries[row["id"]], files) for row in rows), files)


def recent_runs(connection: sa.Connection, limit: int) -> tuple[RunSummary, ...]:
    """The newest runs, newest first."""
    newest = connection.execute(_RECENT, {"most": limit}).all()
    targets: defaultdict[str, list[str]] = defaultdict(list)
    for run_id, provider, model in connection.execute(_TARGETS, {"wanted": [row.id for row in newest]}):
        targets[run_id].append(f"{provider}:{model}")
    return tuple(RunSummary(row.id, row.created_at, row.prompt, tuple(targets[row.id])) for row in newest)


def readings(connection: sa.Connection, newest_runs: int, newest_answers: int) -> tuple[Reading, ...]:
    """The newest answers of each model that may be measured by, within the newest runs; clean and other ones apart."""
    most = {"most_runs": newest_runs, "most_answers": newest_answers}
    return tuple(Reading(**row) for row in connection.execute(_READINGS, most).mappings())


def output_history(connection: sa.Connection, newest: int) -> History:
    """What the newest answers of each model took, newest first; only those that ended by themselves."""
    found: defaultdict[tuple[str, str], list[Past]] = defaultdict(list)
    for row in connection.execute(_PAST, {"most": newest}):
        settings: dict[str, Any] = row.settings or {}
        system: str = settings.get("system") or ""
        compares = not row.more and plain_latin(row.sample + system[:_SAMPLE])
        characters = row.characters + len(system) if compares else None
        found[row.provider, row.model].append(Past(row.output_tokens, row.input_tokens, characters))
    return found


def save_choice(connection: sa.Connection, person: str, name: str, choice: Choice, at: datetime) -> None:
    """Keep a set of models under a name, in place of what had it."""
    row = {"changed_at": at, "choice": storable(choice_json(choice))}
    insert = _either(connection, choices).values(person=person, name=mended(name), **row)
    connection.execute(insert.on_conflict_do_update(index_elements=["person", "name"], set_=row))


def drop_choice(connection: sa.Connection, person: str, name: str) -> None:
    """Forget a set of models."""
    connection.execute(choices.delete().where(choices.c.person == person, choices.c.name == name))


def load_choices(connection: sa.Connection, person: str) -> Mapping[str, Choice]:
    """The kept sets by name; one that this Collate does not understand is left out, and stays on record."""
    found: dict[str, Choice] = {}
    rows = sa.select(choices.c.name, choices.c.choice).where(choices.c.person == person).order_by(choices.c.name)
    for row in connection.execute(rows):
        try:
            found[row.name] = choice_from(row.choice)
        except ChoiceError as exc:
            log.warning("the kept choice %r is left out: %s", row.name, exc)
    return found


class RunRows(NamedTuple):
    """A run as rows."""

    run: dict[str, Any]
    lanes: list[dict[str, Any]]
    files: list[dict[str, Any]]


def new_run(run: Run, me: str) -> RunRows:
    """The rows of a run, made before it is handed to another thread."""
    return RunRows(run_row(run), lane_rows(run, me), file_rows(run))


def _either(connection: sa.Connection, table: sa.Table) -> Any:
    """An insert that may say what to do when the row is there: both databases can, each in its own dialect."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
