"""The test against published tables, against counting every deal, and against its own limits."""

import random
from collections.abc import Sequence
from itertools import combinations
from math import comb

import pytest

from prompts.analysis.mann_whitney import EXACT_UP_TO, holm, p_value, runs_needed, superiority
from tests.counting import calls


def by_counting(first: Sequence[float], second: Sequence[float]) -> float:
    """The definition taken literally: deal the values in every way and see how often they lie as far apart."""
    values = [*first, *second]
    ranks = [sum(v < x for v in values) + (sum(v == x for v in values) + 1) / 2 for x in values]
    n, expected = len(first), len(first) * (len(values) + 1) / 2
    seen = abs(sum(ranks[:n]) - expected)
    deals = [abs(sum(deal) - expected) for deal in combinations(ranks, n)]
    return sum(deal >= seen - 1e-9 for deal in deals) / len(deals)


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        # Complete separation: 2 of the C(n + m, n) deals.
        ([1, 2, 3], [4, 5, 6], 2 / 20), ([1, 2, 3, 4], [5, 6, 7, 8], 2 / 70),
        ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 2 / 252),
        # U = 2 for 5 and 5, the two-sided 5 % point of the published tables: P(U <= 2) = 4 / 252.
        ([1, 2, 3, 4, 7], [5, 6, 8, 9, 10], 8 / 252),
        ([1, 2, 3, 4, 8], [5, 6, 7, 9, 10], 14 / 252),  # U = 3: no longer below 5 %
        ([1, 1, 1], [1, 1, 1], 1.0), ([1, 2], [1, 2], 1.0), ([], [1, 2], 1.0),
    ],
)  # fmt: skip
def test_known_values(first: list[float], second: list[float], p: float) -> None:
    assert p_value(first, second) == pytest.approx(p, abs=1e-12)
    assert p_value(second, first) == pytest.approx(p, abs=1e-12)


def test_it_agrees_with_counting_every_deal_ties_and_unequal_sizes_included() -> None:
    dice = random.Random(7)
    for _ in range(200):
        first = [dice.randint(1, 6) for _ in range(dice.randint(1, 6))]
        second = [dice.randint(1, 8) for _ in range(dice.randint(1, 6))]
        assert p_value(first, second) == pytest.approx(by_counting(first, second), abs=1e-12), (first, second)


def test_the_approximation_continues_the_exact_count() -> None:
    dice = random.Random(3)
    half = EXACT_UP_TO // 2
    for shift in (0.0, 0.5, 1.0):
        first = [dice.gauss(0, 1) for _ in range(half)]
        second = [dice.gauss(shift, 1) for _ in range(half)]
        more = p_value([*first, 0.1], [*second, 0.1])
        assert more == pytest.approx(p_value(first, second), abs=0.08)
    assert p_value([1.0] * 30, [1.0] * 30) == 1.0


def test_two_targets_of_twenty_repeats_are_compared_with_little_work() -> None:
    dice = random.Random(1)
    first, second = ([dice.random() for _ in range(20)] for _ in range(2))
    assert calls(lambda: p_value(first, second)) < 10_000


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        ([1, 2], [3, 4], 1.0), ([3, 4], [1, 2], 0.0), ([1, 2], [1, 2], 0.5), ([1, 3], [2, 2], 0.5),
        ([1, 2, 5], [3, 4], 4 / 6),
    ],
)  # fmt: skip
def test_superiority_is_the_share_of_pairs_won(first: list[float], second: list[float], share: float) -> None:
    assert superiority(first, second) == pytest.approx(share)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([0.02]) == [0.02]
    assert holm([]) == []


def test_the_number_of_runs_is_noethers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prompts.analysis.mann_whitney.POWER", 0.9)
    assert runs_needed(0.3) == 44  # the example of statpsych's size.test.mann(.05, .90, .3)
    assert runs_needed(0.7) == 44


def test_no_number_of_runs_tells_what_is_alike_and_a_clear_difference_still_needs_four() -> None:
    assert runs_needed(0.5) is None
    assert 2 / comb(8, 4) <= 0.05 < 2 / comb(6, 3)
    assert runs_needed(1.0) == 6
    assert (runs_needed(1.0, comparisons=28) or 0) > 6
