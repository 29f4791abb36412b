"""Merges runs from a file into the record, one function per step, all inside the caller's transaction.

Owns the rule that nothing is duplicated and nothing on record changes: a run on record stays as it is, and only
people's feedback on its answers is merged; of two by one person the newer wins. Does not check the rows:
`import_validation` has done that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from prompts.core.feedback import spelled
from prompts.exchange import ballots, decisions, import_ids
from prompts.exchange.ballots import BallotRows
from prompts.exchange.formats import ImportFileError
from prompts.record import attachment_store, picture_store
from prompts.record.feedback_store import known_tags
from prompts.record.rights import described_as, known_as
from prompts.record.run_rows import CompletionRows, Row, RunRows
from prompts.record.schema import attempts, completions, experiments, notes, ratings, runs, tags
from prompts.record.writes import either


@dataclass(frozen=True, slots=True)
class Batch:
    """What is imported at once: runs, with what they are the first in the file to refer to."""

    runs: tuple[RunRows, ...]
    experiments: tuple[Row, ...] = ()
    attachments: Mapping[str, bytes] | None = None
    ballots: tuple[BallotRows, ...] = ()
    decisions: tuple[Row, ...] = ()
    pictures: Mapping[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Counts of what an import did."""

    runs: int = 0
    """New runs."""
    there: int = 0
    """Runs that were on record already."""
    marks: int = 0
    """Ratings, notes and tags merged into runs that were on record."""
    attachments: int = 0
    """New contents of attachments."""
    votes: int = 0
    """New blind votes."""
    decisions: int = 0
    """New decisions."""

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            self.runs + other.runs, self.there + other.there, self.marks + other.marks,
            self.attachments + other.attachments, self.votes + other.votes, self.decisions + other.decisions,
        )  # fmt: skip


_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
_THEIRS = sa.select(completions.c.id).where(completions.c.run_id.in_(_WANTED))
_BEST = (
    sa.select(completions.c.run_id, ratings)
    .join(completions, completions.c.id == ratings.c.completion_id)
    .where(completions.c.run_id.in_(_WANTED), ratings.c.best)
    .order_by(ratings.c.changed_at.desc(), ratings.c.completion_id)
)


CLASH = "An id in the file already belongs to something else."
_ANSWERS = sa.select(completions.c.id, completions.c.run_id).where(completions.c.id.in_(_WANTED))
_ATTEMPTS = sa.select(attempts.c.id, attempts.c.completion_id).where(attempts.c.id.in_(_WANTED))
_AT_ONCE = 10_000  # a database takes some 30,000 values in one statement


def clashes(connection: sa.Connection, several: Sequence[RunRows]) -> bool:
    """Whether an id in these runs belongs to something else on record, so that they cannot be imported."""
    said = ((_ANSWERS, import_ids.completion_ids(several)), (_ATTEMPTS, import_ids.attempts(several)))
    return any(
        dict(part).get(row[0]) != row[1]
        for query, pairs in said
        for part in (pairs[start : start + _AT_ONCE] for start in range(0, len(pairs), _AT_ONCE))
        for row in connection.execute(query, {"wanted": [each for each, _ in part]})
    )


def merge(connection: sa.Connection, batch: Batch, by: str = "") -> Taken:
    """Import what is not on record yet for the person `by`, which is empty if nobody logs in.

    Raises `ImportFileError` if an id belongs to something else on record.
    """
    by_id = {run.row["id"]: run for run in reversed(batch.runs)}
    picture_store.put(connection, batch.pictures or {})
    try:
        files = attachment_store.put(connection, batch.attachments or {})
        _add(connection, experiments, [_named(row, by) for row in batch.experiments])
        new = _add_runs(connection, by_id.values(), by)
    except IntegrityError as exc:
        raise ImportFileError(CLASH) from exc
    there = [run for run in by_id.values() if run.row["id"] not in new]
    known = frozenset(connection.scalars(_THEIRS, {"wanted": [run.row["id"] for run in there]}))
    joined = sum(_join(connection, each, by) for each in _answers(there) if each.row["id"] in known)
    if any(row["best"] for each in _answers(by_id.values()) for row in each.ratings):
        _one_best(connection, list(by_id))
    votes = ballots.join(connection, batch.ballots, by)
    decided = decisions.join(connection, batch.decisions, lambda person: known_as(person, by))
    return Taken(len(new), len(there), joined, files, votes, decided)


