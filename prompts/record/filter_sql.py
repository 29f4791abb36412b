"""Translates a filter into SQL conditions on cards.

Owns how a million cards are searched: newest first until enough are found, unless one condition holds for so few cards
that only those need be examined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from prompts.core.run_summaries import Filter
from prompts.record.schema import ROOM, cards, completions, models, ratings, runs, tags
from providers.catalogue.families import family_of

GOOD, FAILED, INTERRUPTED = 1, 2, 3
"""Values of `cards.outcome`; 0 is not over yet."""
FREE, PRICED, UNKNOWN = 1, 2, 3
"""Values of `cards.cost_kind`."""
FEW = 5_000
NEWEST = 2**63 - 1
_FIRST, _DAY = date(1970, 1, 1), 24 * 60 * 60 * 1000 * ROOM

Condition = sa.ColumnElement[bool]


class Telling(NamedTuple):
    """A condition that may hold for few cards."""

    test: Condition
    numbers: sa.Select[Any]
    """Selects the numbers of the cards for which it holds, through an index."""


class Sought(NamedTuple):
    """What a card must be like to match."""

    oldest: int
    """The lowest number to examine."""
    below: int
    """One more than the highest number to examine."""
    conditions: list[Condition]
    few: bool
    """Whether at most `FEW` cards need be examined."""


def sought(connection: sa.Connection, wanted: Filter) -> Sought:
    """The conditions for everything wanted, except words."""
    oldest = _number(wanted.since) if wanted.since else 0
    below = _number(wanted.until, 1) if wanted.until else NEWEST
    telling = [*_asked(connection, wanted), *_marked(wanted)]
    rare = next((each for each in telling if _holds_of_few(connection, each)), None)
    conditions = [each.test for each in telling if each is not rare]
    if rare:
        conditions.insert(0, cards.c.number.in_(rare.numbers))
    return Sought(oldest, below, [*conditions, *_plain(wanted)], rare is not None)


def all_cards(columns: Sequence[sa.ColumnElement[Any]]) -> sa.Select[Any]:
    """A query that reads cards in the order of their numbers; written so that SQLite does not choose another index."""
    return sa.select(*columns).select_from(cards).with_hint(cards, "NOT INDEXED", "sqlite")


def _number(day: date, later: int = 0) -> int:
    """The lowest number a card of `day` (UTC), or of `later` days after it, can have; works for all possible days."""
    days = (day - _FIRST).days + later
    return min(max(days * _DAY, 0), NEWEST)


def _holds_of_few(connection: sa.Connection, telling: Telling) -> bool:
    some = telling.numbers.limit(FEW + 1).subquery()
    return (connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0) <= FEW


def _asked(connection: sa.Connection, wanted: Filter) -> Iterator[Telling]:
    """Conditions on what was asked, by whom, and how it ended."""
    if wanted.targets or wanted.providers or wanted.families:
        yield _where(cards.c.target.in_(_models(connection, wanted)))
    if wanted.outcome in ("failed", "interrupted"):
        # Written like its index: SQLite uses a partial index only if the query plainly implies its condition.
        seldom = cards.c.outcome != sa.literal_column("1")
        yield _where(sa.and_(seldom, cards.c.outcome == (FAILED if wanted.outcome == "failed" else INTERRUPTED)))
    if wanted.person:
        yield _where(cards.c.person == wanted.person)
    if wanted.experiment is not None:
        of_it = runs.c.experiment_id == wanted.experiment
        yield Telling(
            sa.exists().where(runs.c.id == cards.c.run_id, of_it),
            sa.select(cards.c.number)
            .join_from(runs, completions, completions.c.run_id == runs.c.id)
            .join(cards, cards.c.completion_id == completions.c.id)
            .where(of_it),
        )


def _marked(wanted: Filter) -> Iterator[Telling]:
    """Conditions on people's feedback."""
    if wanted.tags:
        yield _said(tags, tags.c.name.in_(wanted.tags))
    if wanted.stars:
        yield _said(ratings, ratings.c.stars >= wanted.stars)
    if wanted.thumb:
        yield _said(ratings, ratings.c.thumb == wanted.thumb)
    if wanted.best:
        yield _said(ratings, ratings.c.best)


def _where(condition: Condition) -> Telling:
    return Telling(condition, sa.select(cards.c.number).where(condition))


def _said(table: sa.Table, condition: Condition) -> Telling:
    ours = table.c.completion_id == cards.c.completion_id
    return Telling(
        sa.exists().where(ours, condition), sa.select(cards.c.number).join_from(table, cards, ours).where(condition)
    )


def _plain(wanted: Filter) -> Iterator[Condition]:
    """Conditions that usually hold for many cards."""
    if not wanted.planned and not wanted.words:
        yield cards.c.planned == sa.literal_column("0")
    if wanted.outcome == "good":
        yield cards.c.outcome == GOOD
    if wanted.person == "":
        yield cards.c.person.is_(None)
    if wanted.cost_from is not None or wanted.cost_to is not None:
        known = cards.c.cost_kind.in_((FREE, PRICED))
        cost = sa.func.coalesce(cards.c.cost, 0.0)
        yield known
        if wanted.cost_from is not None:
            yield cost >= float(wanted.cost_from)
        if wanted.cost_to is not None:
            yield cost <= float(wanted.cost_to)


def _models(connection: sa.Connection, wanted: Filter) -> list[int]:
    def fits(row: Any) -> bool:
        family = family_of(row.provider, row.model) if wanted.families else None
        return (
            (not wanted.targets or f"{row.provider}:{row.model}" in wanted.targets)
            and (not wanted.providers or row.provider in wanted.providers)
            and (not wanted.families or (family is not None and family.name in wanted.families))
        )

    return [row.id for row in connection.execute(sa.select(models)) if fits(row)]
