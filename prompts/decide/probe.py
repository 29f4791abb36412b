"""A few cases for a model without evidence: the smallest experiment that gives some. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prompts.core.targets import Target
from prompts.decide.task import kind
from prompts.experiments.asked import Experiment
from prompts.experiments.bill import sample
from prompts.experiments.cases import Cases
from prompts.experiments.library.library import library
from prompts.experiments.plan import Budget, Gate, Plan

CASES = 5


def probe(name: str, experiments: Sequence[Experiment], target: Target) -> Plan | None:
    """A plan of five cases for `target`; `None` if there is no prompt to ask.

    The cases are spread over the newest of `experiments`, so that the answers can be paired with those on record.
    Without experiments, the library's first prompt for the task is asked with its own sample cases.
    """
    plan = experiments[0].plan if experiments else _from_library(name)
    if plan is None or not len(plan.cases):
        return None
    chosen = sample(len(plan.cases), min(CASES, len(plan.cases)))
    cases = Cases(plan.cases.columns, tuple(plan.cases.rows[n] for n in chosen))
    return replace(
        plan, name=f"{plan.name}: probe of {target}"[:80], cases=cases, targets=(target.with_settings(plan.settings),),
        repeats=1, baseline=None, budget=Budget(), gate=Gate(),
    )  # fmt: skip


def _from_library(name: str) -> Plan | None:
    if (task := kind(name)) is None:
        return None
    for version in library().listing(task=task).prompts:
        prompt = version.prompt
        columns = tuple(dict.fromkeys(key for each in prompt.samples for key in each))
        if columns:
            rows = tuple(tuple(each.get(key, "") for key in columns) for each in prompt.samples)
            return Plan(prompt.name, (version.wording,), Cases(columns, rows), (), settings=prompt.settings)
    return None
