from decimal import Decimal

import pytest

from prompts.analysis.monthly_cost import DAYS, PER_DAY, at_volume, cheapest, has_local, quickest
from prompts.core.plan import WARM_UP
from prompts.core.targets import Target
from tests.prompts.analysis.answers import LOCAL, UNPRICED, answer, dollars, run_of
from tests.runs import answer_of


def test_a_month_is_thirty_days_of_the_measured_answer() -> None:
    (each,) = at_volume(run_of(answer(cost=dollars("0.002"), duration=2.0)), 100)
    assert (each.money, each.waiting_s) == (Decimal("6.000"), 6000.0)
    assert each.basis == "From one answer."


def test_repeats_give_a_median_and_its_n_without_the_warm_up() -> None:
    figures = [("1", 1.0), ("2", 8.0), ("9", 3.0)]
    run = run_of(
        answer(repeat=WARM_UP, cost=dollars("9"), duration=99.0),
        *(answer(repeat=n, cost=dollars(cost), duration=duration) for n, (cost, duration) in enumerate(figures)),
    )
    (each,) = at_volume(run, 1)
    assert (each.per_answer, each.duration_s, each.basis) == (Decimal(2), 3.0, "Median of 3 answers.")


def test_the_cheapest_comes_first_and_the_unknown_last() -> None:
    run = run_of(
        answer(0, cost=UNPRICED), answer(1, cost=dollars("0.5")), answer(2, cost=dollars("0.1")), answer(3, cost=LOCAL)
    )
    found = at_volume(run, 10)
    assert [each.column for each in found] == [3, 2, 1, 0]
    assert [each.kind for each in found] == ["no fee", "amount", "amount", "unknown"]


def test_an_unknown_cost_stays_unknown_and_says_why() -> None:
    (each,) = at_volume(run_of(answer(cost=UNPRICED)), 10)
    assert each.money is None
    assert each.waiting_s == 600.0
    assert "no list price is known" in each.basis


def test_repeats_without_a_cost_are_named_and_not_counted() -> None:
    run = run_of(answer(repeat=0, cost=dollars("1")), answer(repeat=1, cost=UNPRICED))
    (each,) = at_volume(run, 1)
    assert (each.money, each.basis) == (Decimal(30), "From one answer. The cost of 1 more is unknown.")


def test_a_local_model_costs_what_the_user_says_an_hour_costs() -> None:
    run = run_of(answer(cost=LOCAL, duration=36.0))
    (free,), (own,) = at_volume(run, 10), at_volume(run, 10, Decimal("0.50"))
    assert (free.kind, free.money) == ("no fee", None)
    assert free.basis == "From one answer; no fee is charged."
    assert (own.kind, own.money) == ("amount", Decimal("1.5"))


def test_one_machine_has_only_so_many_hours() -> None:
    run = run_of(answer(cost=LOCAL, duration=36.0), answer(1, duration=36.0))
    local, hosted = at_volume(run, 10_000)
    assert (local.overfull, hosted.overfull) == (True, False)


@pytest.mark.parametrize("state", ["failed", "cancelled", "empty", "refused", "incomplete"])
def test_what_did_not_answer_gives_no_figure(state: str) -> None:
    (each,) = at_volume(run_of(answer(state=state, duration=0.1)), 10)  # type: ignore[arg-type]
    assert (each.kind, each.money, each.waiting_s) == ("unknown", None, None)
    assert each.basis == "No answer ended properly, so there is nothing to go by."


def test_what_is_still_being_asked_is_said_to_be_open() -> None:
    (each,) = at_volume(run_of(answer_of(Target("openai", "m0"), 0, 0)), 10)
    assert (each.kind, each.basis) == ("unknown", "Not answered yet.")


def test_an_answer_that_was_cut_is_said_to_be_cheap_for_that_reason() -> None:
    (each,) = at_volume(run_of(answer(state="cut")), 10)
    assert "1 of 1; whole answers cost more" in each.basis


def test_the_least_is_marked_only_among_known_figures_that_differ() -> None:
    run = run_of(answer(0, cost=LOCAL, duration=9.0), answer(1, cost=dollars("1")), answer(2, cost=dollars("2")))
    found = at_volume(run, 1)
    assert [found[n].column for n in cheapest(found)] == [1]
    assert [found[n].column for n in quickest(found)] == [1, 2]
    assert cheapest(found[:2]) == quickest(found[1:]) == []


def test_only_an_answer_of_a_local_model_asks_for_the_own_cost() -> None:
    assert has_local(run_of(answer(cost=LOCAL)))
    assert not has_local(run_of(answer(), answer(repeat=WARM_UP, cost=LOCAL)))


def test_the_steps_of_the_slider_go_from_one_to_a_million() -> None:
    assert (PER_DAY[0], PER_DAY[-1], DAYS) == (1, 1_000_000, 30)
    assert list(PER_DAY) == sorted(set(PER_DAY))
