"""What moved between an experiment and the same one asked again, and how often chance alone says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from prompts.decide.drift import moved, permutation
from prompts.decide.pool import Asked
from prompts.decide.watch_store import Moved
from providers.completion import Completion, Cost, CostLine
from tests.prompts.experiments.asked_cells import asked

SIDES = " ".join("+" * 12), " ".join("+" * 12)


def again(sides: tuple[str, str] = SIDES, days: int = 7, **more: object) -> Asked:
    """The same experiment, asked some days later; `more`: what its completions of the first model are otherwise."""
    whole, cells = asked(*sides)
    changed = [
        replace(cell, completion=_changed(cell.completion, more) if cell.cell.target == 0 else cell.completion)
        for cell in cells
    ]
    return replace(whole, id=f"again-{days}", created_at=whole.created_at + timedelta(days=days)), changed


def _changed(done: Completion | None, more: dict[str, object]) -> Completion | None:
    return None if done is None else replace(done, **more)  # type: ignore[arg-type]


def kinds(found: tuple[Moved, ...]) -> list[tuple[str, str, bool]]:
    return [(each.target, each.what, each.confirmed) for each in found]


def test_the_same_again_has_not_moved() -> None:
    assert moved([asked(*SIDES)], again()) == ()


def test_a_pass_rate_that_fell_is_certain_only_when_it_is_seen_twice() -> None:
    worse = (" ".join("-" * 12), SIDES[1])
    first = moved([asked(*SIDES)], again(worse))
    assert kinds(first) == [("openai:gpt-x", "passes less", False)]
    assert "openai:gpt-x before is better than openai:gpt-x now" in first[0].sentence
    second = moved([asked(*SIDES), again(worse)], again(worse, 14), first)
    assert ("openai:gpt-x", "passes less", True) in kinds(second)
    recovered = moved([asked(*SIDES), again(worse)], again(days=14), first)
    assert ("openai:gpt-x", "passes less", True) not in kinds(recovered)


def test_answers_that_take_longer_are_slower() -> None:
    whole, cells = again()
    slow = [
        replace(c, completion=replace(c.completion, timings=replace(
            c.completion.timings, duration_s=3 * (c.completion.timings.duration_s or 0))))
        if c.cell.target == 0 and c.completion else c
        for c in cells
    ]  # fmt: skip
    assert kinds(moved([asked(*SIDES)], (whole, slow))) == [("openai:gpt-x", "slower", False)]


def test_what_serves_the_answers_is_a_fact() -> None:
    def named(found: Asked, mark: str) -> Asked:
        return found[0], [
            replace(c, completion=replace(c.completion, fingerprint={"system_fingerprint": mark}))
            for c in found[1]
            if c.completion
        ]

    found = moved([named(asked(*SIDES), "fp_1")], named(again(), "fp_2"))
    assert [(each.what, each.confirmed) for each in found] == [("fingerprint", True)] * 2
    assert "system fingerprint fp_1 then, fp_2 now" in found[0].sentence
    assert moved([named(asked(*SIDES), "fp_1")], again()) == ()


def test_a_price_on_the_receipts_is_a_fact() -> None:
    def priced(dollars: int) -> Cost:
        return Cost("amount", Decimal("0.001"), (CostLine("input", 10, Decimal(dollars), Decimal("0.001")),))

    whole, cells = asked(*SIDES)
    before = whole, [replace(c, completion=replace(c.completion, cost=priced(2))) for c in cells if c.completion]
    found = [each for each in moved([before], again(cost=priced(3))) if each.what == "price"]
    assert [(each.target, each.confirmed) for each in found] == [("openai:gpt-x", True)]
    assert found[0].sentence == "The price of openai:gpt-x changed: input $2.00 then, $3.00 now, per million tokens."


def test_answers_are_compared_only_where_their_own_spread_is_known() -> None:
    once = moved([asked(*SIDES)], again(text="something else"))
    assert [each.what for each in once] == []
    before = [asked(*SIDES), again(days=7)]
    assert ("openai:gpt-x", "answers", False) in kinds(moved(before, again(days=14, text="something else")))


@pytest.mark.parametrize("equal", [0.2, 0.6, 0.9])
def test_chance_alone_is_called_drift_of_answers_as_rarely_as_is_told(equal: float) -> None:
    """200 askings of 10 cases, two answers earlier and one now, all drawn alike: at most 4 % and what 200 allow."""
    random = Random(7)

    def draw() -> str:
        return "the usual" if random.random() < equal else str(random.randrange(1_000))

    alarms = sum(permutation([([draw(), draw()], [draw()]) for _ in range(10)]) <= 0.04 for _ in range(200))
    assert alarms <= 0.04 * 200 + 9


@pytest.mark.parametrize("each", [2, 8])
def test_answers_that_all_changed_stand_out_and_equal_ones_do_not(each: int) -> None:
    """Of two answers each way to deal them is looked at, of eight some."""
    changed, same = (["then"] * each, ["now"] * each), (["then"] * each, ["then"] * each)
    assert permutation([changed] * 6) <= 0.01
    assert permutation([same] * 6) == 1
