"""Two targets over the same cases: exact tests, intervals, and error rates by simulation with fixed seeds."""

from __future__ import annotations

import random
from itertools import combinations, product
from math import comb, sqrt

import pytest

from prompts.analysis.statistics import paired
from prompts.analysis.statistics.paired import Pairing, pairing
from prompts.analysis.statistics.rates import Tally


def once(*results: tuple[int, int]) -> Pairing:
    """Each case asked once: what the first and the second target got."""
    return pairing([Tally(a, 1) for a, _ in results], [Tally(b, 1) for _, b in results])


def asked(rng: random.Random, cases: int, repeats: int, advantage: float = 0.0, targets: int = 2) -> list[list[Tally]]:
    """Targets with strengths of their own for each case; the first is better by `advantage`."""
    found: list[list[Tally]] = [[] for _ in range(targets)]
    for _ in range(cases):
        base = rng.betavariate(3, 1.2)
        for n, side in enumerate(found):
            p = base + rng.gauss(0, 0.12) + (advantage if n == 0 else 0.0)
            side.append(Tally(sum(rng.random() < p for _ in range(repeats)), repeats))
    return found


def test_one_answer_a_case_is_mcnemars_exact_test() -> None:
    pair = once(*[(1, 0)] * 8, (0, 1), *[(1, 1)] * 20)
    assert paired.p_value(pair) == pytest.approx(2 * (1 + 9) / 2**9)


def test_the_sign_flip_counts_every_choice_of_signs() -> None:
    differences = [3, -1, 2, 2, 0, -4, 1]
    sums = [sum(s * d for s, d in zip(signs, differences, strict=True)) for signs in product((1, -1), repeat=7)]
    expected = sum(abs(s) >= abs(sum(differences)) for s in sums) / len(sums)
    assert paired.sign_flip(differences) == pytest.approx(expected)


def test_beyond_what_is_counted_the_normal_approximation_goes_on_smoothly() -> None:
    few, many = [1] * 120 + [-1] * 80, [1] * 121 + [-1] * 80
    assert paired.sign_flip(few) == pytest.approx(2 * sum(comb(200, n) for n in range(81)) / 2**200)
    assert paired.sign_flip(many) == pytest.approx(paired.sign_flip(few), rel=0.35)


def test_repeats_of_unequal_number_are_compared_by_shares() -> None:
    pair = pairing([Tally(2, 2), Tally(4, 4), Tally(1, 3)], [Tally(3, 3), Tally(1, 1), Tally(1, 1)])
    assert pair.differences == pytest.approx([0.0, 0.0, -2 / 3])
    assert pair.differing == 1


def test_cases_that_one_side_did_not_answer_are_left_out() -> None:
    pair = pairing([Tally(1, 1), Tally(0, 0)], [Tally(0, 1), Tally(1, 1)])
    assert len(pair.first) == 1


def test_no_difference_over_few_cases_is_not_known_exactly() -> None:
    found = paired.difference(once(*[(1, 1)] * 5))
    assert found is not None
    assert found.estimate == 0
    assert found.low < -0.3
    assert found.high > 0.3


def test_the_pseudo_cases_of_a_difference_are_as_small_as_repeats_make_them() -> None:
    """Four equal cases asked four times: 0, 0, 0, 0, 1/2, -1/2, and Student's 2.5706 for five degrees of freedom."""
    found = paired.difference(pairing([Tally(2, 4)] * 4, [Tally(2, 4)] * 4))
    assert found is not None
    half = 2.5706 * sqrt(0.5 / 5) / sqrt(6)
    assert (found.low, found.high) == pytest.approx((-half, half), abs=1e-4)


@pytest.mark.parametrize(("cases", "repeats"), [(1, 1), (2, 7), (6, 1), (30, 5), (1000, 100)])
def test_the_interval_of_a_difference_encloses_it_and_goes_no_further_than_all(cases: int, repeats: int) -> None:
    swept = pairing([Tally(repeats, repeats)] * cases, [Tally(0, repeats)] * cases)
    turned = Pairing(swept.second, swept.first)
    up, down = paired.difference(swept), paired.difference(turned)
    assert up is not None
    assert down is not None
    assert (up.estimate, up.high, down.estimate, down.low) == (1, 1, -1, -1)
    assert (up.low, down.high) == pytest.approx((-down.high, -up.low))
    assert up.low < 1


