"""Which experiment on record a plan file means when it is to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prompts.experiments.asked import Experiment
from prompts.experiments.plan import Plan


def resumable(experiments: Sequence[Experiment], name: str) -> Experiment | None:
    """The newest of that name; `experiments` come newest first."""
    return next((each for each in experiments if each.plan.name == name), None)


def same_plan(stored: Plan, given: Plan) -> bool:
    """Whether nothing is to be asked otherwise: what was noted while reading does not count."""
    plain = replace(given, cases=replace(given.cases, notes=stored.cases.notes), columns=dict(given.columns))
    return replace(stored, columns=dict(stored.columns)) == plain
