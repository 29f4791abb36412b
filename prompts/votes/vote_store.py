"""Ballots and votes in the database; each function works inside the caller's transaction.

Owns three rules: a person votes once on a pair; a vote is final once its models were revealed to the person; a person
who has finished a ballot cannot vote on it any more. Votes and reveals lock the ballot's row, so of two the second sees
the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from prompts.core.sanitize import mended
from prompts.record import rights, trail
from prompts.record.database_errors import RecordError
from prompts.record.rights import Actor
from prompts.record.vote_tables import ballots, reveals, votes
from prompts.record.writes import either
from prompts.votes.votes import Ballot, BallotCase, Contestant, Origin, Reason, Vote, VotedAnswer, VoteError

GONE = "This ballot is no longer on record."
FINISHED = "You have seen which model is which, so you cannot vote on this ballot any more."
LOCKED = "The models of this pair were revealed to you, so the vote can no longer be changed."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which votes to read; `None` means any."""

    ballot: str | None = None
    task: str | None = None
    person: str | None = None
    origin: str | None = None
    """The id of an experiment or a collection."""


@dataclass(frozen=True, slots=True)
class BallotLine:
    """A ballot in a list."""

    id: str
    created_at: datetime
    name: str
    task: str
    person: str
    votes: int
    """Not counting skips."""
    people: int


_HOLD = sa.select(ballots.c.id).where(ballots.c.id == sa.bindparam("the_id")).with_for_update()
_TOLD = sa.select(reveals.c.at).where(
    reveals.c.ballot_id == sa.bindparam("ballot"), reveals.c.person == sa.bindparam("whose")
)


def add(connection: sa.Connection, ballot: Ballot) -> None:
    """Insert a new ballot."""
    connection.execute(ballots.insert(), ballot_row(ballot))


def ballot_row(ballot: Ballot) -> dict[str, Any]:
    """A ballot as a row."""
    return {
        "id": ballot.id, "created_at": ballot.created_at, "name": mended(ballot.name), "task": mended(ballot.task),
        "person": mended(ballot.person) or None, "origin_kind": ballot.origin.kind, "origin_id": ballot.origin.id,
        "reveal": ballot.reveal,
        "contestants": [_contestant_row(each) for each in ballot.contestants],
        "cases": [{"key": mended(case.key), "answers": [list(ids) for ids in case.answers]} for case in ballot.cases],
    }  # fmt: skip


def _contestant_row(contestant: Contestant) -> dict[str, str]:
    row = {name: mended(value) for name, value in asdict(contestant).items()}
    return row if contestant.imported_by else {"name": row["name"], "target": row["target"]}


def ballot(connection: sa.Connection, id: str) -> Ballot | None:
    """The ballot with that id; `None` if it is not on record."""
    row = connection.execute(ballots.select().where(ballots.c.id == mended(id))).mappings().one_or_none()
    return None if row is None else ballot_from(row)


def ballot_from(row: Mapping[Any, Any]) -> Ballot:
    """A ballot from its row."""
    return Ballot(
        row["id"], row["created_at"], row["name"], row["task"], row["person"] or "",
        Origin(row["origin_kind"], row["origin_id"]),
        tuple(Contestant(**each) for each in row["contestants"]),
        tuple(BallotCase(each["key"], tuple(map(tuple, each["answers"]))) for each in row["cases"]), row["reveal"],
    )  # fmt: skip


def lines(connection: sa.Connection) -> list[BallotLine]:
    """All ballots, newest first."""
    given = (
        sa.select(
            votes.c.ballot_id, sa.func.count().label("votes"),
            sa.func.count(votes.c.person.distinct()).label("people"),
        )
        .where(votes.c.choice != "skip").group_by(votes.c.ballot_id).subquery()
    )  # fmt: skip
    query = (
        sa.select(
            ballots.c.id, ballots.c.created_at, ballots.c.name, ballots.c.task,
            sa.func.coalesce(ballots.c.person, "").label("person"),
            sa.func.coalesce(given.c.votes, 0).label("votes"), sa.func.coalesce(given.c.people, 0).label("people"),
        )
        .outerjoin(given, given.c.ballot_id == ballots.c.id)
        .order_by(ballots.c.created_at.desc(), ballots.c.id)
    )  # fmt: skip
    return [BallotLine(**row) for row in connection.execute(query).mappings()]


def tasks(connection: sa.Connection) -> list[str]:
    """Every task that a ballot names, sorted."""
    return list(connection.scalars(sa.select(ballots.c.task).distinct().order_by(ballots.c.task)))


def delete(connection: sa.Connection, id: str, by: Actor) -> None:
    """Delete a ballot with all its votes. Raises `NotAllowedError`."""
    rights.check(by, "delete a ballot", connection.scalar(sa.select(ballots.c.person).where(ballots.c.id == id)))
    given = connection.scalar(sa.select(sa.func.count()).where(votes.c.ballot_id == id)) or 0
    if connection.execute(ballots.delete().where(ballots.c.id == id)).rowcount:
        trail.note(connection, by, "deleted a ballot", {"ballot": id, "votes": given})


