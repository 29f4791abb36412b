"""A plan as promptfoo's configuration: what comes back asks the same and checks the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import yaml

from prompts.core.targets import Target
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check, Subject
from prompts.experiments.checks.kinds import judge
from prompts.experiments.examples.plans import picture_ladder
from prompts.experiments.plan import Budget, Gate, Plan, Wording
from prompts.experiments.promptfoo.exporting import export_config
from prompts.experiments.promptfoo.importing import import_config
from providers.interface import Settings

CASE = frozenset({"case"})
ROWS = [
    ["007", "no", "yes", "Fox"], ["{{mail}} {% if %} {# x #}", "1e5", "", "fox "], ["two\nlines: a\n", "", "yes", "~"],
    [" ends in space \n", "#x", "", "- a"], ["ü \u2028 \"quoted\" 'x'", "y", "yes", "null"],
]  # fmt: skip
PLAN = Plan(
    "Support: mail",
    (
        Wording("short", "Sort {{mail}} {{team name}} \\{{kept}} {% raw"),
        Wording("chat", "{{mail}}\n{{words}}", 'Be "{{2nd}}"\n'),
    ),
    made(["mail", "team name", "2nd", "team_name"], ROWS),
    (Target("openai", "gpt-x", Settings(temperature=0.5, stop=("a", "b"))), Target("anthropic", "claude-y")),
    repeats=3, columns={"words": "team_name"},
    checks=(
        Check("equals", "{{team_name}}"), Check("contains", "{{mail}} \\{{b}}", fold=CASE, negated=True),
        Check("contains-all", values=("a", "{{team name}}"), weight=2, name="tone"),
        Check("contains-any", values=("a", "b,c"), when="2nd", counts=False), Check("starts-with", "S", when="2nd"),
        Check("regex", "a+"), Check("json"), Check("json-schema", '{"type": "object", "minProperties": 1}'),
        Check("words", at_least=1, at_most=9), Check("latency", at_most=1.5), Check("cost", at_most=0.01),
        Check("outcome", values=("refused",), negated=True), Check("outcome", values=("cut",)),
        Check("bleu", "a b", at_least=0.25), Check("json-inside"), Check("json-inside", '{"type": "object"}'),
        Check("xml"), Check("xml-inside"), Check("edits", "Sort", at_most=2),
        Check("judge", "Names {{mail}}.", ("anthropic:claude-y",), own_family=True),
    ),
)  # fmt: skip


def back(plan: Plan) -> tuple[Plan, str]:
    text, _ = export_config(plan)

    def none(name: str) -> bytes:
        raise FileNotFoundError(name)

    found, _ = import_config(text.encode(), "config.yaml", none, ["openai", "anthropic", "builtin"])
    return found, text


def test_what_comes_back_asks_the_same() -> None:
    found, _ = back(PLAN)
    assert (found.name, found.targets, found.repeats) == (PLAN.name, PLAN.targets, PLAN.repeats)
    assert [each.name for each in found.wordings] == ["short", "chat"]
    for case in range(len(ROWS)):
        for wording in range(2):
            assert found.prompt(case, wording) == PLAN.prompt(case, wording)
            assert found.settings_of(case, wording, 0) == PLAN.settings_of(case, wording, 0)


@pytest.mark.parametrize("answer", ["Sort", "no", '{"a": 1}', "a b,c Fox", "Sa 1e5", "aaa no", "null"])
def test_what_comes_back_checks_the_same(answer: str) -> None:
    found, _ = back(PLAN)
    subject = Subject(answer, cost=0.02, duration_s=1.0)

    def passed(plan: Plan, case: int) -> list[bool]:
        findings = judge(plan.checks, subject, plan.values(case)).findings
        return sorted(bool(each.passed) for each in findings if each.passed is not None)

    for case in range(len(ROWS)):
        assert passed(found, case) == passed(PLAN, case)
        assert judge(found.checks, subject, found.values(case)).score == pytest.approx(
            judge(PLAN.checks, subject, PLAN.values(case)).score
        )


def test_another_reader_of_yaml_reads_the_same_texts() -> None:
    _, text = back(PLAN)
    read = yaml.safe_load(text)
    assert read["tests"][0]["vars"]["mail"] == "007"
    assert [test["vars"]["team_name"] for test in read["tests"]] == ["no", "1e5", "", "#x", "y"]
    assert '"1e5"' in text  # others read it as a number where it stands without quotation marks


def test_what_only_says_which_case_has_a_check_is_no_variable() -> None:
    plan = replace(PLAN, wordings=PLAN.wordings[:1])
    read = yaml.safe_load(export_config(plan)[0])
    assert set(read["tests"][0]["vars"]) == {"mail", "team_name", "team_name_2"}
    assert [len(test.get("assert", ())) for test in read["tests"]] == [2, 0, 2, 0, 2]


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (Check("label", "a", ("a", "b")), "check 1, label: promptfoo has no such assertion"),
        (Check("equals", "a", fold=CASE), "check 1, equals: promptfoo has no such assertion"),
        (Check("contains", "a", fold=frozenset({"space"})), "promptfoo has no such assertion"),
        (Check("judge", "a", ("a:b", "c:d")), "promptfoo knows one judge"),
        (Check("latency", at_least=1.0), "an upper bound only"), (Check("outcome", values=("empty",)), "this outcome"),
    ],
)  # fmt: skip
def test_what_promptfoo_cannot_check_is_named(check: Check, said: str) -> None:
    text, notes = export_config(replace(PLAN, checks=(check,)))
    assert said in notes[0]
    assert "assert" not in text


def test_what_is_not_exported_is_named() -> None:
    plan = replace(
        PLAN, budget=Budget(Decimal(3)), gate=Gate(0.9), baseline="openai:gpt-x",
        targets=(Target("builtin", "ngram-3", Settings(system="Be kind.")),),
    )  # fmt: skip
    assert export_config(plan)[1] == (
        "builtin:ngram-3: promptfoo may know no provider of that name",
        "builtin:ngram-3: its system prompt is not exported; put it into the prompt",
        "The budget is not exported: promptfoo has none", "The gate is not exported", "The baseline is not exported",
    )  # fmt: skip


def test_that_pictures_are_wanted_is_said_not_to_be_in_it() -> None:
    _, notes = export_config(picture_ladder())
    assert "That pictures are wanted, and how they are to be drawn, is not exported." in " ".join(
        f"{n}." for n in notes
    )
    assert any("picture-size: promptfoo has no such assertion" in each for each in notes)
