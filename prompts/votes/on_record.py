"""Access to recorded blind votes for pages and the command line.

All methods block for the disk and raise `RecordError`.
"""

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
        """Record a new ballot."""
        self.archive.write(lambda c: vote_store.add(c, ballot))

    def ballot(self, id: str) -> Ballot | None:
        """The ballot with that id; `None` if it is not on record."""
        return self.archive.read(lambda c: vote_store.ballot(c, id))

    def lines(self) -> list[BallotLine]:
        """All ballots, newest first."""
        return self.archive.read(vote_store.lines)

    def tasks(self) -> list[str]:
        """Every task that a ballot names, sorted."""
        return self.archive.read(vote_store.tasks)

    def delete(self, id: str, by: Actor = OPERATOR) -> None:
        """Delete a ballot with all its votes. Raises `NotAllowedError`."""
        self.archive.write(lambda c: vote_store.delete(c, id, by))

    def votes(self, wanted: Wanted = Wanted()) -> list[Vote]:
        """The votes that match, oldest first, as `ranking` takes them."""
        return self.archive.read(lambda c: vote_store.read(c, wanted))

    def open_to(self, person: str | None) -> tuple[list[Vote], int]:
        """All votes that this person may see with names, and how many ballots are left out.

        A ballot they have begun is left out until they have finished it. `None`: somebody who does not vote.
        """
        votes = self.votes()
        begun = {vote.ballot_id for vote in votes if vote.person == person} if person is not None else set[str]()
        shut = {ballot for ballot in begun if not self.finished(ballot, person or "")}
        return [vote for vote in votes if vote.ballot_id not in shut], len(shut)

    def cast(self, vote: Vote) -> bool:
        """Record a vote; `False` if this person has voted on this pair already. Raises `VoteError` too."""
        return self.archive.write(lambda c: vote_store.cast(c, vote))

    def give_reason(self, vote_id: str, person: str, reason: Reason | None) -> bool:
        """Record why this person chose so; `False` if it is not their vote, is gone, or its models were revealed."""
        return self.archive.write(lambda c: vote_store.give_reason(c, vote_id, person, reason))

    def take_back(self, vote_id: str, person: str) -> None:
        """Undo a vote of this person. Raises `VoteError` once its models were revealed."""
        self.archive.write(lambda c: vote_store.take_back(c, vote_id, person))

    def reveal(self, vote_id: str, person: str) -> None:
        """Note that the models of this vote were revealed to this person, so that it cannot be undone."""
        self.archive.write(lambda c: vote_store.reveal(c, vote_id, person))

    def finish(self, ballot_id: str, person: str) -> None:
        """Note that this person was shown all names, so that they cannot vote on the ballot any more."""
        now = utc_now()
        self.archive.write(lambda c: vote_store.finish(c, ballot_id, person, now))

    def finished(self, ballot_id: str, person: str) -> bool:
        """Whether this person was shown the names."""
        return self.archive.read(lambda c: vote_store.finished_at(c, ballot_id, person)) is not None


def new_id() -> str:
    """An id for a ballot or a vote."""
    return str(uuid4())
