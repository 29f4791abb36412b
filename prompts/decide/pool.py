"""The measurements of each model from several experiments, combined case by case.

A case is the same if all texts that its prompts and checks read are the same: asked in two experiments, or in two
wordings, it is one case with more repeats. Owns which models are the same, and the order of cases. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from prompts.analysis.statistics import verdicts
from prompts.analysis.statistics.rates import PassRate, Tally, pass_rate
from prompts.analysis.statistics.verdicts import Question, Verdict
from prompts.core import format as text_of
from prompts.core.targets import Target, changes
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Plan, unused
from prompts.experiments.results import tally, what_failed
from providers.completion import Completion

Asked = tuple[Experiment, Sequence[AskedCell]]
Key = tuple[tuple[tuple[str, str], ...], tuple[Check, ...]]
"""What identifies a case: the texts of it that are read, and the checks."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """The measurements of one model."""

    name: str
    """`provider:model`, with its settings if one experiment asked the same model in several ways."""
    target: Target
    experiments: tuple[str, ...]
    """The ids of the experiments that asked it, newest first."""
    answers: tuple[tuple[AskedCell, ...], ...]
    """Its cells by case, in the order of `Pool.cases`; empty for a case it was not asked."""

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """One tally per case, in the order of `Pool.cases`; 0 answers for a case it was not asked."""
        return tuple(tally(case) for case in self.answers)

    @property
    def rate(self) -> PassRate:
        """How often its answers passed."""
        return pass_rate(self.tallies)

    @property
    def durations(self) -> tuple[tuple[float, ...], ...]:
        """Seconds of each answer, by case, without answers that were taken from the record."""
        return tuple(tuple(d for c in _timed(case) if (d := c.timings.duration_s) is not None) for case in self.answers)

    @property
    def costs(self) -> tuple[tuple[float, ...], ...]:
        """US dollars of each answer that has a known cost, by case; answers without a fee are left out."""
        return tuple(
            tuple(float(c.cost.exact) for c in _done(case) if c.cost.exact is not None) for case in self.answers
        )

    @property
    def completions(self) -> list[Completion]:
        """All its answers."""
        return [completion for case in self.answers for completion in _done(case)]

    @property
    def no_fee(self) -> bool:
        """Whether none of its answers had a fee; `False` without answers."""
        done = self.completions
        return bool(done) and all(each.cost.kind == "local" for each in done)

    @property
    def errors(self) -> int:
        """The number of calls that ended without an answer."""
        return sum(what_failed(cell) is not None for case in self.answers for cell in case)

    @property
    def last(self) -> datetime | None:
        """The start of its newest answer; `None` without answers."""
        return max((each.started_at for each in self.completions), default=None)


@dataclass(frozen=True, slots=True)
class Pool:
    """The combined results of the chosen experiments."""

    experiments: tuple[Experiment, ...] = ()
    cases: tuple[Mapping[str, str], ...] = ()
    """The texts of each case, by column."""
    models: tuple[Pooled, ...] = ()
    question: Question = field(default_factory=Question)
    notes: tuple[str, ...] = ()
    """Sentences on what limits the comparison."""

    @property
    def draws(self) -> bool:
        """Whether the newest experiment asked for pictures, rather than text."""
        return bool(self.experiments) and self.experiments[0].plan.draws

    def of(self, name: str) -> Pooled | None:
        """The model with that name; `None` if it was not asked."""
        return next((each for each in self.models if each.name == name), None)

    @property
    def judged(self) -> tuple[Pooled, ...]:
        """The models whose answers were checked; the numbers in `Verdict.pair` are places in this."""
        return tuple(each for each in self.models if each.rate.interval is not None)

    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict on quality for each pair, over the cases that both answered."""
        judged = self.judged
        names, tallies = [each.name for each in judged], [each.tallies for each in judged]
        return tuple(verdicts.quality(names, tallies, self.question)) if len(judged) > 1 else ()