def _answers(several: Iterable[RunRows]) -> list[CompletionRows]:
    return [completion for run in several for completion in run.completions]


def _add_runs(connection: sa.Connection, several: Iterable[RunRows], by: str) -> frozenset[str]:
    """Insert the runs that are not on record, with everything that belongs to them; returns their ids."""
    rows = [_named(_whole(runs, run.row), by) for run in several]
    insert = either(connection, runs).on_conflict_do_nothing().returning(runs.c.id)
    new = frozenset(connection.scalars(insert, rows)) if rows else frozenset[str]()
    answers = _answers(run for run in several if run.row["id"] in new)
    for table, found in (
        (completions, [_described(each.row, by) for each in answers]),
        (attempts, [_described(row, by) for each in answers for row in each.attempts]),
        (ratings, _last([_named(row, by) for each in answers for row in each.ratings])),
        (notes, _last([_named(row, by) for each in answers for row in each.notes])),
    ):
        if found:
            connection.execute(table.insert(), [_whole(table, row) for row in found])
    _add(connection, tags, _spelled(connection, [_named(row, by) for each in answers for row in each.tags]))
    return new


def _add(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> int:
    """Insert those rows that are not on record; returns how many."""
    insert = either(connection, table).on_conflict_do_nothing().returning(*table.primary_key)
    return sum(len(connection.execute(insert, _whole(table, row)).all()) for row in rows)


def _whole(table: sa.Table, row: Row) -> dict[str, Any]:
    """A value for each column, so that many rows can be one statement."""
    return {column.name: row.get(column.name) for column in table.columns}


def _join(connection: sa.Connection, completion: CompletionRows, by: str) -> int:
    """Merge feedback on an answer that is on record. What a person here said themselves is not repeated."""
    said = [(ratings, row) for row in completion.ratings] + [(notes, row) for row in completion.notes]
    newer = sum(
        _newer(connection, table, _named(row, by)) for table, row in said if not _says(connection, table, row, by)
    )
    return newer + _add(connection, tags, _spelled(connection, [_named(row, by) for row in completion.tags]))


def _named(row: Row, by: str) -> dict[str, Any]:
    return {**row, "person": known_as(row.get("person"), by)}


def _last(said: Sequence[Row]) -> list[Row]:
    """Of several people with one name here, only the last feedback on each answer."""
    ordered = sorted(said, key=lambda row: row["changed_at"])
    return list({(row["completion_id"], row["person"]): row for row in ordered}.values())


def _described(row: Row, by: str) -> Row:
    return {**row, "pictures": described_as(row["pictures"], by)} if row.get("pictures") else row


def _says(connection: sa.Connection, table: sa.Table, row: Row, by: str) -> bool:
    """Whether another person with that name has given feedback of their own here."""
    if known_as(row["person"], by) == row["person"]:
        return False
    theirs = table.c.completion_id == row["completion_id"], table.c.person == row["person"]
    return connection.scalar(sa.select(sa.literal(1)).select_from(table).where(*theirs)) is not None


def _newer(connection: sa.Connection, table: sa.Table, row: Row) -> int:
    insert = either(connection, table).values(**_whole(table, row))
    values = {column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key}
    older = table.c.changed_at < insert.excluded.changed_at
    key = [column.name for column in table.primary_key]
    upsert = insert.on_conflict_do_update(index_elements=key, set_=values, where=older)
    return len(connection.execute(upsert.returning(*table.primary_key)).all())


def _spelled(connection: sa.Connection, rows: Sequence[Row]) -> list[Row]:
    """Tags in the spelling used on record."""
    if not rows:
        return []
    known = known_tags(connection)
    return [{**row, "name": spelled([row["name"]], known)[0]} for row in rows]


def _one_best(connection: sa.Connection, run_ids: Sequence[str]) -> None:
    """Keep at most one best answer per person and run: the one they chose last."""
    seen = set[tuple[str, str]]()
    for row in connection.execute(_BEST, {"wanted": list(run_ids)}).mappings().all():
        owner = row["run_id"], row["person"]
        if owner in seen:
            mine = ratings.c.completion_id == row["completion_id"], ratings.c.person == row["person"]
            empty = row["thumb"] is None and row["stars"] is None
            connection.execute(ratings.delete().where(*mine) if empty else
                               ratings.update().where(*mine).values(best=False))  # fmt: skip
        seen.add(owner)
