"""Verdicts in words."""

import random

import pytest

from prompts.analysis.significance import leader, verdicts
from prompts.analysis.spread import COMPARED, Compared, Point, Side
from tests.counting import calls

FIRST, DURATION, RATE, COST = COMPARED


def side(name: str, *values: float, disturbed: int = 0) -> Side:
    """The first `disturbed` points under a marked condition."""
    points = tuple(Point(v, n, ("first_call",) if n < disturbed else ()) for n, v in enumerate(values))
    return Side(name, len(values), len(values), points)


@pytest.mark.parametrize(
    ("metric", "sentence", "detail"),
    [
        (DURATION, "A is faster than B (97 %)", "Median 1.50 s against 4.50 s: 3.00 s less, 3.0 times."),
        (
            FIRST, "A is faster to the first token than B (97 %)",
            "Median 1.50 s against 4.50 s: 3.00 s less, 3.0 times.",
        ),
        (COST, "A is cheaper than B (97 %)", "Median $1.50 against $4.50: $3.00 less, 3.0 times."),
        (
            RATE, "B is faster at writing than A (97 %)",
            "Median 4.50 tokens/s against 1.50 tokens/s: 3.00 tokens/s more, 3.0 times.",
        ),
    ],
)  # fmt: skip
def test_a_clear_difference_is_said_with_how_sure_and_how_much(metric: Compared, sentence: str, detail: str) -> None:
    (verdict,) = verdicts([side("A", 1.0, 1.4, 1.6, 1.9), side("B", 4.0, 4.4, 4.6, 4.9)], metric)
    assert (verdict.told, verdict.sentence, verdict.detail) == ("told", sentence, detail)
    assert verdict.pair == ((1, 0) if metric is RATE else (0, 1))


def test_what_cannot_be_told_yet_says_how_many_more_runs() -> None:
    (verdict,) = verdicts([side("A", 1.0, 2.0, 4.0), side("B", 3.0, 5.0, 6.0)], DURATION)
    assert (verdict.told, verdict.sentence) == ("open", "Cannot tell A and B apart yet (80 %)")
    assert verdict.detail.startswith("About 6 more runs each if the difference stays as it is.")


def test_what_is_alike_is_not_promised_to_more_runs() -> None:
    (verdict,) = verdicts([side("A", 1.0, 2.0, 3.0), side("B", 1.0, 2.0, 3.0)], DURATION)
    assert (verdict.told, verdict.sentence) == ("alike", "A and B are too close to tell apart")
    assert verdict.detail == (
        "It would take more than 100 runs each if the difference stays as small. Median 2.00 s against 2.00 s."
    )


def test_fewer_than_three_points_are_not_compared() -> None:
    (verdict,) = verdicts([side("A", 1.0, 2.0), side("B", 4.0, 5.0, 6.0)], DURATION)
    assert (verdict.told, verdict.confidence) == ("few", None)
    assert verdict.detail == "Ask at least 3 times (5 is better)."


def test_a_side_without_figures_says_why() -> None:
    (verdict,) = verdicts([side("A", 1.0, 2.0, 3.0), side("B")], COST)
    assert (verdict.told, verdict.sentence) == ("none", "Nothing to compare: B has no figure here.")
    assert verdict.detail == "Because no fee is asked, or the price is not known."


def test_clean_points_are_compared_with_clean_ones_only_where_both_have_enough() -> None:
    (verdict,) = verdicts([side("A", 99.0, 1.0, 1.1, 1.2, 1.3, disturbed=1), side("B", 2.0, 2.1, 2.2, 2.3)], DURATION)
    assert verdict.told == "told"
    assert verdict.detail.endswith("Clean points only.")
    (verdict,) = verdicts([side("A", 99.0, 98.0, 1.1, 1.2, disturbed=2), side("B", 2.0, 2.1, 2.2, 2.3)], DURATION)
    assert verdict.told != "told"
    assert verdict.detail.endswith("All points, because one side has too few clean ones.")


def test_many_comparisons_ask_for_more() -> None:
    four = [side(name, *(base + n / 10 for n in range(4))) for name, base in (("A", 1.0), ("B", 3.0), ("C", 5.0))]
    assert [verdict.told for verdict in verdicts(four[:2], DURATION)] == ["told"]
    assert [verdict.told for verdict in verdicts(four, DURATION)] == ["open"] * 3
    assert [round(verdict.confidence or 0, 3) for verdict in verdicts(four, DURATION)] == [0.914] * 3


def test_every_pair_of_comparable_sides_has_its_verdict_in_order() -> None:
    found = verdicts([side("A", 1.0, 2.0, 3.0), side("B"), side("C", 1.0, 2.0, 3.0)], DURATION)
    assert [verdict.pair for verdict in found] == [(0, 1), (0, 2), (1, 2)]
    assert [verdict.told for verdict in found] == ["none", "alike", "none"]


def test_the_leader_has_the_best_median_and_never_none() -> None:
    three = [side("A"), side("B", 99.0, 1.0, 2.0, disturbed=1), side("C", 1.7, 1.8)]
    assert leader(three, DURATION) == 1
    assert leader(three, RATE) == 2


def test_eight_targets_of_twenty_repeats_are_judged_with_little_work() -> None:
    dice = random.Random(2)
    eight = [side(str(n), *(dice.choice((0.1, 0.2, 0.3, dice.random())) for _ in range(20))) for n in range(8)]
    assert len(verdicts(eight, DURATION)) == 28
    assert calls(lambda: verdicts(eight, DURATION)) < 1_000_000
