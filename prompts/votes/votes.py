"""A ballot, a pair that is shown, and a vote: plain data for pages, files and the record.

Owns the words of a vote. A ballot contains no text: it refers to recorded answers by id, and a vote stores what the
ranking needs, so that it counts even when the answers are gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prompts.record.rights import imported

Choice = Literal["left", "right", "tie", "both_bad", "skip"]
Reason = Literal["correct", "complete", "clear", "instructions", "tone", "brief"]
OriginKind = Literal["experiment", "collection", "runs"]
Reveal = Literal["end", "each"]
"""`end`: names are revealed once, when a person has finished; `each`: after every vote, which is then final."""

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
    """The vote or ballot is not possible; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """What is voted on: a model with its settings and wording."""

    name: str
    """Its target, with what distinguishes wordings or settings of one model."""
    target: str
    """`provider:model`."""
    imported_by: str = ""
    """Who says so by a file; empty if the ballot was made here, or if the operator moved a record."""

    @property
    def shown(self) -> str:
        """The name shown after the reveal, by which a ballot ranks; it says whose file it comes from."""
        return imported(self.name, self.imported_by) if self.imported_by else self.name

    @property
    def model(self) -> str:
        """The model by which votes of several ballots are combined: what a file claims is never one asked here."""
        return imported(self.target, self.imported_by) if self.imported_by else self.target


@dataclass(frozen=True, slots=True)
class BallotCase:
    """One prompt that several contestants answered."""

    key: str
    """Equal for equal prompts, in any ballot."""
    answers: tuple[tuple[str, ...], ...]
    """For each contestant the ids of its completions (its repeats); empty if it has none for this case."""

    @property
    def contested(self) -> bool:
        """Whether at least two contestants answered it."""
        return sum(bool(each) for each in self.answers) > 1


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the answers of a ballot come from."""

    kind: OriginKind
    id: str | None = None
    """The id of the experiment or collection, which may be gone; `None` for runs that were searched for."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """Answers that people vote on."""

    id: str
    created_at: datetime
    name: str
    task: str
    """The task, such as `Support mail`, by which rankings are separated; equal words are the same task."""
    person: str
    """The person who made it; empty if nobody logs in."""
    origin: Origin
    contestants: tuple[Contestant, ...]
    cases: tuple[BallotCase, ...]
    reveal: Reveal = "end"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to one case, in the order in which they are shown. Never leaves the server before the vote."""

    case: str
    """The key of the case."""
    left: int
    """The place of the left contestant in the ballot."""
    right: int
    left_id: str
    """The id of the left completion."""
    right_id: str

    @property
    def answers(self) -> frozenset[str]:
        """The ids of both, in any order."""
        return frozenset((self.left_id, self.right_id))


@dataclass(frozen=True, slots=True)
class VotedAnswer:
    """One side of a vote, with what the ranking needs."""

    completion_id: str
    """The completion may be gone."""
    name: str
    """The contestant's `shown`."""
    target: str
    """The contestant's `model`."""
    characters: int
    """The length of the answer as it was shown."""
    marks: int
    """The number of headings, list items, bold words, tables and code blocks in it."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's choice between two anonymous answers."""

    id: str
    ballot_id: str
    person: str
    """The voter; empty if nobody gave a name."""
    at: datetime
    case: str
    """The key of the case."""
    left: VotedAnswer
    right: VotedAnswer
    choice: Choice
    reason: Reason | None = None
    gave_away: bool = False
    """Whether an answer named its model or vendor; such a vote is counted, but is in no ranking."""
    revealed: bool = False
    """Whether its models were revealed to this person, so that it cannot be undone."""
    imported: bool = False
    """Whether it came from a file and its person may have known the names by then; if so, it is in no ranking."""

    @property
    def counts(self) -> bool:
        """Whether it says anything about the two models."""
        return self.choice != "skip" and not self.gave_away and not self.imported

    @property
    def score(self) -> float:
        """The left one's score: 1, 0, or one half if neither was preferred."""
        return {"left": 1.0, "right": 0.0}.get(self.choice, 0.5)
