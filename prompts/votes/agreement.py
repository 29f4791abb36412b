"""How often people agree who independently judged the same two answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

from prompts.analysis.statistics.rates import CONFIDENCE, Interval, wilson
from prompts.votes.votes import Vote

FEWEST = 10
"""A share is given only if there are at least so many pairs of answers."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on pairs that at least two people decided."""

    pairs: int
    """Pairs of answers that at least two people decided."""
    people: int
    """People who decided on at least one of these."""
    share: Interval | None
    """How often two of them chose the same (an answer, or neither); `None` below ten pairs."""


def agreement(votes: Sequence[Vote]) -> Agreement:
    """The agreement among the people of these votes. One pair of answers is one sample, however many people saw it."""
    by_pair: dict[tuple[str, frozenset[str]], dict[str, str]] = {}
    for vote in votes:
        if vote.choice != "skip" and not vote.imported:
            pair = vote.ballot_id, frozenset((vote.left.completion_id, vote.right.completion_id))
            by_pair.setdefault(pair, {})[vote.person] = _preferred(vote)
    shared = [choices for choices in by_pair.values() if len(choices) > 1]
    people = len({person for choices in shared for person in choices})
    if len(shared) < FEWEST:
        return Agreement(len(shared), people, None)
    share = sum(map(_alike, shared)) / len(shared)
    low, high = wilson(share, len(shared), NormalDist().inv_cdf((1 + CONFIDENCE) / 2))
    return Agreement(len(shared), people, Interval(share, low, high))


def _alike(choices: dict[str, str]) -> float:
    """The share of pairs of people who chose the same."""
    both = list(combinations(choices.values(), 2))
    return sum(one == other for one, other in both) / len(both)


def _preferred(vote: Vote) -> str:
    """The id of the completion that won; empty if neither did."""
    return {"left": vote.left.completion_id, "right": vote.right.completion_id}.get(vote.choice, "")