def test_the_scatter_is_that_of_single_cases_with_two_pseudo_cases() -> None:
    assert paired.scatter(once((1, 0), (0, 1))) == pytest.approx(sqrt(4 / 3))
    assert paired.scatter(once()) == pytest.approx(sqrt(2))


def test_holm_is_strictest_with_the_smallest() -> None:
    assert paired.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_a_corrected_p_value_is_a_probability() -> None:
    assert paired.holm([0.5, 0.6, 1.0]) == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(("pairs", "fewest"), [(1, 6), (3, 8), (10, 9), (28, 11)])
def test_below_the_fewest_cases_even_a_clean_sweep_proves_nothing(pairs: int, fewest: int) -> None:
    assert paired.fewest_cases(pairs) == fewest
    assert 2 / 2**fewest <= paired.PLANNED_ALPHA / pairs < 2 / 2 ** (fewest - 1)


def test_a_clean_sweep_just_at_the_level_suffices() -> None:
    assert paired.fewest_cases(1, alpha=2 / 2**6) == 6


def test_as_many_cases_must_differ_as_a_verdict_takes() -> None:
    assert paired.fewest_cases() == paired.FEWEST_DIFFERING


def test_a_plan_says_what_it_can_show() -> None:
    shown = paired.smallest_difference(12, paired.assumed_scatter(3))
    assert shown == pytest.approx(0.31, abs=0.02)
    # (2.0537 + 0.8416)^2 * 0.15 / 0.1^2 = 125.7, of which the next whole case is needed.
    assert paired.cases_needed(0.1, paired.assumed_scatter(3)) == 126


def test_the_fewest_cases_that_allow_a_verdict_show_something() -> None:
    assert paired.smallest_difference(6, 0.3) is not None
    assert paired.smallest_difference(5, 0.3) is None


def test_equal_targets_are_seldom_called_different() -> None:
    rng = random.Random(7)
    wrong = sum(paired.p_value(pairing(*asked(rng, 50, 3))) <= paired.PLANNED_ALPHA for _ in range(400))
    assert wrong / 400 <= 0.06


def test_a_true_difference_is_found_as_often_as_planned() -> None:
    rng = random.Random(8)
    found = sum(paired.p_value(pairing(*asked(rng, 100, 3, 0.15))) <= paired.PLANNED_ALPHA for _ in range(150))
    assert found / 150 >= 0.85


def test_the_best_of_eight_equal_targets_is_seldom_called_better() -> None:
    rng, wrong, uncorrected = random.Random(9), 0, 0
    for _ in range(60):
        every = [paired.p_value(pairing(a, b)) for a, b in combinations(asked(rng, 50, 3, targets=8), 2)]
        uncorrected += min(every) <= paired.PLANNED_ALPHA
        wrong += min(paired.holm(every)) <= paired.PLANNED_ALPHA
    assert wrong <= 6
    assert uncorrected > 12  # what the correction is for


def test_looking_after_every_case_does_no_harm_to_the_evidence() -> None:
    rng, passed = random.Random(10), 0
    for _ in range(200):
        differences = pairing(*asked(rng, 100, 3)).differences
        passed += any(paired.evidence(differences[:n]) >= 20 for n in range(1, 101, 5))
    assert passed / 200 <= 0.05


def test_the_evidence_grows_where_there_is_a_difference() -> None:
    assert paired.evidence([1.0] * 20) > 100
    assert paired.evidence([0.0] * 20) == 1.0
    assert paired.evidence([1.0, -1.0] * 10) < 1


def test_the_evidence_is_the_capital_of_the_bets() -> None:
    """Half on either side; the stakes worked out by hand: 0.15, 0.5 / 0.875, 0.6667 / 0.9444, and the bound 0.75."""
    up, down = 1.15 * (1 + 0.5 / 0.875) * (1 + 12 / 17) * 1.75, 0.85**4
    assert paired.evidence([1.0]) == pytest.approx(1.0)
    assert paired.evidence([1.0] * 4) == pytest.approx((up + down) / 2)


def test_the_evidence_is_the_same_whichever_of_the_two_is_better() -> None:
    differences = [1.0, 0.5, -0.2, 1.0, 0.0, 0.8]
    assert paired.evidence([-each for each in differences]) == pytest.approx(paired.evidence(differences))
