"""What is said of a whole experiment: rates, errors, times, money and pairs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from prompts.experiments.asked import AskedCell
from prompts.experiments.plan import Wording
from prompts.experiments.results import results
from prompts.experiments.results_text import cut_text, errors_text, notes, rate_text, spent_text, undecided_text
from providers.completion import Cost, Timings
from tests.prompts.experiments.asked_cells import PLAN, asked
from tests.prompts.samples import NOW


def test_an_answer_that_never_came_is_no_failure_of_the_model() -> None:
    side = results(*asked("+ + + ! ~ - + + + + + +", "+ " * 12)).sides[0]
    assert (side.rate.passed, side.rate.answered, side.rate.cases) == (9, 10, 10)
    assert dict(side.unanswered) == {"rate limit": 1, "lost": 1}
    assert errors_text(side) == (
        "2 of 12 unanswered (1 rate limit, 1 lost); if all were failures the rate would be 75 %."
    )


def test_an_answer_whose_end_was_never_confirmed_is_none() -> None:
    experiment, cells = asked("- +", "+ +")
    cells[0] = replace(cells[0], state="incomplete")
    side = results(experiment, cells).sides[0]
    assert (side.rate.passed, side.rate.answered, dict(side.unanswered)) == (1, 1, {"end not confirmed": 1})


def test_an_answer_without_a_verdict_neither_passes_nor_fails() -> None:
    side = results(*asked("+ ? -", "+ + +")).sides[0]
    assert (side.rate.passed, side.rate.answered, side.undecided, side.answered) == (1, 2, 1, 3)
    assert undecided_text(side) == "No check gave a verdict on 1 of 3 answers: openai:gpt-x. Seen ?."
    assert undecided_text(results(*asked("+ + -", "+ + +")).sides[0]) == ""


def test_answers_that_failed_because_the_limit_cut_them_are_told() -> None:
    sides = results(*asked("x x - + +", "+ + + + -")).sides
    assert cut_text(sides) == (
        "Cut at the token limit: openai:gpt-x: 2 of 5 answers (2 of its 3 failures). "
        "A higher limit may change rates, times and costs."
    )


def test_all_failures_that_were_cut_are_called_all() -> None:
    sides = results(*asked("x x + + +", "+ + + + x")).sides
    assert "2 of 5 answers (all its 2 failures); " in cut_text(sides)
    assert "1 of 5 answers (its 1 failure)." in cut_text(sides)


def test_a_cut_that_made_no_answer_fail_is_not_worth_a_note() -> None:
    experiment, cells = asked("+ + -", "+ + +")
    passed = [replace(cell, state="cut") if cell.verdict and cell.verdict.passed else cell for cell in cells]
    assert cut_text(results(experiment, passed).sides) == ""
    unchecked = [replace(cell, verdict=None) for cell in passed]
    assert cut_text(results(experiment, unchecked).sides).startswith("Cut at the token limit: openai:gpt-x: 2 of 3")


def test_every_note_names_its_side() -> None:
    experiment, cells = asked("! x +", "+ ? +")
    said = list(notes(experiment, results(experiment, cells).sides))
    assert [word in each for word, each in zip(("1 rate limit", "No check", "Cut at"), said, strict=True)] == [True] * 3
    assert all("openai:gpt-x" in each or "ollama:llama" in each for each in said)


def test_below_ten_cases_counts_stand_in_place_of_percentages() -> None:
    few, many = (results(*asked(side, side)).sides[0] for side in ("++ +- +!", "+ " * 9 + "-"))
    assert rate_text(few) == "4 of 5 answers to 3 cases"
    assert rate_text(many) == "90 % (60 to 98 %) of 10 cases"
    assert "%" not in errors_text(few)


def test_repeats_of_a_case_make_the_interval_no_narrower_when_they_always_agree() -> None:
    once, thrice = (results(*asked(side, side)).sides[0].rate for side in ("+ - " * 10, "+++ --- " * 10))
    assert once.interval is not None
    assert thrice.interval is not None
    assert thrice.interval.high - thrice.interval.low >= once.interval.high - once.interval.low


def test_quality_is_said_first_then_times_then_money() -> None:
    found = results(*asked("+ " * 30, "- " * 20 + "+ " * 10))
    assert [len(each) for each in (found.quality, found.speed, found.money)] == [1, 1, 1]
    assert found.sentences[0].startswith("openai:gpt-x is better than ollama:llama: 100 % against 33 %")
    assert found.sentences[1].startswith("openai:gpt-x is faster than ollama:llama: 2 x")


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("running", "Still running, no verdict yet."),
        ("paused", "Paused at 57 of 60 answers, no verdict yet."),
        ("stopped", "Stopped at 57 of 60 answers, no verdict yet."),
    ],
)
def test_there_is_no_verdict_before_the_planned_end(stage: str, said: str) -> None:
    found = results(*asked("+ " * 29 + ".", "- " * 28 + "! .", stage=stage))  # type: ignore[arg-type]
    assert found.sentences[0].startswith(said)
    assert {verdict.kind for verdict in (*found.quality, *found.speed, *found.money)} == {"running"}


def test_without_checks_nothing_is_said_of_quality() -> None:
    plan = replace(PLAN, checks=())
    experiment, cells = asked("? " * 12, "? " * 12, plan=plan)
    found = results(experiment, [replace(cell, verdict=None) for cell in cells])
    assert found.quality == ()
    assert len(found.speed) == 1


def test_every_target_with_every_wording_is_a_side_and_a_baseline_stands_for_its_first() -> None:
    plan = replace(
        PLAN, wordings=(*PLAN.wordings, Wording("long", "Sort with care: {{mail}}")), baseline="ollama:llama"
    )
    found = results(*asked("+ +", "- -", "+ -", "- +", plan=plan))
    assert [side.name for side in found.sides][:2] == ["openai:gpt-x · short", "openai:gpt-x · long"]
    assert {verdict.pair for verdict in found.quality} == {(0, 2), (1, 2), (2, 3)}


def test_an_extension_is_judged_by_what_was_planned_and_by_evidence() -> None:
    experiment, cells = asked("+ " * 40, "- " * 40)
    extended = replace(experiment, planned_cases=4)
    question = results(extended, cells).question
    assert (question.stage, question.planned_cases) == ("extended", 4)


def test_repeats_that_came_later_are_an_extension_of_what_was_planned() -> None:
    experiment, cells = asked("++ " * 8, "-- " * 8)
    first = results(replace(experiment, planned_repeats=2), cells)
    assert (first.question.stage, first.quality[0].kind) == ("planned", "better")
    experiment, cells = asked("-+ " * 8, "-- " * 8)
    later = results(replace(experiment, planned_repeats=1), cells)
    assert (later.question.stage, later.quality[0].kind) == ("extended", "open")


def from_record(cell: AskedCell) -> AskedCell:
    return replace(cell, taken_from=NOW - timedelta(days=9))


def test_an_answer_out_of_the_record_is_in_no_timing_and_was_not_paid_now() -> None:
    experiment, cells = asked("+ + +", "+ + +")
    side = results(experiment, [from_record(cells[0]), *cells[1:]]).sides[0]
    assert [len(case) for case in side.durations] == [0, 1, 1]
    assert [len(case) for case in side.costs] == [1, 1, 1]
    assert side.spent == Decimal("0.002")


def with_cost(cell: AskedCell, cost: Cost) -> AskedCell:
    assert cell.completion is not None
    return replace(cell, completion=replace(cell.completion, cost=cost))


def test_an_unknown_cost_makes_a_sum_a_lower_bound_and_no_cost_at_all_is_unknown() -> None:
    experiment, cells = asked("+ +", "+ +")
    unknown, local = Cost("unknown", reason="no price"), Cost("local")
    partly = results(experiment, [with_cost(cells[0], unknown), *cells[1:]]).sides[0]
    never = results(experiment, [with_cost(cell, unknown) for cell in cells]).sides[0]
    free = results(experiment, [with_cost(cell, local) for cell in cells]).sides[0]
    assert [spent_text(side) for side in (partly, never, free)] == ["≥ $0.001", "—", "no fee"]


def test_a_call_that_was_turned_away_makes_no_sum_a_lower_bound() -> None:
    assert [spent_text(side) for side in results(*asked("+ !", "! !")).sides] == ["$0.001", "—"]


def test_only_what_was_stopped_under_way_makes_a_sum_a_lower_bound() -> None:
    experiment, cells = asked("+ +", "+ +")

    def stopped(sent_s: float | None) -> AskedCell:
        cell = with_cost(cells[0], Cost("unknown", reason="no usage"))
        assert cell.completion
        done = replace(cell.completion, state="cancelled", timings=Timings(sent_s=sent_s))
        return replace(cell, state="cancelled", completion=done)

    sides = [results(experiment, [stopped(sent_s), *cells[1:]]).sides[0] for sent_s in (0.1, None)]
    assert [spent_text(side) for side in sides] == ["≥ $0.001", "$0.001"]
