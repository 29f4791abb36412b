"""The four sentences, in their order."""

from __future__ import annotations

from math import exp

import pytest

from prompts.analysis.statistics import paired
from prompts.analysis.statistics.rates import Tally
from prompts.analysis.statistics.time_verdicts import Times, speed
from prompts.analysis.statistics.verdicts import Question, quality

NAMES = ["A", "B"]


def sides(both: int, first: int, second: int, neither: int = 0) -> list[list[Tally]]:
    """Cases asked once, by who passed."""
    kinds = [(1, 1)] * both + [(1, 0)] * first + [(0, 1)] * second + [(0, 0)] * neither
    return [[Tally(a, 1) for a, _ in kinds], [Tally(b, 1) for _, b in kinds]]


def test_too_few_differing_cases_say_so() -> None:
    (verdict,) = quality(NAMES, sides(17, 3, 0), Question())
    assert verdict.kind == "few"
    assert verdict.sentence.startswith("Too few cases differ to say (3 of 20).")


def test_six_differing_cases_are_not_too_few() -> None:
    (five,), (six,) = (quality(NAMES, sides(14, n, 0), Question()) for n in (5, 6))
    assert (five.kind, six.kind) == ("few", "better")


def test_the_better_one_is_named_first_with_its_interval() -> None:
    (verdict,) = quality(NAMES, sides(30, 2, 18), Question())
    assert verdict.kind == "better"
    assert verdict.pair == (1, 0)
    assert verdict.sentence.startswith("B is better than A: 96 % against 64 %, +32 points (")
    assert verdict.sentence.endswith("Chance to say this of equal models: under 4 %.")
    assert verdict.difference is not None
    assert 0 < verdict.difference.low < 0.32 < verdict.difference.high


def test_no_difference_that_matters_needs_the_whole_interval_inside() -> None:
    (verdict,) = quality(NAMES, sides(400, 4, 4), Question(matters=0.1))
    assert verdict.kind == "same"
    assert "(within ±10 points)" in verdict.sentence


def test_what_cannot_be_told_says_what_would_settle_it() -> None:
    (verdict,) = quality(NAMES, sides(34, 9, 5, 2), Question(matters=0.1))
    assert verdict.kind == "open"
    assert verdict.sentence.startswith("Cannot tell yet: A 86 %, B 78 %, difference 8 points (−")
    assert f"takes about {verdict.needed} cases" in verdict.sentence
    assert verdict.sentence.endswith("you have 50.")


def test_an_interval_that_excludes_zero_says_why_it_is_no_verdict() -> None:
    a, b = sides(30, 9, 1)
    (alone,) = quality(NAMES, [a, b], Question())
    assert alone.kind == "better"
    among = quality(["A", "B", "C", "D"], [a, b, a, a], Question())[0]
    assert among.kind == "open"
    assert among.difference is not None
    assert among.difference.low > 0
    assert (
        "The interval is of this pair alone; corrected for 6 pairs compared, it may still be chance." in among.sentence
    )


def test_an_interval_that_only_just_excludes_zero_says_so() -> None:
    (verdict,) = quality(NAMES, sides(20, 11, 3), Question())
    assert verdict.difference is not None
    assert (verdict.kind, verdict.difference.low > 0) == ("open", True)
    assert "The interval excludes 0, but only just, and the exact test does not" in verdict.sentence


def test_times_whose_interval_excludes_one_say_why_they_are_no_verdict() -> None:
    fast, slow = [[1.0]] * 9, [[1.0 + n / 10] for n in (9, 8, 7, 6, 5, 4, 3, 2)] + [[0.85]]
    (alone,) = speed(NAMES, [fast, slow], Question())
    among = speed(["A", "B", "C", "D"], [fast, slow, fast, fast], Question())[0]
    assert (alone.kind, among.kind) == ("better", "open")
    assert among.sentence.endswith("corrected for 6 pairs compared, it may still be chance.")


def test_as_many_cases_as_it_takes_need_no_more() -> None:
    (verdict,) = quality(NAMES, sides(91, 9, 2), Question(matters=0.1))
    assert verdict.kind == "open"
    assert paired.cases_needed(0.1, paired.scatter(paired.pairing(*sides(91, 9, 2)))) == verdict.cases
    assert verdict.sentence.endswith("With 102 cases a difference of 10 points would probably have shown.")
    assert verdict.needed is None


def test_among_more_pairs_it_takes_more_cases_to_tell() -> None:
    first, second = sides(34, 9, 5, 2)
    (alone,) = quality(NAMES, [first, second], Question())
    among = quality(["A", "B", "C"], [first, second, second], Question())[0]
    assert alone.needed is not None
    assert among.needed is not None
    assert among.needed == paired.cases_needed(0.1, paired.scatter(paired.pairing(first, second)), 3)
    assert among.needed > alone.needed


