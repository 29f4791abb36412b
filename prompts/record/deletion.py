"""Deletes runs completely: rows, attempts, feedback, their words in the search index, and files that no other run uses.

Owns what must be deleted and in which steps, so that other writers wait for one step at most. Leaves runs that are
still being asked. SQLite overwrites what is deleted, and its write-ahead log is emptied at the end; PostgreSQL frees
the space at its next vacuum.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from prompts.core import format as text_of
from prompts.core.messages import digests
from prompts.record import picture_store, rights, spool, trail
from prompts.record.column_types import Instant
from prompts.record.database import patiently, sentence, writing
from prompts.record.experiment_tables import cells, plans
from prompts.record.full_text import forget
from prompts.record.rights import OPERATOR, Actor
from prompts.record.schema import NAMES_FILES, attachments, completions, runs
from providers.measuring.measure import monotonic, utc_now

log = logging.getLogger("collate")

STEP = 50
"""Runs deleted per transaction."""
_REST_S, _FORGET_S = 0.05, 600.0
_PATIENCE_S = 5.0
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_PRESENT = sa.select(runs.c.id, runs.c.person).where(runs.c.id.in_(_IDS))
_ASKED = sa.select(completions.c.run_id).where(completions.c.run_id.in_(_IDS), completions.c.recorder_id.is_not(None))
_ANSWERS = sa.select(sa.func.count()).select_from(completions).where(completions.c.run_id.in_(_IDS))
_CONTINUE = sa.select(runs.c.id).where(runs.c.link_id.in_(_IDS), runs.c.link_kind == "continues")
_DELETE = runs.delete().where(runs.c.id.in_(_IDS))
_NEW = timedelta(hours=1)
_PLANS_LEFT = (
    plans.delete()
    .where(plans.c.recorder_id.is_(None), plans.c.created_at < sa.bindparam("long_ago"))
    .where(~sa.exists().where(cells.c.plan_id == plans.c.id))
)
"""Plans of experiments without any answers left, which contain prompts and cases; a new plan has no cells yet."""
_OLDER = (
    sa.select(runs.c.id, runs.c.created_at)
    .where(runs.c.created_at < sa.bindparam("before"))
    # Within a tuple a parameter has no type unless it is given one.
    .where(
        sa.tuple_(runs.c.created_at, runs.c.id)
        > sa.tuple_(sa.bindparam("after_at", type_=Instant), sa.bindparam("after_id"))
    )
    .order_by(runs.c.created_at, runs.c.id)
    .limit(sa.bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted, and what could not be."""

    runs: int
    completions: int
    attachments: int
    """Contents that no other run uses: attachments and pictures."""
    asked: tuple[str, ...] = ()
    """Runs left alone because they are still being asked."""
    others: tuple[str, ...] = ()
    """Runs left alone because they belong to somebody else."""
    continued: tuple[str, ...] = ()
    """Remaining runs that continue deleted ones; each has its own copy of the conversation before it."""
    wiped: bool = True
    """`False`: other readers prevented SQLite from overwriting all of it now; that happens over time as it is used."""


def told(gone: Deleted) -> str:
    """What happened, in sentences for people."""
    runs, answers = text_of.number_of(gone.runs, "run"), text_of.number_of(gone.completions, "answer")
    files = f" and {text_of.number_of(gone.attachments, 'file')}" if gone.attachments else ""
    sentences = [f"{runs} with {answers}{files} deleted." if gone.runs else "Nothing was deleted."]
    if asked := len(gone.asked):
        sentences.append(
            f"{text_of.number_of(asked, 'run')} {'is' if asked == 1 else 'are'} still being asked and stayed."
        )
    if others := len(gone.others):
        sentences.append(
            f"{text_of.number_of(others, 'run')} {'is' if others == 1 else 'are'} other people’s and stayed: only they "
            "or an administrator may delete what they asked."
        )
    if later := len(gone.continued):
        sentences.append(
            f"{text_of.number_of(later, 'follow-up')} {'is' if later == 1 else 'are'} still on record and "
            "quote the conversation before; delete them too if it must go."
        )
    if not gone.wiped:
        sentences.append(
            "Others were using the record: traces stay in its files until they are overwritten. Delete anything else, "
            "or start Collate again, to have that done."
        )
    return " ".join(sentences)


Watch = Callable[[int], None]
"""Called with the number of runs deleted so far."""


def delete(
    engine: sa.Engine, run_ids: Sequence[str], watch: Watch = lambda _: None, by: Actor = OPERATOR
) -> Deleted:  # fmt: skip
    """Delete those of these runs that `by` may delete; a run that is not on record is ignored. Raises `DBAPIError`."""
    ids = list(dict.fromkeys(run_ids))
    return _all(engine, (ids[n : n + STEP] for n in range(0, len(ids), STEP)), watch, by)


def delete_older(
    engine: sa.Engine, before: datetime, watch: Watch = lambda _: None, by: Actor = OPERATOR
) -> Deleted:  # fmt: skip
    """Delete every run made before that time. Raises `NotAllowedError` and `DBAPIError`."""
    rights.check(by, "delete everything older than a number of days")
    return _all(engine, _older(engine, before), watch, by)


