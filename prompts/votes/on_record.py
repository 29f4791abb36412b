"""Blind votes as pages and the command line reach them. Every method blocks for the disk; each raises `RecordError`."""

from __future__ import annotations

from uuid import uuid4

from prompts.history.archive import Archive
from prompts.record.rights import OPERATOR, Actor
from prompts.votes import vote_store
from prompts.votes.vote_store import BallotLine, Wanted
from prompts.votes.votes import Ballot, Reason, Vote
from providers.measuring.measure import utc_now


class Votes:
    """The ballots and votes on record."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def add(self, ballot: Ballot) -> None:
        """A new ballot."""
        self.archive.write(lambda c: vote_store.add(c, ballot))

    def ballot(self, id: str) -> Ballot | None:
        """One of them; `None` if it is not on record."""
        return self.archive.read(lambda c: vote_store.ballot(c, id))

    def lines(self) -> list[BallotLine]:
        """All ballots, the newest first."""
        return self.archive.read(vote_store.lines)

    def tasks(self) -> list[str]:
        """Every task that a ballot names, sorted."""
        return self.archive.read(vote_store.tasks)

    def delete(self, id: str, by: Actor = OPERATOR) -> None:
        """A ballot with all its votes. Raises `NotAllowedError`."""
        self.archive.write(lambda c: vote_store.delete(c, id, by))

    def votes(self, wanted: Wanted = Wanted()) -> list[Vote]:
        """The votes that are wanted, the oldest first: `ranking` takes them as they are."""
        return self.archive.read(lambda c: vote_store.read(c, wanted))

    def open_to(self, person: str | None) -> tuple[list[Vote], int]:
        """All votes that this person may see with their names, and how many ballots are left out.

        A ballot that they have begun stays shut until they have finished it. `None`: nobody who votes.
        """
        votes = self.votes()
        begun = {vote.ballot_id for vote in votes if vote.person == person} if person is not None else set[str]()
        shut = {ballot for ballot in begun if not self.finished(ballot, person or "")}
        return [vote for vote in votes if vote.ballot_id not in shut], len(shut)

    def cast(self, vote: Vote) -> bool:
        """Put a vote on record; `False`: this person has voted on this pair already. Raises `VoteError` too."""
        return self.archive.write(lambda c: vote_store.cast(c, vote))

    def give_reason(self, vote_id: str, person: str, reason: Reason | None) -> bool:
        """Why this person chose so; `False` if it is not their vote, is gone, or its models were told."""
        return self.archive.write(lambda c: vote_store.give_reason(c, vote_id, person, reason))

    def take_back(self, vote_id: str, person: str) -> None:
        """Undo a vote of this person's. Raises `VoteError` once its models were told."""
        self.archive.write(lambda c: vote_store.take_back(c, vote_id, person))

    def reveal(self, vote_id: str, person: str) -> None:
        """The models of this vote are told to this person; it cannot be taken back from now on."""
        self.archive.write(lambda c: vote_store.reveal(c, vote_id, person))

    def finish(self, ballot_id: str, person: str) -> None:
        """Tell this person the names: they vote on it no more."""
        now = utc_now()
        self.archive.write(lambda c: vote_store.finish(c, ballot_id, person, now))

    def finished(self, ballot_id: str, person: str) -> bool:
        """Whether this person has been told the names."""
        return self.archive.read(lambda c: vote_store.finished_at(c, ballot_id, person)) is not None


def new_id() -> str:
    """Of a ballot or a vote."""
    return str(uuid4())
