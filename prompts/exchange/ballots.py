"""Export and import of blind votes: a ballot, its votes, and who was shown the names.

Owns which ballots are exported: those all of whose recorded answers are in the file, so that the importing side can
show what was voted on. Owns merging, inside the caller's transaction: nothing is duplicated, and nobody's own vote
changes. What somebody with a login imports is ranked under names of its own. A vote whose person may have known the
names counts in no ranking: one that somebody with a login imports, and one of a person who was shown the names here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from prompts.record.rights import known_as
from prompts.record.run_rows import Row
from prompts.record.schema import completions
from prompts.record.vote_tables import ballots, reveals, votes
from prompts.record.writes import either
from prompts.votes.vote_store import pair_of

_AT_ONCE = 500
_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
_THERE = sa.select(completions.c.id).where(completions.c.id.in_(_WANTED))


@dataclass(frozen=True, slots=True)
class BallotRows:
    """A ballot and everything recorded about it."""

    row: Row
    votes: tuple[Row, ...] = ()
    reveals: tuple[Row, ...] = ()


def answers_voted_on(connection: sa.Connection) -> frozenset[str]:
    """The ids of the completions of all ballots, even of completions that no longer exist."""
    return frozenset(id for cases in connection.scalars(sa.select(ballots.c.cases)) for id in _ids(cases))


def ballot_rows(connection: sa.Connection, written: frozenset[str]) -> Iterator[BallotRows]:
    """The ballots to export with a file that contains these completions, oldest first."""
    for head in _all(connection, ballots.select().order_by(ballots.c.created_at, ballots.c.id)):
        ids = _ids(head["cases"])
        left = sorted(ids - written)
        if not ids & written or any(
            connection.scalar(_THERE.limit(1), {"wanted": left[n : n + _AT_ONCE]})
            for n in range(0, len(left), _AT_ONCE)
        ):  # fmt: skip
            continue
        given = votes.select().where(votes.c.ballot_id == head["id"]).order_by(votes.c.at, votes.c.id)
        told = reveals.select().where(reveals.c.ballot_id == head["id"]).order_by(reveals.c.at, reveals.c.person)
        yield BallotRows(_plain(head), *(tuple(map(_plain, _all(connection, query))) for query in (given, told)))


def _all(connection: sa.Connection, query: sa.Select[Any]) -> Sequence[sa.RowMapping]:
    return connection.execute(query).mappings().all()


def _plain(row: sa.RowMapping) -> Row:
    return {str(name): value for name, value in row.items()}


def join(connection: sa.Connection, several: Sequence[BallotRows], by: str) -> int:
    """Import what is not on record yet; returns how many votes were new.

    `by`: who imports; empty if nobody logs in, or if the operator moves a record: then votes stay as they were cast.
    """
    new = 0
    for each in several:
        _add(connection, ballots, _claimed(_named(each.row, by), by))
        for vote in each.votes:
            row = {**_named(vote, by), "pair": pair_of(vote["left_id"], vote["right_id"])}
            if row["person"] == vote["person"] or not _voted(connection, vote, row["pair"]):
                new += _add(connection, votes, {**row, "imported": bool(by) or _was_shown_names(connection, vote)})
        for told in each.reveals:
            _add(connection, reveals, _named(told, by))
    return new


def _named(row: Mapping[str, Any], by: str) -> Row:
    return {**row, "person": known_as(row.get("person"), by)}


def _claimed(row: Row, by: str) -> Row:
    """A ballot whose contestants say who imported them: none is taken for a model that was asked here."""
    return {**row, "contestants": [{**each, "imported_by": by} for each in row["contestants"]]} if by else row


def _voted(connection: sa.Connection, vote: Row, pair: str) -> bool:
    """Whether the voter has already voted here on these answers under their own name."""
    theirs = votes.c.ballot_id == vote["ballot_id"], votes.c.person == vote["person"], votes.c.pair == pair
    return connection.scalar(sa.select(sa.literal(1)).where(*theirs)) is not None


def _was_shown_names(connection: sa.Connection, vote: Row) -> bool:
    theirs = reveals.c.ballot_id == vote["ballot_id"], reveals.c.person == vote["person"]
    return connection.scalar(sa.select(sa.literal(1)).where(*theirs)) is not None


def _add(connection: sa.Connection, table: sa.Table, row: Mapping[str, Any]) -> int:
    insert = either(connection, table).on_conflict_do_nothing().returning(*table.primary_key)
    return len(connection.execute(insert, {column.name: row.get(column.name) for column in table.columns}).all())


def _ids(cases: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(id for case in cases for several in case["answers"] for id in several)