def _all(engine: sa.Engine, steps: Iterator[list[str]], watch: Watch, by: Actor) -> Deleted:
    spool.take_in(engine)  # else an answer that is deleted here would remain in a file next to the record
    gone, answers, asked, others, continued = 0, 0, list[str](), list[str](), list[str]()
    for ids in steps:
        began = monotonic()
        step = patiently(lambda ids=ids: _step(engine, ids, by))
        gone, answers = gone + step.runs, answers + step.completions
        asked += step.asked
        others += step.others
        continued += step.continued
        watch(gone)
        if len(ids) == STEP:
            time.sleep(monotonic() - began)  # leaves half of the time to other writers
    if not gone:
        return Deleted(0, 0, 0, tuple(asked), tuple(others))
    files, left = patiently(lambda: _tidy(engine, continued))
    until = monotonic() + _FORGET_S
    while not (forgotten := patiently(lambda: _forget_some(engine))) and monotonic() < until:
        watch(gone)
        time.sleep(_REST_S)
    return Deleted(gone, answers, files, tuple(asked), tuple(others), left, _emptied(engine) and forgotten)


def is_broken_off(engine: sa.Engine) -> bool:
    """Whether a deletion stopped before the search index was cleaned; SQLite's file has a mark for this."""
    if engine.dialect.name != "sqlite":
        return False
    with engine.begin() as connection:
        return bool(connection.exec_driver_sql("PRAGMA user_version").scalar())


def go_on(engine: sa.Engine, stopped: Event) -> None:
    """Finish what a stopped deletion left to do, until `stopped` is set."""
    try:
        patiently(lambda: _tidy(engine, ()))
        while not stopped.is_set() and not patiently(lambda: _forget_some(engine)):
            stopped.wait(_REST_S)
    except DBAPIError as exc:
        log.warning("an interrupted deletion is not finished yet: %s", sentence(exc, engine))


def _step(engine: sa.Engine, ids: Sequence[str], by: Actor) -> Deleted:
    with writing(engine).begin() as connection:
        there = {row.id: row.person for row in connection.execute(_PRESENT, {"ids": ids})}
        others = tuple(each for each, owner in there.items() if rights.refusal(by, "delete a run", owner))
        asked = set(connection.scalars(_ASKED, {"ids": ids})).difference(others)
        going = [run_id for run_id in there if run_id not in asked and run_id not in others]
        answers = connection.scalar(_ANSWERS, {"ids": going}) or 0
        continued = tuple(connection.scalars(_CONTINUE, {"ids": going}))
        connection.execute(_DELETE, {"ids": going})
        if going:
            trail.note(connection, by, "deleted runs", {"runs": going, "answers": answers})
        _mark(connection, unfinished=True)
        return Deleted(len(going), answers, 0, tuple(sorted(asked)), others, continued)


def _forget_some(engine: sa.Engine) -> bool:
    """One step of cleaning the search index; returns whether it is clean."""
    with writing(engine).begin() as connection:
        if forgotten := forget(connection):
            _mark(connection, unfinished=False)
        return forgotten


def _mark(connection: sa.Connection, *, unfinished: bool) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {unfinished:d}")


def _tidy(engine: sa.Engine, continued: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Delete files that no run uses any more; returns how many, and which of the runs in `continued` are on record."""
    with writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            # Whoever adds a run that uses one of the files waits, so that it is not deleted meanwhile.
            connection.execute(sa.text("LOCK TABLE pictures, attachments IN SHARE ROW EXCLUSIVE MODE"))
        named = set[str]()
        for column in (runs.c.request, completions.c.history):
            for found in connection.scalars(_with_files(connection, column)):
                named |= digests(found if column is runs.c.request else {"messages": found}, ())
        unused = set(connection.scalars(sa.select(attachments.c.sha256))) - named
        connection.execute(_PLANS_LEFT, {"long_ago": utc_now() - _NEW})
        for digest in unused:
            connection.execute(attachments.delete().where(attachments.c.sha256 == digest))
        drawn = picture_store.drop_unused(connection, named)
        left = (connection.scalar(sa.select(runs.c.id).where(runs.c.id == run_id)) for run_id in continued)
        return len(unused) + drawn, tuple(run_id for run_id in left if run_id is not None)


def _with_files(connection: sa.Connection, column: sa.Column[Any]) -> sa.Select[Any]:
    return sa.select(column).where(sa.text(NAMES_FILES[connection.dialect.name].format(column=column.name)))


def _older(engine: sa.Engine, before: datetime) -> Iterator[list[str]]:
    """Ids of runs from before that time, oldest first, in batches of one step."""
    after = {"after_at": datetime.min.replace(tzinfo=UTC), "after_id": ""}
    while True:
        with engine.begin() as connection:
            found = connection.execute(_OLDER, {"before": before, "most": STEP, **after}).all()
        if not found:
            return
        yield [run_id for run_id, _ in found]
        after = {"after_id": found[-1].id, "after_at": found[-1].created_at}


def _emptied(engine: sa.Engine) -> bool:
    """Whether SQLite's write-ahead log, which still contains old pages, could be emptied."""
    if engine.dialect.name != "sqlite":
        return True
    until = monotonic() + _PATIENCE_S
    while (busy := _checkpoint(engine)) and monotonic() < until:
        time.sleep(0.05)
    return not busy


def _checkpoint(engine: sa.Engine) -> bool:
    connection = engine.raw_connection()  # outside of any transaction
    try:
        cursor = connection.cursor()
        try:
            return bool(cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        finally:
            cursor.close()
    finally:
        connection.close()
