"""How far people agree who saw the same two answers, each alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

from prompts.analysis.statistics.rates import CONFIDENCE, Interval, wilson
from prompts.votes.votes import Vote

FEWEST = 10
"""Pairs of answers below which a share is not told."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of what two people or more decided."""

    pairs: int
    """Of answers that at least two people decided."""
    people: int
    """Who decided on one of these."""
    share: Interval | None
    """How often two of them chose the same: an answer, or neither; `None` below ten pairs."""


def agreement(votes: Sequence[Vote]) -> Agreement:
    """Among the people of these votes. One pair of answers is one sample, however many people saw it."""
    by_pair: dict[tuple[str, frozenset[str]], dict[str, str]] = {}
    for vote in votes:
        if vote.choice != "skip":
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
    """Of every two people who decided, how many chose the same."""
    both = list(combinations(choices.values(), 2))
    return sum(one == other for one, other in both) / len(both)


def _preferred(vote: Vote) -> str:
    """The completion that won; empty where neither did."""
    return {"left": vote.left.completion_id, "right": vote.right.completion_id}.get(vote.choice, "")
