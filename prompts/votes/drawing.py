"""Which two answers come next: those that tell most, but at least a fifth at random.

Owns the order on the screen, which is random for every person and case, and the choice of a repeat. Never repeats a
pair for a person, never compares a contestant with itself, nor two answers that read the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from random import Random

from prompts.votes.ballots import FINALISTS
from prompts.votes.ranking import Duel, Ranking, ranking
from prompts.votes.votes import Ballot, Pair, Vote

BY_CHANCE = 0.25
"""The share of pairs chosen at random: at least a fifth, or the ranking would only test what it already believes."""
OVERLAP = 1 / 3
"""How often, otherwise, a case is chosen that somebody else has decided;
without such cases people cannot be compared."""


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two contestants on one case."""

    case: int
    first: int
    second: int


def next_pair(
    ballot: Ballot, votes: Sequence[Vote], person: str, chance: Random, readings: Mapping[str, str]
) -> Pair | None:  # fmt: skip
    """The next pair for `person`; `None` when they have seen all.

    `votes`: all votes of the ballot. `readings`: for each completion that can be shown, a digest of how it reads.
    """
    seen = {frozenset((vote.left.completion_id, vote.right.completion_id)) for vote in votes if vote.person == person}
    open_ = _open(ballot, seen, readings)
    if not open_:
        return None
    fewest = _fewest(ballot, open_, [vote for vote in votes if vote.person == person])
    meeting = chance.choice(fewest) if chance.random() < BY_CHANCE else _telling(ballot, fewest, votes, person, chance)
    first, second = chance.choice(open_[meeting])
    left, right = (meeting.first, first), (meeting.second, second)
    if chance.random() < 0.5:
        left, right = right, left
    return Pair(ballot.cases[meeting.case].key, left[0], right[0], left[1], right[1])


def _open(
    ballot: Ballot, seen: Collection[frozenset[str]], readings: Mapping[str, str]
) -> dict[_Meeting, list[tuple[str, str]]]:  # fmt: skip
    """Every meeting with the pairs of answers that the person has not seen."""
    found: dict[_Meeting, list[tuple[str, str]]] = {}
    for n, case in enumerate(ballot.cases):
        there = [[id for id in ids if id in readings] for ids in case.answers]
        for first, second in combinations(range(len(there)), 2):
            pairs = [
                (one, other) for one, other in product(there[first], there[second])
                if readings[one] != readings[other] and frozenset((one, other)) not in seen
            ]  # fmt: skip
            if pairs:
                found[_Meeting(n, first, second)] = pairs
    return found


def _fewest(ballot: Ballot, open_: Collection[_Meeting], own: Sequence[Vote]) -> list[_Meeting]:
    """The meetings the person has had least often: a second repeat comes only when every case has been seen."""
    names = [each.shown for each in ballot.contestants]
    met = Counter((vote.case, frozenset((vote.left.name, vote.right.name))) for vote in own)
    often = {
        each: met[ballot.cases[each.case].key, frozenset((names[each.first], names[each.second]))] for each in open_
    }
    least = min(often.values())
    return [each for each, times in often.items() if times == least]


def _telling(
    ballot: Ballot, open_: Sequence[_Meeting], votes: Sequence[Vote], person: str, chance: Random
) -> _Meeting:  # fmt: skip
    """A meeting of the pair that is least certain among the top; sometimes on a case that others have decided."""
    names = [each.shown for each in ballot.contestants]
    by_pair: dict[frozenset[str], list[_Meeting]] = {}
    for each in open_:
        by_pair.setdefault(frozenset((names[each.first], names[each.second])), []).append(each)
    found = ranking(votes, among=names)
    pair = max(by_pair, key=lambda each: (_interest(found, each), chance.random()))
    decided = {(vote.case, frozenset((vote.left.name, vote.right.name))) for vote in votes if vote.person != person}
    shared = [each for each in by_pair[pair] if (ballot.cases[each.case].key, pair) in decided]
    fresh = [each for each in by_pair[pair] if (ballot.cases[each.case].key, pair) not in decided]
    if not fresh or (shared and chance.random() < OVERLAP):
        return chance.choice(shared)
    return chance.choice(fresh)


def _interest(found: Ranking, pair: frozenset[str]) -> tuple[bool, bool, float]:
    """Sort key for a pair: both among the top, not decided, and the width of the interval."""
    top = {each.name for each in found.standings[:FINALISTS]}
    duel: Duel | None = found.duel(*pair)
    if duel is None:
        return False, False, 1.0
    return pair <= top, not duel.preferred, round(duel.chance.high - duel.chance.low, 6)
