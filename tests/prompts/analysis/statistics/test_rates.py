"""Pass rates by case, against values worked out elsewhere and by simulation."""

from __future__ import annotations

import random

import pytest

from prompts.analysis.statistics.rates import Tally, money_per_1000, pass_rate, t_quantile, wilson


@pytest.mark.parametrize(
    ("df", "value"),
    [(1, 12.7062), (2, 4.3027), (5, 2.5706), (10, 2.2281), (30, 2.0423), (100, 1.9840), (399, 1.9659), (1000, 1.9623)],
)
def test_t_quantiles_are_those_of_the_tables(df: int, value: float) -> None:
    assert t_quantile(0.975, df) == pytest.approx(value, abs=1e-4)


def test_the_t_quantile_goes_on_where_it_is_computed_otherwise() -> None:
    assert t_quantile(0.975, 400) == pytest.approx(1.9659123, abs=1e-6)


def test_one_answer_a_case_gives_wilsons_interval() -> None:
    rate = pass_rate([Tally(1, 1)] * 8 + [Tally(0, 1)] * 2)
    assert rate.interval is not None
    # 8 of 10, z = 1.96: (0.4902, 0.9433), the textbook value.
    assert (rate.interval.low, rate.interval.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)


def test_repeats_that_agree_are_worth_one_answer() -> None:
    repeated = pass_rate([Tally(5, 5)] * 8 + [Tally(0, 5)] * 2)
    assert repeated.design_effect == 5.0
    assert repeated.interval is not None
    # 8 of 10 with Student's 2.2622 for nine degrees of freedom in place of 1.96.
    assert (repeated.interval.low, repeated.interval.high) == pytest.approx((0.4445, 0.9524), abs=1e-4)


def test_two_cases_asked_again_are_two_cases() -> None:
    """Student's quantile for one degree of freedom is 12.7."""
    found = pass_rate([Tally(3, 3), Tally(0, 3)]).interval
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.0031, 0.9969), abs=1e-4)


def test_the_design_effect_is_the_variance_of_cases_over_that_of_answers() -> None:
    """4 / 3 * (0.25 + 2.25 + 2.25 + 0.25) / 16^2 over 0.625 * 0.375 / 16."""
    rate = pass_rate([Tally(2, 4), Tally(4, 4), Tally(1, 4), Tally(3, 4)])
    assert rate.design_effect == pytest.approx((4 / 3 * 5 / 256) / (0.625 * 0.375 / 16))


def test_repeats_that_differ_as_much_as_cases_are_worth_themselves() -> None:
    rate = pass_rate([Tally(4, 5), Tally(3, 5), Tally(4, 5), Tally(4, 5)] * 5)
    assert rate.design_effect == 1.0


def test_all_passed_is_not_certain() -> None:
    rate = pass_rate([Tally(3, 3)] * 12)
    assert rate.interval is not None
    assert rate.interval.high == 1.0
    assert 0.65 < rate.interval.low < 0.78


def test_cases_without_an_answer_do_not_count() -> None:
    assert pass_rate([Tally(1, 1), Tally(0, 0), Tally(0, 1)]) == pass_rate([Tally(1, 1), Tally(0, 1)])
    assert pass_rate([Tally(0, 0)]).interval is None


def test_wilson_stays_between_none_and_all() -> None:
    """Computed in floating point it would miss them by a hair, with some numbers of answers."""
    for answers in range(1, 60):
        assert wilson(0.0, answers, 1.959963984540054)[0] >= 0.0
        assert wilson(1.0, answers, 1.959963984540054)[1] <= 1.0


@pytest.mark.parametrize(("n", "truth"), [(10, 0.5), (20, 0.8), (50, 0.8)])
def test_the_interval_holds_the_truth_as_often_as_it_says(n: int, truth: float) -> None:
    """Five repeats that agree with correlation 0.6 within a case; naive intervals hold the truth in about 70 %."""
    rng, held, runs = random.Random(n), 0, 400
    for _ in range(runs):
        # Beta with mean `truth` and correlation 1 / (a + b + 1) = 0.6.
        a = truth * (1 / 0.6 - 1)
        strengths = [rng.betavariate(a, (1 / 0.6 - 1) - a) for _ in range(n)]
        rate = pass_rate([Tally(sum(rng.random() < p for _ in range(5)), 5) for p in strengths])
        assert rate.interval is not None
        held += rate.interval.low <= truth <= rate.interval.high
    assert held / runs >= 0.93


def test_a_thousand_answers_cost_what_the_cases_say() -> None:
    rate = money_per_1000([[0.001, 0.003]] * 5 + [[0.002]] * 5)
    assert rate is not None
    assert rate.per_1000.estimate == pytest.approx(2.0)
    assert rate.per_1000.low == pytest.approx(rate.per_1000.high)
    assert money_per_1000([[0.001]] * 9) is None


def test_nothing_costs_less_than_nothing() -> None:
    """One dear case among cheap ones makes the interval wide, and its lower end would be below 0."""
    rate = money_per_1000([[0.0]] * 9 + [[0.01]])
    assert rate is not None
    assert rate.per_1000.low == 0.0
    assert rate.per_1000.estimate == pytest.approx(1.0)
