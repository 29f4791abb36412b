"""What n points may say: the rule of docs/design/metrics.md#spread."""

import pytest

from prompts.analysis.spread import COMPARED, Point, Spread, askings, names, sides, spread
from prompts.core.format import UNKNOWN
from providers.completion import Cost, State
from providers.interface import Condition
from tests.prompts.analysis.repeats import run_of, timed
from tests.runs import with_cell

FIRST, DURATION, RATE, COST = COMPARED


def points(*values: float, disturbed: int = 0) -> list[Point]:
    """The first `disturbed` of them under a marked condition."""
    return [Point(v, n, ("first_call",) if n < disturbed else ()) for n, v in enumerate(values)]


def test_one_point_is_a_value_and_no_spread() -> None:
    assert spread(points(0.4)) == Spread((0.4,), False, None, None, None, None)
    assert spread([]).n == 0


def test_from_two_points_on_there_is_a_median() -> None:
    found = spread(points(3.0, 1.0))
    assert (found.median, found.low, found.high, found.p90) == (2.0, 1.0, 3.0, None)


@pytest.mark.parametrize(
    ("n", "told", "rough"), [(9, False, True), (10, True, True), (49, True, True), (50, True, False)]
)
def test_the_p90_comes_at_ten_and_is_rough_below_fifty(n: int, told: bool, rough: bool) -> None:
    found = spread(points(*map(float, range(1, n + 1))))
    assert (found.p90 is not None, found.rough) == (told, rough)


def test_the_p90_is_that_of_type_seven() -> None:
    assert spread(points(*map(float, range(1, 12)))).p90 == pytest.approx(10.0)


def test_disturbed_points_are_left_out_where_two_clean_ones_remain() -> None:
    found = spread(points(9.0, 1.0, 2.0, disturbed=1))
    assert (found.values, found.clean_only, found.median) == ((1.0, 2.0), True, 1.5)


def test_all_points_count_where_fewer_than_two_are_clean() -> None:
    found = spread(points(9.0, 8.0, 1.0, disturbed=2))
    assert (found.n, found.clean_only, found.median) == (3, False, 8.0)


@pytest.mark.parametrize("state", ["empty", "refused", "filtered", "failed", "incomplete", "cancelled", "unknown"])
def test_an_answer_that_did_not_end_properly_with_words_is_no_point(state: State) -> None:
    (side,) = sides(run_of({"a:x": [timed(0.1), timed(0.2, state=state), None]}), FIRST)
    assert ([point.value for point in side.points], side.asked, side.answers) == ([0.1], 3, 1)


def test_an_answer_cut_at_its_limit_is_a_point() -> None:
    (side,) = sides(run_of({"a:x": [timed(0.1), timed(0.2, state="cut")]}), FIRST)
    assert len(side.points) == 2


def test_warm_ups_count_nowhere() -> None:
    run = run_of({"a:x": [timed(0.1), timed(0.2)]}, fair=True)
    assert len(run.answers) == 3
    (side,) = sides(run, FIRST)
    assert ([point.value for point in side.points], side.asked) == ([0.1, 0.2], 2)


@pytest.mark.parametrize(
    ("condition", "disturbs"),
    [
        ("first_call", (FIRST, DURATION, RATE)), ("new_connection", (FIRST, DURATION)),
        ("cold_load", (FIRST, DURATION)), ("cache_hit", (FIRST, DURATION, COST)),
        ("contended", (FIRST, DURATION, RATE)),
        ("retried", COMPARED),
    ],
)  # fmt: skip
def test_a_condition_marks_the_figures_that_it_disturbs(condition: Condition, disturbs: tuple[object, ...]) -> None:
    assert tuple(metric for metric in COMPARED if condition in metric.disturbed_by) == disturbs
    (side,) = sides(run_of({"a:x": [timed(0.1, conditions=(condition,)), timed(0.2)]}), FIRST)
    assert [point.disturbed for point in side.points] == [(condition,), ()]


def test_an_unknown_figure_is_no_point_and_a_model_without_fee_has_no_cost() -> None:
    run = run_of({"a:x": [timed(None), timed(0.1)]})
    assert [len(sides(run, metric)[0].points) for metric in (FIRST, COST)] == [1, 0]
    priced = run_of({"a:x": [timed(0.1, cost=Cost("unknown")), timed(0.1, cost=Cost("unknown"))]})
    assert sides(priced, COST)[0].points == ()


def test_two_columns_of_one_model_are_told_apart() -> None:
    run = run_of({"a:x": [timed(0.1)], "a:y": [timed(0.1)]})
    assert names(askings(run)) == ["a:x", "a:y"]
    run = with_cell(run, 1, target=run.answers[0].target)
    assert names(askings(run)) == ["a:x · column 1", "a:x · column 2"]


def test_every_figure_is_said_with_its_unit() -> None:
    assert [metric.say(0.5) for metric in COMPARED] == ["500 ms", "500 ms", "0.50 tokens/s", "$0.500"]
    assert [metric.say(None) for metric in COMPARED] == [UNKNOWN] * 4
