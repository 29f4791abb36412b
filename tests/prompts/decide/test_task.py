"""Which experiments a task is about, and the probe of a model that nothing is known of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prompts.core.targets import Target
from prompts.decide.probe import probe
from prompts.decide.task import fitting
from prompts.experiments.library.library import library
from prompts.experiments.plan import Plan
from tests.prompts.experiments.asked_cells import PLAN, experiment

TARGET = Target("openai", "gpt-4o")


def known(**plans: Plan):  # type: ignore[no-untyped-def]
    return [replace(experiment(["+ +", "+ +"], plan=plan), id=id) for id, plan in plans.items()]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Support mail", ("a",)),
        ("a second round of it for the greenhouse", ("b",)),
        ("classification", ("c",)),
        ("poems about the sea", ()),
        ("", ()),
    ],
)
def test_a_task_is_about_what_is_called_so_else_its_kind_else_its_words(name: str, found: tuple[str, ...]) -> None:
    classify = replace(PLAN, name="Three labels", wordings=(library().find("classify").wording,))
    plans = known(a=PLAN, b=replace(PLAN, name="Mail for support, second round"), c=classify)
    plans[2] = replace(plans[2], plan=replace(plans[2].plan, wordings=classify.wordings))
    assert fitting(name, plans) == found


def test_a_probe_takes_cases_spread_over_the_newest_experiment() -> None:
    whole = experiment([" ".join("+" * 50)] * 2)
    plan = probe("Support mail", [whole], TARGET)
    assert plan is not None
    assert plan.cases.rows == tuple((f"mail {n}",) for n in (0, 10, 20, 30, 40))
    assert (plan.targets, plan.checks, plan.repeats) == ((TARGET,), PLAN.checks, 1)


def test_without_an_experiment_the_library_has_a_prompt_for_the_task() -> None:
    plan = probe("translation", [], TARGET)
    assert plan is not None
    assert plan.wordings[0].source == "localise-interface@1" or plan.wordings[0].source.startswith("translate")
    assert len(plan.cases) >= 3
    assert probe("poems about the sea", [], TARGET) is None