def pool(asked: Sequence[Asked]) -> Pool:
    """Combine several experiments: planned cases first, then those added later."""
    newest = sorted(asked, key=lambda each: each[0].created_at, reverse=True)
    planned, places = _places([experiment for experiment, _ in newest])
    found: defaultdict[str, dict[int, list[AskedCell]]] = defaultdict(lambda: defaultdict(list))
    targets: dict[str, Target] = {}
    by: defaultdict[str, list[str]] = defaultdict(list)
    for experiment, cells in newest:
        names, keys = model_names(experiment.plan), _keys(experiment.plan)
        for cell in sorted(cells, key=lambda each: each.cell.repeat):
            name = names[cell.cell.target]
            found[name][places[keys[cell.cell.case]]].append(cell)
        for name, target in zip(names, experiment.plan.targets, strict=True):
            targets.setdefault(name, target)
            if name in found and experiment.id not in by[name]:
                by[name].append(experiment.id)
    models = tuple(
        Pooled(name, targets[name], tuple(by[name]), tuple(tuple(cases.get(n, ())) for n in range(len(places))))
        for name, cases in found.items()
    )
    texts = tuple(dict(read) for read, _ in places)
    experiments = tuple(experiment for experiment, _ in newest)
    return Pool(experiments, texts, models, _question(experiments, planned, len(places)), _notes(experiments, models))


def model_names(plan: Plan) -> list[str]:
    """A name for each target of a plan; settings are added where a model occurs several times."""
    names = [str(target) for target in plan.targets]
    return [
        name if names.count(name) == 1 else f"{name} ({', '.join(changes(plan.settings, target.settings)) or 'as set'})"
        for name, target in zip(names, plan.targets, strict=True)
    ]


def _places(experiments: Sequence[Experiment]) -> tuple[int, dict[Key, int]]:
    """The number of planned cases, and the place of each case."""
    order: dict[Key, None] = {}
    for experiment in experiments:
        order |= dict.fromkeys(_keys(experiment.plan)[: experiment.planned_cases])
    planned = len(order)
    for experiment in experiments:
        order |= dict.fromkeys(_keys(experiment.plan))
    return planned, {key: n for n, key in enumerate(order)}


def _keys(plan: Plan) -> list[Key]:
    ignored = set(unused(plan))
    return [
        (tuple(sorted((c, text) for c, text in plan.cases.values(n).items() if c not in ignored)), plan.checks)
        for n in range(len(plan.cases))
    ]


def _question(experiments: Sequence[Experiment], planned: int, cases: int) -> Question:
    matters = min((each.plan.matters for each in experiments), default=Question().matters)
    if open_ := [each for each in experiments if each.stage != "finished"]:
        of = f"{len(open_)} of {text_of.number_of(len(experiments), 'experiment')}"
        return Question(matters, stage="running", unfinished=f"{of} {'is' if len(open_) == 1 else 'are'} not finished")
    if cases > planned:
        return Question(matters, stage="extended", planned_cases=planned)
    return Question(matters)


def _notes(experiments: Sequence[Experiment], models: Sequence[Pooled]) -> tuple[str, ...]:
    found: list[str] = []
    if len(experiments) > 1:
        found.append("These experiments were put together after they were run; others may lead to another result.")
    if len({each.plan.draws for each in experiments}) > 1:
        found.append("Some asked for pictures and others for text, so their models cannot be compared.")
    if len({each.plan.checks for each in experiments}) > 1:
        found.append("Their checks differ, so “passed” does not mean the same in each.")
    asked = {each.name: frozenset(n for n, case in enumerate(each.answers) if case) for each in models}
    if len(set(asked.values())) > 1:
        found.append("Not all models were asked the same cases: pairs are compared over those that both answered.")
    return tuple(found)


def _done(cells: Sequence[AskedCell]) -> list[Completion]:
    return [cell.completion for cell in cells if cell.answered and cell.completion is not None]


def _timed(cells: Sequence[AskedCell]) -> list[Completion]:
    """Answers that were asked, not taken from the record, whose times say nothing of this experiment."""
    return _done([cell for cell in cells if cell.taken_from is None])
