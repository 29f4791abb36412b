"""How much faster, case by case."""

from __future__ import annotations

import random
from math import exp, log
from statistics import median

import pytest

from prompts.analysis.statistics import times


def test_a_steady_factor_is_found_exactly() -> None:
    slow, fast = [[2.0 * n] for n in range(1, 9)], [[1.0 * n] for n in range(1, 9)]
    found = times.ratio(slow, fast)
    assert found is not None
    assert (found.estimate, found.low, found.high) == pytest.approx((2, 2, 2))


def test_one_stalled_call_does_not_change_the_verdict() -> None:
    fast = [[1.0], [1.1], [0.9], [1.0], [1.2], [1.0], [0.8], [1.0]]
    slow = [[1.5], [1.6], [1.4], [90.0], [1.7], [1.5], [1.3], [1.5]]
    found = times.ratio(slow, fast)
    assert found is not None
    assert 1.4 < found.estimate < 1.8


def test_below_six_cases_there_is_no_interval() -> None:
    assert times.ratio([[1.0]] * 5, [[2.0]] * 5) is None
    assert times.ratio([[1.0]] * 6, [[2.0]] * 6) is not None
    assert times.median_interval([1.0] * 5) is None


def test_six_cases_on_one_side_are_the_signed_ranks_smallest_p() -> None:
    assert times.p_value([log(n) for n in range(2, 8)]) == pytest.approx(2 / 2**6)
    assert times.p_value([0.0, 0.0]) == 1.0


def test_ties_share_their_mean_rank() -> None:
    # Sizes 1, 1, 2: ranks 1.5, 1.5, 3; of the 8 signs those with |sum| >= |1.5 + 1.5 - 3| = 0 are all.
    assert times.p_value([1.0, 1.0, -2.0]) == 1.0
    # Ranks 1.5, 1.5, 3, 4, 5, the first two negative, sum 9: of the 32 signs 5 reach 9, and 5 reach -9.
    assert times.p_value([-1.0, -1.0, 2.0, 3.0, 4.0]) == pytest.approx(10 / 32)


def test_a_case_that_took_no_time_on_one_side_is_left_out() -> None:
    assert times.log_ratios([[0.0], [1.0], [2.0], []], [[1.0], [0.0], [2.0], [1.0]]) == [0.0]


@pytest.mark.parametrize(
    ("n", "outside"), [(6, 0), (8, 3), (10, 8), (21, 58), (25, 89), (50, 434), (61, 672), (80, 1211)]
)
def test_a_factor_lies_between_the_means_of_pairs_that_the_tables_name(n: int, outside: int) -> None:
    """The critical values of Wilcoxon's signed ranks, two-sided 5 %; beyond 60 the exact distribution's own."""
    draw = random.Random(n)
    logs = [draw.gauss(0, 1) for _ in range(n)]
    means = sorted((a + b) / 2 for place, a in enumerate(logs) for b in logs[place:])
    found = times.ratio([[exp(each)] for each in logs], [[1.0]] * n)
    assert found is not None
    expected = (median(means), means[outside], means[-1 - outside])
    assert [log(each) for each in (found.estimate, found.low, found.high)] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("n", "low", "high"), [(6, 0, 5), (8, 0, 7), (9, 1, 7), (20, 5, 14)])
def test_the_median_lies_between_these_ordered_points(n: int, low: int, high: int) -> None:
    """The places of the classical tables (counted from 0): at least 95 %, and the narrowest such."""
    found = times.median_interval([float(each) for each in range(n)])
    assert found is not None
    assert (found.low, found.high) == (low, high)


def test_the_interval_of_a_factor_holds_it() -> None:
    rng, held = random.Random(3), 0
    for _ in range(200):
        hard = [exp(rng.gauss(0, 0.5)) for _ in range(20)]
        a = [[1.3 * h * exp(rng.gauss(0, 0.25)) * (5 if rng.random() < 0.05 else 1)] for h in hard]
        b = [[h * exp(rng.gauss(0, 0.25)) * (5 if rng.random() < 0.05 else 1)] for h in hard]
        found = times.ratio(a, b)
        assert found is not None
        held += found.low <= 1.3 <= found.high
    assert held / 200 >= 0.92


@pytest.mark.parametrize("digits", [1, 8])
def test_of_many_values_the_means_of_pairs_are_found_without_writing_all_down(digits: int) -> None:
    draw = random.Random(5)
    values = [round(draw.gauss(0, 1), digits) for _ in range(120)]
    every = sorted((a + b) / 2 for n, a in enumerate(values) for b in values[n:])
    places = [0, 7, len(every) // 2, len(every) - 1]
    found = times._walsh(values, places)
    assert [found[place] for place in places] == pytest.approx([every[place] for place in places], abs=1e-10)
