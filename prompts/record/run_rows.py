"""Reads runs as rows, some at a time, so that a million need no more memory than fifty.

Inside the caller's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from prompts.core.messages import digests
from prompts.core.run_summaries import Filter
from prompts.record import attachment_store, picture_store
from prompts.record.full_text import conditions
from prompts.record.schema import attempts, cards, completions, experiments, notes, ratings, runs, tags

BATCH = 50
"""Runs that are in memory at once."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CompletionRows:
    """A completion's row, those of its attempts in order, and people's feedback on it."""

    row: Row
    attempts: tuple[Row, ...] = ()
    ratings: tuple[Row, ...] = ()
    notes: tuple[Row, ...] = ()
    tags: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRows:
    """A run with everything recorded about it, except the contents of attachments."""

    row: Row
    experiment: Row | None
    completions: tuple[CompletionRows, ...]

    @property
    def digests(self) -> frozenset[str]:
        """The digests of attachments in its messages."""
        return frozenset(digests(self.row["request"], [each.row["history"] for each in self.completions]))

    @property
    def drawn(self) -> frozenset[str]:
        """The digests of pictures in its answers and their attempts."""
        rows = [row for each in self.completions for row in (each.row, *each.attempts)]
        return frozenset(picture_store.digests(row.get("pictures") for row in rows))


_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
_RUNS = runs.select().where(runs.c.id.in_(_WANTED))
_COMPLETIONS = completions.select().where(completions.c.run_id.in_(_WANTED)).order_by(completions.c.position)
_EXPERIMENTS = experiments.select().where(experiments.c.id.in_(_WANTED))


def _of_completions(table: sa.Table, *order: str) -> sa.Select[Any]:
    found = table.select().join(completions, completions.c.id == table.c.completion_id)
    return found.where(completions.c.run_id.in_(_WANTED)).order_by(*(table.c[name] for name in order))


_ATTEMPTS = _of_completions(attempts, "number")
_RATINGS = _of_completions(ratings, "person")
_NOTES = _of_completions(notes, "person")
_TAGS = _of_completions(tags, "name")


def run_rows(connection: sa.Connection, ids: Sequence[str]) -> tuple[RunRows, ...]:
    """The runs with these ids, in that order; missing ones are left out."""
    wanted = {"wanted": list(ids)}
    found = {row["id"]: dict(row) for row in connection.execute(_RUNS, wanted).mappings()}
    tries, rated, noted, tagged = (
        _by_completion(connection, query, wanted) for query in (_ATTEMPTS, _RATINGS, _NOTES, _TAGS)
    )
    answers: defaultdict[str, list[CompletionRows]] = defaultdict(list)
    for row in connection.execute(_COMPLETIONS, wanted).mappings():
        at = row["id"]
        answers[row["run_id"]].append(CompletionRows(dict(row), tries[at], rated[at], noted[at], tagged[at]))
    named = {"wanted": [row["experiment_id"] for row in found.values() if row["experiment_id"]]}
    groups = {row["id"]: dict(row) for row in connection.execute(_EXPERIMENTS, named).mappings()}
    return tuple(
        RunRows(found[each], groups.get(found[each]["experiment_id"]), tuple(answers[each]))
        for each in ids if each in found
    )  # fmt: skip


def _by_completion(connection: sa.Connection, query: sa.Select[Any], wanted: Row) -> Mapping[str, tuple[Row, ...]]:
    found: defaultdict[str, tuple[Row, ...]] = defaultdict(tuple)
    for row in connection.execute(query, dict(wanted)).mappings():
        found[row["completion_id"]] += (dict(row),)
    return found


def attachment(connection: sa.Connection, digest: str) -> bytes | None:
    """The content of an attachment, by its digest; `None` if it is not on record."""
    return attachment_store.contents(connection, [digest]).get(digest)


def count(connection: sa.Connection, wanted: Filter) -> int:
    """How many runs match."""
    if wanted == Filter(planned=True):
        return connection.scalar(sa.select(sa.func.count()).select_from(runs)) or 0
    found = sa.select(sa.func.count(sa.distinct(cards.c.run_id)))
    return connection.scalar(found.where(*conditions(connection, wanted))) or 0
