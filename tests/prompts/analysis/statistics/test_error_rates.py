"""How often the rules are wrong, by simulation in worlds where the truth is known. Fixed seeds: no test is lucky.

The bounds are the rates that docs/design/statistics.md promises, with three standard errors of so many runs.
"""

from __future__ import annotations

from itertools import combinations
from math import sqrt

import numpy as np
import pytest

from prompts.analysis.statistics.paired import (
    EXTENDED_ALPHA,
    PLANNED_ALPHA,
    POWER,
    assumed_scatter,
    evidence,
    holm,
    p_value,
    pairing,
    smallest_difference,
)
from prompts.analysis.statistics.rates import Tally, pass_rate
from prompts.analysis.statistics.verdicts import Question, quality
from tests.prompts.analysis.statistics.worlds import asked, strengths, tallies

RUNS = 300
MEAN = 0.75


def at_most(rate: float, runs: int = RUNS) -> float:
    """What a rate may show in so many runs."""
    return rate + 3 * sqrt(rate * (1 - rate) / runs)


def two_equal(chance: np.random.Generator, cases: int, repeats: int) -> tuple[list[Tally], list[Tally]]:
    """Two targets that pass equally often, each for reasons of its own."""
    first, second = (list(tallies(asked(chance, strengths(chance, MEAN, cases), repeats))) for _ in range(2))
    return first, second


@pytest.mark.parametrize("mean", [0.5, 0.8, 0.95])
@pytest.mark.parametrize(("cases", "repeats"), [(5, 1), (5, 5), (20, 5), (50, 1), (50, 5)])
def test_the_interval_of_a_pass_rate_holds_the_truth(cases: int, repeats: int, mean: float) -> None:
    chance, held = np.random.default_rng(1), 0
    for _ in range(RUNS):
        found = pass_rate(tallies(asked(chance, strengths(chance, mean, cases), repeats))).interval
        assert found is not None
        held += found.low <= mean <= found.high
    assert 1 - held / RUNS <= at_most(0.08)


def test_repeats_that_counted_as_cases_would_make_intervals_far_too_narrow() -> None:
    """The simulation bites: the rule that everybody uses fails in it."""
    chance, held = np.random.default_rng(2), 0
    for _ in range(RUNS):
        answers = asked(chance, strengths(chance, 0.8, 20), 5).reshape(-1, 1)
        found = pass_rate(tallies(answers)).interval
        assert found is not None
        held += found.low <= 0.8 <= found.high
    assert held / RUNS < 0.85


@pytest.mark.parametrize(("cases", "repeats"), [(10, 1), (20, 3), (50, 1), (50, 5)])
def test_equal_targets_are_seldom_called_different_at_the_planned_end(cases: int, repeats: int) -> None:
    chance = np.random.default_rng(3)
    wrong = sum(p_value(pairing(*two_equal(chance, cases, repeats))) <= PLANNED_ALPHA for _ in range(RUNS))
    assert wrong / RUNS <= at_most(PLANNED_ALPHA)


def test_among_many_equal_targets_none_is_called_better_because_there_are_many_pairs() -> None:
    chance, wrong, uncorrected, runs = np.random.default_rng(4), 0, 0, 60
    for _ in range(runs):
        sides = [tallies(asked(chance, strengths(chance, MEAN, 30), 3)) for _ in range(6)]
        found = [p_value(pairing(a, b)) for a, b in combinations(sides, 2)]
        wrong += min(holm(found)) <= PLANNED_ALPHA
        uncorrected += min(found) <= PLANNED_ALPHA
    assert wrong / runs <= at_most(PLANNED_ALPHA, runs)
    assert uncorrected / runs > 0.2


@pytest.mark.parametrize("repeats", [1, 3, 5])
def test_the_smallest_difference_that_a_plan_is_said_to_show_is_shown(repeats: int) -> None:
    """In the world that `assumed_scatter` describes, where a case is about as hard for one as for the other."""
    chance, seen, cases = np.random.default_rng(5), 0, 60
    said = smallest_difference(cases, assumed_scatter(repeats))
    assert said is not None
    for _ in range(RUNS):
        first = tallies(asked(chance, strengths(chance, 0.75 + said / 2, cases, 0.08), repeats))
        second = tallies(asked(chance, strengths(chance, 0.75 - said / 2, cases, 0.08), repeats))
        seen += p_value(pairing(first, second)) <= PLANNED_ALPHA
    assert POWER - 0.12 <= seen / RUNS <= POWER + 0.15


def test_evidence_may_be_looked_at_after_every_case() -> None:
    chance, wrong, runs = np.random.default_rng(6), 0, 150
    for _ in range(runs):
        differences = pairing(*two_equal(chance, 60, 3)).differences
        wrong += any(evidence(differences[:n]) >= 20 for n in range(6, 61))
    assert wrong / runs <= at_most(0.05, runs)


@pytest.mark.parametrize("planned_repeats", [1, 3])
def test_extending_by_repeats_and_by_cases_until_something_shows_keeps_the_promise(planned_repeats: int) -> None:
    """The worst that a person can do: add repeats one by one, then cases, and stop at the first "better"."""
    chance, wrong, runs = np.random.default_rng(7), 0, 150
    cases, most, more = 30, planned_repeats + 4, 20
    for _ in range(runs):
        answers = [asked(chance, strengths(chance, MEAN, cases + more), most) for _ in range(2)]
        looks = [
            *((cases, repeats) for repeats in range(planned_repeats, most + 1)),
            *((cases + n, most) for n in range(4, more + 1, 4)),
        ]
        wrong += any(called_better(answers, look, (cases, planned_repeats)) for look in looks)
    assert wrong / runs <= at_most(PLANNED_ALPHA + EXTENDED_ALPHA, runs)


def called_better(answers: list[np.ndarray], look: tuple[int, int], planned: tuple[int, int]) -> bool:
    """Whether one of the two is called better at this look, by all the rules together."""
    whole, before = ([tallies(side[:cases, :repeats]) for side in answers] for cases, repeats in (look, planned))
    stage = "planned" if look == planned else "extended"
    return quality(["a", "b"], whole, Question(stage=stage), planned=before)[0].kind == "better"
