"""Votes as a table, one per row: who preferred which of two answers, as CSV and for Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from prompts.core.csv_safety import LINE_END, MARK, defused
from prompts.exchange.xlsx import Cell, Head, Sheet
from prompts.votes.vote_store import BallotLine
from prompts.votes.votes import CHOICES, REASONS, Vote

HEADS = (
    Head("Voted (UTC)", 19), Head("Ballot", 24), Head("Task", 18), Head("Person", 14), Head("Case", 20),
    Head("Left", 28), Head("Right", 28), Head("Choice", 16), Head("Preferred", 28), Head("Reason", 16),
    Head("Gave itself away", 15), Head("Imported", 10), Head("Left characters", 14), Head("Right characters", 15),
)  # fmt: skip
"""`Preferred` is empty for a tie, both bad and a skip;
a vote on an answer that gave its model away is in no ranking."""


def votes_csv(votes: Sequence[Vote], ballots: Mapping[str, BallotLine]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads it; text that a spreadsheet would execute is made safe."""
    out = io.StringIO(MARK)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator=LINE_END)
    writer.writerow([head.name for head in HEADS])
    for row in _rows(votes, ballots):
        writer.writerow([defused(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return out.getvalue().encode()


def votes_xlsx(votes: Sequence[Vote], ballots: Mapping[str, BallotLine]) -> bytes:
    """One sheet, with dates and numbers as such."""
    return b"".join(Sheet(HEADS, "Votes").pieces(_rows(votes, ballots)))


def _rows(votes: Sequence[Vote], ballots: Mapping[str, BallotLine]) -> Iterator[list[Cell]]:
    for vote in votes:
        ballot = ballots.get(vote.ballot_id)
        yield [
            vote.at, ballot.name if ballot else None, ballot.task if ballot else None, vote.person or None, vote.case,
            vote.left.name, vote.right.name, CHOICES[vote.choice], _preferred(vote),
            REASONS[vote.reason] if vote.reason else None, "yes" if vote.gave_away else None,
            "yes" if vote.imported else None,
            vote.left.characters, vote.right.characters,
        ]  # fmt: skip


def _preferred(vote: Vote) -> str | None:
    return {"left": vote.left.name, "right": vote.right.name}.get(vote.choice)
