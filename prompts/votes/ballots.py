"""Makes a ballot from recorded answers: who takes part, and which cases have something to vote on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from prompts.votes.votes import Ballot, BallotCase, Contestant, Origin, Reveal, VoteError
from providers.completion import GOOD_STATES

LONGEST_NAME = 120
VOTED_ON = GOOD_STATES - {"filtered"}
"""The states of answers that may be voted on. What a vendor's filter withheld or replaced is not the model's own."""
FINALISTS = 3
"""With more contestants, so many votes are needed that few ballots reach a verdict."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recorded answer that may be voted on."""

    case: str
    """The key of its prompt."""
    name: str
    """The name of what wrote it, unique within the ballot."""
    target: str
    """`provider:model`."""
    completion_id: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a ballot can be made from."""

    origin: Origin
    name: str
    """The name of the experiment or collection; empty for runs."""
    runs: tuple[str, ...] = ()
    """The ids of the runs, if it is made from chosen runs."""


@dataclass(frozen=True, slots=True)
class About:
    """What a person states about a new ballot."""

    id: str
    created_at: datetime
    name: str
    task: str
    person: str = ""
    origin: Origin = Origin("runs")
    reveal: Reveal = "end"


def why_not(candidates: Iterable[Candidate], among: Sequence[str] | None = None) -> str | None:
    """Why no ballot can be made of these answers, in a sentence; `None`: one can. `among`: as for `made`."""
    by_case: dict[str, set[str]] = {}
    for each in _taking_part(candidates, among):
        by_case.setdefault(each.case, set()).add(each.name)
    if len(set[str]().union(*by_case.values())) < 2:
        return "A vote needs answers of at least two models. Choose more, or ask another model the same."
    if all(len(names) < 2 for names in by_case.values()):
        return "No prompt here was answered by two models. Ask several models the same, then vote."
    return None


def _taking_part(candidates: Iterable[Candidate], among: Sequence[str] | None) -> list[Candidate]:
    return [each for each in candidates if among is None or each.name in among]


def made(about: About, candidates: Iterable[Candidate], among: Sequence[str] | None = None) -> Ballot:
    """A ballot of these answers. `among`: only these names take part. Raises `VoteError`."""
    found = _taking_part(candidates, among)
    if (problem := why_not(found)) is not None:
        raise VoteError(problem)
    contestants = tuple(dict.fromkeys(Contestant(each.name, each.target) for each in found))
    answers: dict[str, dict[str, list[str]]] = {}
    for each in found:
        answers.setdefault(each.case, {}).setdefault(each.name, []).append(each.completion_id)
    cases = tuple(
        BallotCase(key, tuple(tuple(by_name.get(each.name, ())) for each in contestants))
        for key, by_name in answers.items()
    )
    cases = tuple(case for case in cases if case.contested)
    ballot = Ballot(
        about.id, about.created_at, _named(about.name, "a name"), _named(about.task, "a task"), about.person,
        about.origin, contestants, cases, about.reveal,
    )  # fmt: skip
    return _without_idle(ballot)


def _without_idle(ballot: Ballot) -> Ballot:
    """The ballot without contestants that no other can be compared with."""
    busy = [n for n in range(len(ballot.contestants)) if any(case.answers[n] for case in ballot.cases)]
    if len(busy) == len(ballot.contestants):
        return ballot
    cases = tuple(replace(case, answers=tuple(case.answers[n] for n in busy)) for case in ballot.cases)
    return replace(ballot, contestants=tuple(ballot.contestants[n] for n in busy), cases=cases)


def _named(text: str, what: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise VoteError(f"The ballot needs {what}.")
    if len(text) > LONGEST_NAME:
        raise VoteError(f"At most {LONGEST_NAME} characters make {what}; this one has {len(text):,}.")
    return text
