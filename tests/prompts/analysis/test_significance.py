"""Verdicts on repeats in words."""

from __future__ import annotations

import random

import pytest

from prompts.analysis.significance import fewest_sentence, leader, repeats_needed, verdicts
from prompts.analysis.spread import COMPARED, Compared, Point, Side

FIRST, DURATION, RATE, COST = COMPARED


def side(name: str, *values: float, disturbed: int = 0, failed: int = 0) -> Side:
    """The first `disturbed` points under a marked condition; `failed` more were asked without an answer."""
    points = tuple(Point(v, n, ("first_call",) if n < disturbed else ()) for n, v in enumerate(values))
    return Side(name, len(values) + failed, len(values), points)


@pytest.mark.parametrize(
    ("metric", "sentence", "detail"),
    [
        (DURATION, "A is faster than B: 3 x (3 to 3), over 6 repeats.", "Median 1.35 s against 4.05 s."),
        (FIRST, "A is faster to the first token than B: 3 x", "Median 1.35 s against 4.05 s."),
        (COST, "A is cheaper than B: 3 x", "Median $1.35 against $4.05."),
        (RATE, "B is faster at writing than A: 3 x", "Median 4.05 tokens/s against 1.35 tokens/s."),
    ],
)
def test_a_clear_difference_is_said_as_a_factor_with_its_interval(metric: Compared, sentence: str, detail: str) -> None:
    small = (1.0, 1.2, 1.3, 1.4, 1.5, 1.9)
    (verdict,) = verdicts([side("A", *small), side("B", *(3 * value for value in small))], metric)
    assert verdict.told == "better"
    assert verdict.sentence.startswith(sentence)
    assert verdict.sentence.endswith("Chance to say this of equal models: under 4 %.")
    assert verdict.detail == detail
    assert verdict.pair == ((1, 0) if metric is RATE else (0, 1))


def test_repeats_are_paired_so_that_drift_decides_nothing() -> None:
    """Both get slower and slower; each pair is nearly alike."""
    drift = [1.0, 1.5, 2.2, 3.1, 4.5, 6.4, 9.0, 13.0]
    a = [value * (1.01 if n % 2 else 0.99) for n, value in enumerate(drift)]
    (verdict,) = verdicts([side("A", *a), side("B", *drift)], DURATION)
    assert verdict.told == "same"


def test_nothing_is_decided_before_all_answers_are_in() -> None:
    (verdict,) = verdicts([side("A", *[1.0] * 9), side("B", *[9.0] * 9)], DURATION, running=True)
    assert verdict.told == "running"


def test_fewer_repeats_than_could_ever_tell_say_so() -> None:
    (verdict,) = verdicts([side("A", *[1.0] * 5), side("B", *[9.0] * 5)], DURATION)
    assert verdict.told == "few"
    assert verdict.sentence == "Too few repeats to compare A and B: 5. Below 6 no verdict is possible."


@pytest.mark.parametrize(("targets", "repeats"), [(2, 6), (3, 8), (5, 9), (8, 11)])
def test_how_many_repeats_it_takes_is_known_before(targets: int, repeats: int) -> None:
    assert repeats_needed(targets) == repeats
    assert f"at least {repeats} repeats each" in fewest_sentence(targets)
    far = [side(str(n), *(10.0**n * (1 + k / 100) for k in range(repeats))) for n in range(targets)]
    assert {verdict.told for verdict in verdicts(far, DURATION)} == {"better"}
    fewer = [side(str(n), *(10.0**n * (1 + k / 100) for k in range(repeats - 1))) for n in range(targets)]
    assert {verdict.told for verdict in verdicts(fewer, DURATION)} == {"few"}


def test_one_target_is_compared_with_nothing() -> None:
    assert fewest_sentence(1) == ""


def test_a_side_without_figures_says_why() -> None:
    (verdict,) = verdicts([side("A", *[1.0] * 6), side("B")], COST)
    assert (verdict.told, verdict.sentence) == ("none", "Nothing to compare: B has no figure here.")
    assert verdict.detail == "Because no fee is charged, or the price is not known."


def test_clean_points_are_compared_with_clean_ones_where_enough_repeats_are_clean() -> None:
    slow = [2.0 + n / 10 for n in range(7)]
    (verdict,) = verdicts([side("A", 99.0, *[1.0 + n / 10 for n in range(6)], disturbed=1), side("B", *slow)], DURATION)
    assert verdict.told == "better"
    assert "Clean points only." in verdict.detail
    (verdict,) = verdicts([side("A", 99.0, 98.0, *[1.0] * 5, disturbed=2), side("B", *slow)], DURATION)
    assert "Used all measurements: too few normal ones." in verdict.detail


def test_what_a_median_hides_stands_beside_it() -> None:
    (verdict,) = verdicts([side("A", *[1.0] * 6, 40.0, failed=2), side("B", *[2.0] * 9)], DURATION)
    assert "A: 2 of 9 gave no answer." in verdict.detail
    assert "A: the slowest took 40.0 s." in verdict.detail


def test_every_pair_has_its_verdict_in_order() -> None:
    found = verdicts([side("A", *[1.0] * 6), side("B"), side("C", *[1.0] * 6)], DURATION)
    assert [verdict.pair for verdict in found] == [(0, 1), (0, 2), (1, 2)]
    assert [verdict.told for verdict in found] == ["none", "same", "none"]


def test_the_leader_has_the_best_median_and_never_none() -> None:
    three = [side("A"), side("B", 99.0, 1.0, 2.0, disturbed=1), side("C", 1.7, 1.8)]
    assert leader(three, DURATION) == 1
    assert leader(three, RATE) == 2


def test_equal_targets_are_seldom_called_different() -> None:
    dice, wrong = random.Random(2), 0
    for _ in range(150):
        five = [side(str(n), *(dice.lognormvariate(0, 0.3) for _ in range(12))) for n in range(5)]
        wrong += any(verdict.told == "better" for verdict in verdicts(five, DURATION))
    assert wrong / 150 <= 0.08
