"""Ballots and votes as tests need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from prompts.votes.votes import Ballot, BallotCase, Choice, Contestant, Origin, Vote, VotedAnswer

SPRING = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
_number = count(1)


def a_ballot(id="ballot", names="AB", cases=3, **more):
    """Each contestant has one answer to each case: `a-0` is A's to case 0."""
    return Ballot(
        id, SPRING, more.pop("name", "Poems"), more.pop("task", "Poems"), more.pop("person", "ana"),
        more.pop("origin", Origin("runs")),
        tuple(Contestant(name, f"builtin:{name.lower()}") for name in names),
        tuple(BallotCase(str(n), tuple((f"{name.lower()}-{n}",) for name in names)) for n in range(cases)),
        **more,
    )  # fmt: skip


def answer(name, case="0", characters=100, marks=0):
    """One side of a vote."""
    return VotedAnswer(f"{name.lower()}-{case}", name, f"builtin:{name.lower()}", characters, marks)


def a_vote(left="A", right="B", choice: Choice = "left", case=None, person="", **more):
    """A vote of its own case, unless told otherwise."""
    number = next(_number)
    case = str(number) if case is None else case
    return Vote(
        more.pop("id", f"vote {number}"), more.pop("ballot_id", "ballot"), person, SPRING + timedelta(seconds=number),
        case, answer(left, case, more.pop("left_characters", 100)),
        answer(right, case, more.pop("right_characters", 100)), choice, **more,
    )  # fmt: skip
