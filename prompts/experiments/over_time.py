"""The same experiment over time: the pass rate of each side in each run of that name, and what changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from prompts.analysis.statistics.rates import PassRate
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.comparison import what_changed
from prompts.experiments.results import results


@dataclass(frozen=True, slots=True)
class Moment:
    """One run of the experiment, summarised."""

    experiment: Experiment
    rates: Mapping[str, PassRate]
    """Pass rates by the name of the side."""
    answered_by: Mapping[str, frozenset[str]]
    """By target, the models that answered; they differ from the model asked if its name is an alias."""


def moment(experiment: Experiment, cells: Sequence[AskedCell]) -> Moment:
    """The summary of one run."""
    answered: dict[str, set[str]] = {}
    for cell in cells:
        if cell.completion and cell.completion.response_model:
            name = str(experiment.plan.targets[cell.cell.target])
            answered.setdefault(name, set()).add(cell.completion.response_model)
    return Moment(
        experiment, {side.name: side.rate for side in results(experiment, cells).sides},
        {name: frozenset(models) for name, models in answered.items()},
    )  # fmt: skip


def same_name(experiment: Experiment, others: Sequence[Experiment], most: int) -> list[Experiment]:
    """The experiment and the newest others of its name, oldest first, at most `most`."""
    name = experiment.plan.name.casefold().strip()
    alike = [each for each in others if each.plan.name.casefold().strip() == name and each.id != experiment.id]
    newest = sorted(alike, key=lambda each: each.created_at, reverse=True)[: most - 1]
    return sorted([experiment, *newest], key=lambda each: each.created_at)


def changes(moments: Sequence[Moment]) -> list[tuple[datetime, tuple[str, ...]]]:
    """What changed at each moment after the first, in sentences; empty if it was asked as before."""
    found: list[tuple[datetime, tuple[str, ...]]] = []
    for before, after in pairwise(moments):
        said = [*what_changed(before.experiment.plan, after.experiment.plan), *_answered(before, after)]
        found.append((after.experiment.created_at, tuple(said)))
    return found


def _answered(before: Moment, after: Moment) -> list[str]:
    """Sentences on targets for which another model answers under the same name."""
    return [
        f"{name} was answered by {_listed(before.answered_by[name])} before, by {_listed(models)} now."
        for name, models in after.answered_by.items()
        if name in before.answered_by and before.answered_by[name] != models
    ]


def _listed(names: frozenset[str]) -> str:
    return " and ".join(sorted(names))