def cast(connection: sa.Connection, vote: Vote) -> bool:
    """Insert a vote; `False` if this person has voted on this pair already, and that vote stays.

    Raises `RecordError` if the ballot is gone, `VoteError` if the person has finished it.
    """
    _hold(connection, vote.ballot_id)
    if finished_at(connection, vote.ballot_id, vote.person) is not None:
        raise VoteError(FINISHED)
    insert = either(connection, votes).values(vote_row(vote)).on_conflict_do_nothing().returning(votes.c.id)
    return connection.scalar(insert) is not None


def vote_row(vote: Vote) -> dict[str, Any]:
    """A vote as a row."""
    sides = {
        f"{side}_{name.removeprefix('completion_')}": value
        for side, answer in (("left", vote.left), ("right", vote.right))
        for name, value in asdict(answer).items()
    }
    return {
        "id": vote.id, "ballot_id": vote.ballot_id, "person": mended(vote.person), "at": vote.at,
        "case_key": mended(vote.case), "pair": pair_of(vote.left.completion_id, vote.right.completion_id), **sides,
        "choice": vote.choice, "reason": vote.reason, "gave_away": vote.gave_away, "revealed": vote.revealed,
        "imported": vote.imported,
    }  # fmt: skip


def pair_of(one: str, other: str) -> str:
    """A key for two completions that does not depend on which was on the left."""
    return " ".join(sorted((one, other)))


def give_reason(connection: sa.Connection, vote_id: str, person: str, reason: Reason | None) -> bool:
    """Store why this person chose so; `False` if it is not their vote, is gone, or its models were revealed."""
    mine = votes.c.id == vote_id, votes.c.person == mended(person), ~votes.c.revealed
    return connection.execute(votes.update().where(*mine).values(reason=reason)).rowcount > 0


def take_back(connection: sa.Connection, vote_id: str, person: str) -> None:
    """Undo a vote of this person. Raises `VoteError` once its models were revealed."""
    mine = votes.c.id == vote_id, votes.c.person == mended(person)
    found = connection.execute(sa.select(votes.c.revealed, votes.c.ballot_id).where(*mine)).one_or_none()
    if found is None:
        return
    _hold(connection, found.ballot_id)
    if connection.execute(votes.delete().where(*mine, ~votes.c.revealed)).rowcount == 0:
        raise VoteError(LOCKED)


def reveal(connection: sa.Connection, vote_id: str, person: str) -> None:
    """Note that its models were revealed to this person; the vote is final from now on."""
    mine = votes.c.id == vote_id, votes.c.person == mended(person)
    connection.execute(votes.update().where(*mine).values(revealed=True))


def finish(connection: sa.Connection, ballot_id: str, person: str, at: datetime) -> None:
    """Note that this person was shown the names: they cannot vote on it any more, and their votes are final."""
    _hold(connection, ballot_id)
    insert = either(connection, reveals).values(ballot_id=ballot_id, person=mended(person), at=at)
    connection.execute(insert.on_conflict_do_nothing())
    mine = votes.c.ballot_id == ballot_id, votes.c.person == mended(person)
    connection.execute(votes.update().where(*mine).values(revealed=True))


def finished_at(connection: sa.Connection, ballot_id: str, person: str) -> datetime | None:
    """When this person was shown the names; `None`: not yet."""
    return connection.scalar(_TOLD, {"ballot": ballot_id, "whose": mended(person)})


def read(connection: sa.Connection, wanted: Wanted = Wanted()) -> list[Vote]:
    """The votes that match, oldest first."""
    query = sa.select(votes).join(ballots, ballots.c.id == votes.c.ballot_id).order_by(votes.c.at, votes.c.id)
    for column, value in (
        (votes.c.ballot_id, wanted.ballot), (ballots.c.task, wanted.task), (votes.c.person, wanted.person),
        (ballots.c.origin_id, wanted.origin),
    ):  # fmt: skip
        if value is not None:
            query = query.where(column == mended(value))
    return [vote_from(row) for row in connection.execute(query).mappings()]


def vote_from(row: Mapping[Any, Any]) -> Vote:
    """A vote from its row."""
    left, right = (
        VotedAnswer(*(row[f"{side}_{each.name.removeprefix('completion_')}"] for each in fields(VotedAnswer)))
        for side in ("left", "right")
    )
    return Vote(
        row["id"], row["ballot_id"], row["person"], row["at"], row["case_key"], left, right, row["choice"],
        row["reason"], row["gave_away"], row["revealed"],
        row["imported"],
    )  # fmt: skip


def _hold(connection: sa.Connection, ballot_id: str) -> None:
    if connection.scalar(_HOLD, {"the_id": ballot_id}) is None:
        raise RecordError(GONE)