def test_a_sentence_parts_into_what_is_said_and_what_it_rests_on() -> None:
    (open_,) = quality(NAMES, sides(34, 9, 5, 2), Question())
    (few,) = quality(["a:one", "a:two"], sides(17, 3, 0), Question())
    (none,) = quality(NAMES, [[Tally(1, 1)], [Tally(0, 0)]], Question())
    assert open_.halves[0] == "Cannot tell yet:"
    assert few.halves[0] == "Too few cases differ to say (3 of 20)."
    assert few.halves[1].startswith("a:one 100 %, a:two 85 %,")
    assert none.halves == ("No case has a verdict on both A and B.", "")


def test_nothing_is_said_while_it_runs() -> None:
    (verdict,) = quality(NAMES, sides(0, 40, 0), Question(stage="running"))
    assert verdict.kind == "running"
    assert verdict.sentence.startswith("Still running, no verdict yet.")
    (none,) = quality(NAMES, [[Tally(1, 1), Tally(0, 0)], [Tally(0, 0), Tally(0, 0)]], Question(stage="running"))
    assert (none.kind, none.sentence) == (
        "running", "Still running, no verdict yet. No case has a verdict on both A and B.",
    )  # fmt: skip


def test_an_extension_needs_stronger_evidence_than_the_plan() -> None:
    table = sides(30, 12, 6)
    planned = Question(stage="extended", planned_cases=10)
    (verdict,) = quality(NAMES, table, planned)
    assert verdict.kind == "open"
    strong = sides(30, 40, 2)
    (verdict,) = quality(NAMES, strong, planned)
    assert verdict.kind == "better"


@pytest.mark.parametrize(("cases", "kind"), [(10, "open"), (11, "better")])  # e-values 78 and 136
def test_an_extension_is_believed_from_the_evidence_100_on(cases: int, kind: str) -> None:
    """Though each of these differs, which would do as a test of its own."""
    (verdict,) = quality(NAMES, sides(0, cases, 0), Question(stage="extended", planned_cases=1))
    assert verdict.kind == kind


@pytest.mark.parametrize(("cases", "kind"), [(12, "open"), (13, "better")])  # e-values 237 and 415
def test_among_three_pairs_an_extension_is_believed_from_the_evidence_300_on(cases: int, kind: str) -> None:
    first, second = sides(0, cases, 0)
    every = quality(["A", "B", "C"], [first, second, second], Question(stage="extended", planned_cases=1))
    assert every[0].kind == kind


def test_under_ten_cases_counts_replace_percentages() -> None:
    (verdict,) = quality(NAMES, sides(1, 7, 0), Question())
    assert "8 of 8 against 1 of 8" in verdict.sentence
    (verdict,) = quality(NAMES, sides(1, 9, 0), Question())
    assert "100 % against 10 %" in verdict.sentence


def test_counts_that_would_contradict_the_difference_are_shares() -> None:
    """Nine cases; the one on which the second does well was asked ten times as often as the others."""
    first = [Tally(1, 1)] * 8 + [Tally(5, 10)]
    second = [Tally(0, 1)] * 8 + [Tally(10, 10)]
    (verdict,) = quality(NAMES, [first, second], Question())
    assert "A is better than B: 94 % against 11 %, +83 points" in verdict.sentence


def test_nothing_is_called_better_whose_interval_reaches_none() -> None:
    """The exact test says so of these cases asked five times each, their interval does not."""
    first, second = (
        [Tally(passed, 5) for passed in side]
        for side in ([5, 3, 3, 4, 4, 3, 5, 5, 5, 5, 5, 5], [4, 2, 2, 3, 3, 2, 5, 5, 5, 5, 5, 5])
    )
    (verdict,) = quality(NAMES, [first, second], Question())
    assert verdict.p is not None
    assert verdict.p <= 0.04
    assert verdict.difference is not None
    assert verdict.difference.low <= 0
    assert verdict.kind == "open"


def test_nothing_is_called_better_whose_interval_is_shown_to_begin_at_none() -> None:
    """Its lower end is 0.4 points, which is shown as 0."""
    first = [Tally(5, 5)] * 12
    second = [Tally(5 - less, 5) for less in [2, 1, 1, 1, 2, 1, 2, 0, 0, 0, 0, 0]]
    (verdict,) = quality(NAMES, [first, second], Question())
    assert verdict.p is not None
    assert verdict.p <= 0.04
    assert "(0 to 28)" in verdict.sentence
    assert verdict.kind == "open"


