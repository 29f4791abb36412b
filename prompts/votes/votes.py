"""A ballot, a pair that is shown, and a vote: plain data, the same for pages, files and the record.

Owns the words of a vote. A ballot holds no text: it names answers on record by their ids, and a vote keeps what the
ranking needs, so that it counts when the answers are gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Choice = Literal["left", "right", "tie", "both_bad", "skip"]
Reason = Literal["correct", "complete", "clear", "instructions", "tone", "brief"]
OriginKind = Literal["experiment", "collection", "runs"]
Reveal = Literal["end", "each"]
"""`end`: names are told once, when a person has finished; `each`: after every vote, whose pair is then locked."""

CHOICES: Mapping[Choice, str] = {
    "left": "Left is better",
    "right": "Right is better",
    "tie": "About equal",
    "both_bad": "Both are bad",
    "skip": "Skip",
}
REASONS: Mapping[Reason, str] = {
    "correct": "more correct",
    "complete": "more complete",
    "clear": "clearer",
    "instructions": "follows the task",
    "tone": "better tone",
    "brief": "more to the point",
}


class VoteError(ValueError):
    """This vote or ballot is not possible; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """What is voted on: a model as it was asked."""

    name: str
    """As it is told after the reveal; tells two wordings or settings of one model apart."""
    target: str
    """`provider:model`, by which several ballots are counted together."""


@dataclass(frozen=True, slots=True)
class BallotCase:
    """One prompt that several contestants answered."""

    key: str
    """The same for the same prompt, in whatever ballot."""
    answers: tuple[tuple[str, ...], ...]
    """For each contestant the ids of its completions, its repeats; empty: it has no answer to this case."""

    @property
    def contested(self) -> bool:
        """At least two contestants answered it."""
        return sum(bool(each) for each in self.answers) > 1


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the answers of a ballot come from."""

    kind: OriginKind
    id: str | None = None
    """Of the experiment or the collection, which may be gone; `None` for runs that were searched for."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """Answers that people vote on."""

    id: str
    created_at: datetime
    name: str
    task: str
    """What it is about, as rankings are told apart: `Support mail`. The same words, the same task."""
    person: str
    """Who made it; empty where nobody logs in."""
    origin: Origin
    contestants: tuple[Contestant, ...]
    cases: tuple[BallotCase, ...]
    reveal: Reveal = "end"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to one case, in the order in which they are shown. Never leaves the server before the vote."""

    case: str
    """Its key."""
    left: int
    """Which contestant of the ballot."""
    right: int
    left_id: str
    """Its completion."""
    right_id: str

    @property
    def answers(self) -> frozenset[str]:
        """Both, whatever the order."""
        return frozenset((self.left_id, self.right_id))


@dataclass(frozen=True, slots=True)
class VotedAnswer:
    """One side of a vote, as the ranking needs it."""

    completion_id: str
    """Which may be gone."""
    name: str
    """Of the contestant."""
    target: str
    """`provider:model`."""
    characters: int
    """Of the answer as it was shown."""
    marks: int
    """Headings, list items, bold words, tables and code blocks in it."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's choice between two hidden answers."""

    id: str
    ballot_id: str
    person: str
    """Who votes; empty where nobody gave a name."""
    at: datetime
    case: str
    """Its key."""
    left: VotedAnswer
    right: VotedAnswer
    choice: Choice
    reason: Reason | None = None
    gave_away: bool = False
    """An answer named its model or vendor: counted, but in no ranking."""
    revealed: bool = False
    """Its models have been told to this person, so it cannot be taken back."""

    @property
    def counts(self) -> bool:
        """It says something about the two models."""
        return self.choice != "skip" and not self.gave_away

    @property
    def score(self) -> float:
        """What the left one got: 1, 0, or half where neither was preferred."""
        return {"left": 1.0, "right": 0.0}.get(self.choice, 0.5)
