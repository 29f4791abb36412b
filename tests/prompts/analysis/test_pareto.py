from decimal import Decimal

import pytest

from prompts.analysis.pareto import field, in_a_sentence
from prompts.core.plan import WARM_UP
from prompts.core.targets import Target
from providers.completion import Cost
from tests.prompts.analysis.answers import LOCAL, UNPRICED, answer, dollars, run_of
from tests.runs import answer_of


@pytest.mark.parametrize(
    ("points", "verdicts"),
    [
        ([("1", 2.0), ("2", 1.0)], ["efficient", "efficient"]),
        ([("1", 1.0), ("2", 2.0)], ["efficient", "openai:m0 is cheaper and faster"]),
        ([("1", 1.0), ("2", 1.0)], ["efficient", "openai:m0 is cheaper and as fast"]),
        ([("1", 1.0), ("1", 2.0)], ["efficient", "openai:m0 costs the same and is faster"]),
        ([("1", 1.0), ("1", 1.0)], ["efficient", "efficient"]),
        ([("3", 3.0), ("2", 2.0), ("1", 1.0)], [*["openai:m2 is cheaper and faster"] * 2, "efficient"]),
    ],
)
def test_a_target_is_efficient_until_another_beats_it(points: list[tuple[str, float]], verdicts: list[str]) -> None:
    run = run_of(*(answer(n, cost=dollars(cost), duration=d) for n, (cost, d) in enumerate(points)))
    assert [spot.verdict for spot in field(run).spots] == verdicts


def test_a_model_without_a_fee_is_compared_only_with_its_like() -> None:
    run = run_of(
        answer(0, cost=dollars("1"), duration=5.0), answer(1, cost=LOCAL, duration=1.0),
        answer(2, cost=LOCAL, duration=2.0),
    )  # fmt: skip
    paid, quick, slow = field(run).spots
    assert paid.efficient
    assert quick.efficient
    assert (quick.no_fee, quick.cost) == (True, Decimal(0))
    assert slow.verdict == "openai:m1 is faster, without a fee too"


def test_the_frontier_runs_from_the_cheapest_and_leaves_out_what_has_no_price() -> None:
    run = run_of(
        answer(0, cost=dollars("3"), duration=1.0), answer(1, cost=dollars("1"), duration=3.0),
        answer(2, cost=dollars("2"), duration=9.0), answer(3, cost=LOCAL, duration=0.1),
    )  # fmt: skip
    assert [spot.column for spot in field(run).frontier] == [1, 0]


def test_a_point_is_the_median_of_its_answers_without_the_warm_up() -> None:
    figures = [("1", 5.0, "a"), ("3", 1.0, "abc"), ("2", 2.0, "abcde")]
    run = run_of(
        answer(repeat=WARM_UP, duration=99.0),
        *(answer(repeat=n, cost=dollars(c), duration=d, text=text) for n, (c, d, text) in enumerate(figures)),
    )
    (spot,) = field(run).spots
    assert (spot.cost, spot.duration_s, spot.characters, spot.n) == (Decimal(2), 2.0, 3, 3)


def test_what_cannot_be_drawn_is_named_with_the_reason() -> None:
    run = run_of(
        answer(0, cost=UNPRICED),
        answer(1, state="failed"),
        answer(2, cost=Cost("unknown")),
        answer_of(Target("openai", "m3"), 3, 3),
        answer(4, cost=Cost("unknown", Decimal("0.001"), reason="at least this")),
    )
    assert field(run).spots == ()
    assert [(each.name, each.reason) for each in field(run).missing] == [
        ("openai:m0", "no list price is known"),
        ("openai:m1", "no answer ended properly"),
        ("openai:m2", "its cost or time is unknown"),
        ("openai:m3", "not answered yet"),
        ("openai:m4", "at least this"),
    ]


def test_a_point_holds_the_same_medians_as_the_table() -> None:
    run = run_of(answer(repeat=0, cost=dollars("2")), answer(repeat=1, cost=UNPRICED, duration=50.0))
    (spot,) = field(run).spots
    assert (spot.cost, spot.duration_s, spot.n) == (Decimal(2), 26.0, 2)


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ([("1", 2.0), ("2", 3.0)], "openai:m0 is both the cheapest and the fastest."),
        ([("3", 1.0), ("1", 3.0)], "openai:m1 is the cheapest. openai:m0 is the fastest."),
        ([("1", 1.0), ("1", 3.0)], "openai:m0 and openai:m1 are the cheapest. openai:m0 is the fastest."),
        ([("3", 1.0), ("none", 3.0)], "openai:m0 is the fastest."),
        ([("none", 2.0), ("none", 3.0)], "openai:m0 is the fastest."),
        (
            [("3", 1.0), ("4", 2.0), ("none", 2.0)],
            "openai:m0 is the cheapest of those that charge a fee. openai:m0 is the fastest.",
        ),
        (
            [("3", 1.5), ("4", 2.0), ("none", 1.0)],
            "openai:m0 is the cheapest of those that charge a fee. openai:m2 is the fastest.",
        ),
        (
            [("3", 2.0), ("4", 3.0), (None, 1.0)],
            "openai:m2 is the fastest. Which is cheapest cannot be said: the price of openai:m2 is not known.",
        ),
        ([("3", 2.0), ("4", None)], ""),
        ([("3", 2.0)], ""),
    ],
)
def test_the_choice_is_said_of_all_who_answered_or_not_at_all(
    choices: list[tuple[str | None, float | None]], sentence: str
) -> None:
    costs = {None: UNPRICED, "none": LOCAL}
    answers = [
        answer(n, cost=costs.get(cost) or dollars(str(cost)), duration=duration)
        for n, (cost, duration) in enumerate(choices)
    ]
    assert in_a_sentence(run_of(*answers)) == sentence