def test_against_a_baseline_only_its_pairs_are_compared() -> None:
    first, second = sides(30, 2, 18)
    every = quality(["A", "B", "C"], [first, second, second], Question(baseline=0))
    assert [sorted(verdict.pair) for verdict in every] == [[0, 1], [0, 2]]


def test_no_case_in_common_is_said() -> None:
    (verdict,) = quality(NAMES, [[Tally(0, 0)], [Tally(1, 1)]], Question())
    assert verdict.sentence == "No case has a verdict on both A and B."


def test_speed_is_a_factor_with_its_interval() -> None:
    slow, fast = [[1.5 + n / 100] for n in range(9)], [[1.0 + n / 100] for n in range(9)]
    (verdict,) = speed(NAMES, [slow, fast], Question(), Times(unit="repeats"))
    assert verdict.kind == "better"
    assert verdict.pair == (1, 0)
    assert verdict.sentence.startswith("B is faster than A: 1.5 x (1.5 to 1.5), over 9 repeats.")


def test_too_few_times_say_how_many_it_takes() -> None:
    (verdict,) = speed(NAMES, [[[1.0]] * 5, [[2.0]] * 5], Question())
    assert verdict.sentence == "Too few cases to compare A and B: 5. Below 6 no verdict is possible."


def test_equal_speed_within_the_margin_is_said() -> None:
    a, b = [[1.0 + n / 1000] for n in range(12)], [[1.0 + (11 - n) / 1000] for n in range(12)]
    (verdict,) = speed(NAMES, [a, b], Question())
    assert verdict.kind == "same"


def test_equal_times_are_named_in_their_order() -> None:
    (verdict,) = speed(NAMES, [[[1.0]] * 12, [[1.0]] * 12], Question())
    assert (verdict.kind, verdict.pair) == ("same", (0, 1))


def test_a_margin_reaches_as_far_down_as_up_as_a_factor() -> None:
    """The interval reaches down to 1 / 1.102, more than a factor of 1.1, though not down to 0.9."""
    logs = [-0.097, 0.01, 0.02, 0.0, 0.03, 0.09]
    (verdict,) = speed(NAMES, [[[exp(each)] for each in logs], [[1.0]] * 6], Question())
    assert verdict.difference is not None
    assert 0.9 < verdict.difference.low < 1 / 1.1
    assert verdict.difference.high < 1.1
    assert verdict.kind == "open"


def test_as_few_times_as_allow_a_verdict_have_one() -> None:
    (verdict,) = speed(NAMES, [[[1.0]] * 6, [[2.0]] * 6], Question())
    assert verdict.kind == "better"


def test_a_large_factor_is_a_plain_number() -> None:
    slow, fast = [[1301.0 + n] for n in range(9)], [[10.0 + n / 100] for n in range(9)]
    (verdict,) = speed(NAMES, [slow, fast], Question())
    assert verdict.sentence.startswith("B is faster than A: 130 x (130 to 130), over 9 cases.")


def test_repeats_that_came_later_do_not_undo_or_make_the_verdict_that_was_planned() -> None:
    planned = [[Tally(1, 1)] * 8 + [Tally(0, 1)] * 2, [Tally(0, 1)] * 8 + [Tally(0, 1)] * 2]
    later = [[Tally(each.passed, 2) for each in side] for side in planned]
    (found,) = quality(["a", "b"], later, Question(stage="extended"), planned=planned)
    assert (found.kind, found.pair) == ("better", (0, 1))
    even = [[Tally(1, 1), Tally(0, 1)] * 5, [Tally(0, 1), Tally(1, 1)] * 5]
    (found,) = quality(["a", "b"], planned, Question(stage="extended"), planned=even)
    assert found.kind == "open"  # 8 of 8 differ, which a test of its own would call better


def test_the_verdict_is_taken_back_where_all_that_is_known_points_the_other_way() -> None:
    planned = [[Tally(1, 1)] * 8, [Tally(0, 1)] * 8]
    turned = [[Tally(1, 5)] * 8, [Tally(4, 5)] * 8]
    (found,) = quality(["a", "b"], turned, Question(stage="extended"), planned=planned)
    assert found.kind != "better"


def test_the_interval_of_a_factor_encloses_it_whichever_of_the_two_is_faster() -> None:
    slow, fast = [[2.0 + n / 10] for n in range(12)], [[1.0]] * 12
    (forward,), (turned,) = speed(NAMES, [slow, fast], Question()), speed(NAMES, [fast, slow], Question())
    assert (forward.pair, turned.pair) == ((1, 0), (0, 1))
    assert forward.difference is not None
    assert turned.difference is not None
    assert 1 < turned.difference.low < turned.difference.estimate < turned.difference.high
    assert round(turned.difference.low, 9) == round(forward.difference.low, 9)
