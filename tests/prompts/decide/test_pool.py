"""Several experiments put together case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from prompts.analysis.statistics.rates import Tally
from prompts.core.targets import Target
from prompts.decide.pool import model_names, pool
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Wording
from providers.interface import Settings
from tests.prompts.decide.made import pooled
from tests.prompts.experiments.asked_cells import PLAN, answer, asked, experiment


def test_the_same_case_of_two_experiments_is_one_case_with_more_repeats() -> None:
    earlier, later = asked("+ -", "- -"), asked("+ +", "- +")
    later = (replace(later[0], id="e2", created_at=later[0].created_at + timedelta(days=1)), later[1])
    found = pool([earlier, later])
    assert len(found.cases) == 2
    assert [each.tallies for each in found.models] == [(Tally(2, 2), Tally(1, 2)), (Tally(0, 2), Tally(1, 2))]
    assert found.models[0].experiments == ("e2", "e1")


def test_two_wordings_of_a_case_are_one_case() -> None:
    plan = replace(PLAN, wordings=(*PLAN.wordings, Wording("long", "Please sort: {{mail}}")))
    found = pool([asked("+ +", "- +", "+ +", "+ +", plan=plan)])
    assert found.of("openai:gpt-x").tallies == (Tally(1, 2), Tally(2, 2))  # type: ignore[union-attr]


def test_cases_whose_checks_differ_are_not_the_same_and_it_is_said() -> None:
    one = asked("+", "-")
    other = asked("+", "-", plan=replace(PLAN, checks=(Check("contains", "no"),)))
    found = pool([one, (replace(other[0], id="e2"), other[1])])
    assert len(found.cases) == 2
    assert any("checks differ" in note for note in found.notes)


def test_a_column_that_nothing_reads_does_not_make_another_case() -> None:
    one = asked("+", "-")
    cases = made(["mail", "remark"], [["mail 0", "urgent"]])
    other = replace(one[0], id="e2", plan=replace(one[0].plan, cases=cases))
    assert len(pool([one, (other, one[1])]).cases) == 1


def test_pairs_are_judged_over_the_cases_that_both_answered() -> None:
    signs = " ".join("+" * 12), " ".join("-" * 12)
    found = pooled(*signs)
    (verdict,) = found.verdicts()
    assert verdict.kind == "better"
    assert verdict.sentence.startswith("openai:gpt-x is better than ollama:llama")
    probe = replace(PLAN, targets=(Target("groq", "llama"),))
    planned = experiment(["+ +"], plan=probe)
    both = pool([asked(*signs), (replace(planned, id="e2"), [answer(n, 0, "+") for n in range(2)])])
    assert {(v.pair, v.cases) for v in both.verdicts()} == {((0, 1), 12), ((0, 2), 2), ((1, 2), 2)}
    assert any("Not all models were asked the same cases" in note for note in both.notes)


def test_an_unfinished_experiment_gives_no_verdict() -> None:
    (verdict,) = pooled(" ".join("+" * 12), " ".join("-" * 12), stage="paused").verdicts()
    assert verdict.kind == "running"
    assert "1 of 1 experiment is not finished" in verdict.sentence


def test_cases_of_an_extension_come_after_all_planned_ones_and_are_judged_as_such() -> None:
    grown, cells = asked("+ +", "- -")
    found = pool([(replace(grown, planned_cases=1), cells), (replace(asked("+", "-")[0], id="e2"), [])])
    assert (found.question.stage, found.question.planned_cases) == ("extended", 1)


def test_the_same_model_with_other_settings_is_another_candidate() -> None:
    plan = replace(PLAN, targets=(Target("openai", "gpt-x"), Target("openai", "gpt-x", Settings(effort="high"))))
    assert model_names(plan) == ["openai:gpt-x (as set)", "openai:gpt-x (effort high)"]


def test_an_answer_out_of_the_record_is_in_no_timing() -> None:
    whole, cells = asked("+", "+")
    taken = [replace(cells[0], taken_from=whole.created_at), cells[1]]
    first, second = pool([(whole, taken)]).models
    assert (first.durations, second.durations) == (((),), ((2.0,),))
    assert first.rate.answered == 1
