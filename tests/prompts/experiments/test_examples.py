"""The example that ships: a plan that can be run as it is, on two models that are there."""

from __future__ import annotations

import pytest

from prompts.experiments.examples.plans import support_mail
from prompts.experiments.plan import problems, unused
from providers.builtin.builtin import MODELS

N_GRAMS = tuple(reversed(MODELS))


@pytest.mark.parametrize(
    ("models", "asked"),
    [
        (("smollm2-135m", *N_GRAMS), ["builtin:smollm2-135m", "builtin:ngram-3"]),
        (N_GRAMS, ["builtin:ngram-3", "builtin:ngram-4"]),
    ],
)
def test_it_can_be_run_on_two_models_that_are_there(models: tuple[str, ...], asked: list[str]) -> None:
    plan = support_mail(models)
    assert [str(target) for target in plan.targets] == asked
    assert (problems(plan), unused(plan), plan.size) == ([], (), 24)
    assert {target.settings for target in plan.targets} == {plan.settings}
    assert plan.prompt(0, 0).endswith("one of the payments.\nLabel:")
