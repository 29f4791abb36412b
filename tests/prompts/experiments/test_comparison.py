"""Two experiments beside each other."""

from __future__ import annotations

from dataclasses import replace

from prompts.core.targets import Target
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.comparison import compare
from prompts.experiments.plan import Wording
from providers.interface import Settings
from tests.prompts.experiments.asked_cells import PLAN, asked


def test_cases_that_flip_are_named_both_ways() -> None:
    found = compare(asked("+ - - +", "+ + + +"), asked("+ + + -", "+ + + +"))
    change = found.sides[0]
    assert [(flip.before, flip.after) for flip in change.better] == [(1, 1), (2, 2)]
    assert [flip.before for flip in change.worse] == [3]
    assert change.verdict.sentence.startswith("Too few cases differ to say (3 of 4).")
    assert (found.changed, found.gone, found.new) == ((), (), ())


def test_a_case_that_errors_in_one_of_them_has_not_flipped() -> None:
    assert compare(asked("+ !", "+ +"), asked("! +", "+ +")).sides[0].better == ()


def test_cases_are_found_by_their_texts_whatever_their_order_and_each_only_once() -> None:
    before, after = asked("+ +", "+ +"), asked("- + -", "+ + +")
    first = replace(before[0], plan=replace(before[0].plan, cases=made(["mail"], [["a"], ["b"]])))
    rows = made(["mail", "note"], [["b", ""], ["a", ""], ["a", "x"]])
    second = replace(after[0], plan=replace(after[0].plan, cases=rows))
    found = compare((first, before[1]), (second, after[1]))
    assert found.cases == ((0, 1), (1, 0))
    assert [flip.before for flip in found.sides[0].worse] == [1]
    assert "2 cases in both; 0 only before, 1 only now." in found.changed


def test_what_was_asked_otherwise_is_said() -> None:
    later = replace(
        PLAN, wordings=(Wording("v2", "Sort with care: {{mail}}"),), checks=(Check("equals", "ok"),),
        targets=(Target("openai", "gpt-x", Settings(temperature=0.2)), Target("openai", "gpt-y")),
    )  # fmt: skip
    found = compare(asked("+", "+"), asked("++", "++", plan=later))
    assert found.changed == (
        "The prompt v2 changed.", "openai:gpt-x: temperature 0.2.", "The checks changed.", "Repeats: 1 before, 2 now.",
    )  # fmt: skip
    assert (found.gone, found.new) == (("ollama:llama",), ("openai:gpt-y",))


def test_there_is_no_verdict_while_one_of_them_runs() -> None:
    found = compare(asked("- " * 20, "+ " * 20), asked("+ " * 20, "+ " * 20, stage="running"))
    assert found.sides[0].verdict.kind == "running"


def test_what_differs_clearly_is_a_verdict() -> None:
    found = compare(asked("- " * 20, "+ " * 20), asked("+ " * 20, "+ " * 20))
    assert found.sides[0].verdict.sentence.startswith("openai:gpt-x now is better than openai:gpt-x before: 100 %")
