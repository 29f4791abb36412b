"""What a plan asks, and what keeps it from being run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from prompts.core.targets import Target
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Plan, PlanError, Wording, can_show, check_plan, problems, unused
from providers.interface import Settings

PLAN = Plan(
    name="Support mail",
    wordings=(
        Wording("short", "Sort: {{mail}}"),
        Wording("long", "Sort {{mail}} with care.", "You sort {{kind}} mail."),
    ),
    cases=made(["mail", "kind", "label"], [["Refund?", "support", "billing"], ["{{mail}}", "sales", "other"]]),
    targets=(Target("builtin", "ngram-2"), Target("builtin", "ngram-3", Settings(temperature=0.0))),
    repeats=3,
    checks=(Check("equals", "{{label}}"),),
)


def test_every_answer_is_one_wording_case_target_and_repeat() -> None:
    cells = list(PLAN.cells())
    assert len(cells) == len(set(cells)) == PLAN.size == 2 * 2 * 2 * 3


def test_what_is_cut_off_was_asked_of_all_alike() -> None:
    first = list(PLAN.cells())[:4]
    assert {(cell.case, cell.repeat) for cell in first} == {(0, 0)}
    assert {(cell.target, cell.wording) for cell in first} == set(PLAN.sides)


def test_a_case_fills_the_prompt_and_the_system_prompt_and_is_not_filled_again() -> None:
    assert PLAN.prompt(1, 0) == "Sort: {{mail}}"
    assert PLAN.settings_of(0, 1, 1) == Settings(system="You sort support mail.", temperature=0.0)
    assert PLAN.settings_of(0, 0, 0) == Settings()


def test_a_hole_takes_the_column_that_was_chosen_for_it() -> None:
    plan = replace(PLAN, columns={"mail": "kind"})
    assert plan.prompt(0, 0) == "Sort: support"


def test_a_plan_that_is_whole_has_no_problem() -> None:
    assert problems(PLAN) == []
    assert check_plan(PLAN) is PLAN
    assert unused(PLAN) == ()
    assert unused(replace(PLAN, checks=())) == ("label",)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "Give the experiment a name."),
        ({"wordings": (Wording("a", " "),)}, "Write a prompt."),
        ({"targets": ()}, "Choose at least one model."),
        ({"repeats": 0}, "between 1 and 100"),
        ({"wordings": (Wording("a", "{{mail}}"), Wording("a", "x"))}, "a name of its own"),
        ({"wordings": (Wording("a", "{{male}} {{sort}}"),)}, "No column fills {{male}}, {{sort}}. Columns: mail"),
        ({"columns": {"mail": "body"}}, "the column 'body', which does not exist"),
        ({"baseline": "openai:x"}, "not one of the models"),
        ({"matters": 1.0}, "between 0 and 100 points"),
        ({"checks": (Check("regex", "("),)}, "Check 1, regex"),
        ({"checks": (Check("equals", "{{lable}}"),)}, "no column fills {{lable}}"),
        (
            {"repeats": 100, "cases": made(["mail", "kind", "label"], [["a", "b", str(n)] for n in range(9999)])},
            "more than",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(change: dict[str, Any], sentence: str) -> None:
    assert any(sentence in problem for problem in problems(replace(PLAN, **change)))


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(PlanError) as raised:
        check_plan(replace(PLAN, name="", targets=()))
    assert len(str(raised.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("cases", "sentence"), [(12, "about 40 points"), (100, "about 14 points"), (5, "at least 9 cases")]
)
def test_what_a_plan_can_show_is_said_before_it_costs_anything(cases: int, sentence: str) -> None:
    rows = [["a", "b", str(n)] for n in range(cases)]
    assert sentence in can_show(replace(PLAN, cases=made(["mail", "kind", "label"], rows)))


def test_one_model_compares_nothing() -> None:
    assert "nothing is compared" in can_show(replace(PLAN, wordings=PLAN.wordings[:1], targets=PLAN.targets[:1]))


def test_sides_are_told_apart() -> None:
    twice = replace(PLAN, targets=(PLAN.targets[1], PLAN.targets[1]), wordings=PLAN.wordings[:1])
    assert [twice.side_name(*side) for side in twice.sides] == ["builtin:ngram-3 #1", "builtin:ngram-3 #2"]
    assert PLAN.side_name(0, 1) == "builtin:ngram-2 · long"
