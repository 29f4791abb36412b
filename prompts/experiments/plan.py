"""What an experiment asks: wordings x cases x targets x repeats, how it is checked, and what it may cost.

Frozen before the first call, so that a verdict is about what was planned. Owns the messages on what makes a plan
impossible or doubtful; knows neither files nor the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from prompts.analysis.statistics.paired import assumed_scatter, fewest_cases, smallest_difference
from prompts.core.targets import Target
from prompts.experiments import drawing
from prompts.experiments.cases import Cases
from prompts.experiments.checks.check import Check, CheckError
from prompts.experiments.checks.kinds import validate
from prompts.experiments.holes import fill, holes, missing
from providers.interface import Settings

MOST_CELLS = 1_000_000
"""The most calls of one experiment."""


class PlanError(ValueError):
    """A plan that cannot be run; the message names everything that is wrong, one per line."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to ask: a prompt with holes."""

    name: str
    prompt: str
    system: str | None = None
    """`None`: use the system prompt of the settings, if there is one."""
    source: str = ""
    """The prompt and version in the library (`classify@3`); empty if it was typed in."""

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of its holes."""
        return holes(self.system, self.prompt)


@dataclass(frozen=True, slots=True)
class Budget:
    """What an experiment may cost, in US dollars."""

    usd: Decimal | None = None
    """An upper limit that is never exceeded, not even by calls in progress; `None`: no limit."""
    ask_above: Decimal | None = None
    """If the forecast exceeds this, a person must confirm before anything is sent."""
    unknown: Literal["leave out", "ask"] = "leave out"
    """Under a budget, what to do with a model whose price is not known."""


@dataclass(frozen=True, slots=True)
class Gate:
    """When a run from the command line counts as passed."""

    pass_rate: float | None = None
    """The minimum share of passed answers for each target, 0 to 1; `None`: no gate."""
    lower: bool = False
    """Whether the lower end of the interval must reach it, rather than the rate."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer to ask for, given by places in the plan."""

    case: int
    wording: int
    target: int
    repeat: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One experiment as it will be asked."""

    name: str
    wordings: tuple[Wording, ...]
    cases: Cases
    targets: tuple[Target, ...]
    """The models to ask, with their settings."""
    repeats: int = 1
    settings: Settings = Settings()
    """The settings shared by all targets."""
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    """Maps a hole to a column, where their names differ."""
    checks: tuple[Check, ...] = ()
    budget: Budget = Budget()
    gate: Gate = Gate()
    matters: float = 0.1
    """The smallest difference in pass rate that would matter, 0 to 1."""
    baseline: str | None = None
    """The target that all others are compared with, chosen before the run; `None`: compare every pair."""

    @property
    def draws(self) -> bool:
        """Whether pictures are asked for, rather than text."""
        return any(target.settings.picture is not None for target in self.targets)

    @property
    def size(self) -> int:
        """The number of answers to ask for."""
        return len(self.wordings) * len(self.cases) * len(self.targets) * self.repeats

    @property
    def sides(self) -> tuple[tuple[int, int], ...]:
        """What is compared: every (target, wording), by their places."""
        return tuple((t, w) for t in range(len(self.targets)) for w in range(len(self.wordings)))

    def side_name(self, target: int, wording: int) -> str:
        """The name of a side: its target, with its wording if there are several."""
        name = str(self.targets[target])
        if sum(str(each) == name for each in self.targets) > 1:
            name = f"{name} #{target + 1}"
        return f"{name} · {self.wordings[wording].name}" if len(self.wordings) > 1 else name

    def cells(self) -> Iterator[Cell]:
        """All cells, repeat by repeat and case by case, so that if it is cut short all targets were asked the same."""
        for repeat in range(self.repeats):
            for case in range(len(self.cases)):
                for wording in range(len(self.wordings)):
                    for target in range(len(self.targets)):
                        yield Cell(case, wording, target, repeat)

    def values(self, case: int) -> Mapping[str, str]:
        """The texts for the holes of a case: its columns, and the holes for which a column was chosen."""
        row = self.cases.values(case)
        return {**row, **{hole: row[column] for hole, column in self.columns.items() if column in row}}

    def prompt(self, case: int, wording: int) -> str:
        """The prompt of a case as it is sent. Raises `HoleError`."""
        return fill(self.wordings[wording].prompt, self.values(case))

    def settings_of(self, case: int, wording: int, target: int) -> Settings:
        """The settings of a call: the target's, with the wording's system prompt filled in. Raises `HoleError`."""
        own = self.targets[target].settings
        system = self.wordings[wording].system
        if system is None:
            system = own.system
        return replace(own, system=None if system is None else fill(system, self.values(case)))


def problems(plan: Plan) -> list[str]:
    """Everything that prevents it from being run, in sentences; empty if nothing does."""
    found: list[str] = []
    if not plan.name.strip():
        found.append("Give the experiment a name.")
    if not plan.wordings or not all(wording.prompt.strip() for wording in plan.wordings):
        found.append("Write a prompt.")
    if not plan.targets:
        found.append("Choose at least one model.")
    if not len(plan.cases):
        found.append("Add at least one case.")
    if not 1 <= plan.repeats <= 100:
        found.append("Ask each case between 1 and 100 times.")
    names = [wording.name for wording in plan.wordings]
    if len(set(names)) < len(names):
        found.append("Give each wording a name of its own.")
    if plan.size > MOST_CELLS:
        found.append(f"{plan.size:,} answers are more than {MOST_CELLS:,}. Take fewer cases, models or repeats.")
    if plan.baseline is not None and plan.baseline not in map(str, plan.targets):
        found.append(f"The baseline {plan.baseline} is not one of the models.")
    if not 0 < plan.matters < 1:
        found.append("The difference that matters lies between 0 and 100 points.")
    return [*found, *drawing.problems(plan.targets, plan.checks), *_holes(plan), *_checks(plan)]


def _holes(plan: Plan) -> list[str]:
    if not len(plan.cases):
        return []
    filled = set(plan.values(0))
    found = [
        f"{f'{wording.name}: no' if len(plan.wordings) > 1 else 'No'} column fills {_holes_said(absent)}. "
        f"Columns: {', '.join(plan.cases.columns)}."
        for wording in plan.wordings
        if (absent := missing(wording.holes, filled))
    ]
    for hole, column in plan.columns.items():
        if column not in plan.cases.columns:
            found.append(f"{{{{{hole}}}}} should be filled by the column {column!r}, which does not exist.")
    return found


def _holes_said(names: Iterable[str]) -> str:
    return ", ".join(f"{{{{{name}}}}}" for name in names)


def _checks(plan: Plan) -> list[str]:
    found: list[str] = []
    filled = set(plan.values(0)) if len(plan.cases) else set[str]()
    for n, check in enumerate(plan.checks, 1):
        try:
            validate(check)
        except CheckError as exc:
            found.append(f"Check {n}, {exc}")
        if filled and (absent := missing(check.holes, filled)):
            found.append(f"Check {n}, {check.kind}: no column fills {_holes_said(absent)}.")
        if filled and check.when and check.when not in filled:
            found.append(f"Check {n}, {check.kind}: there is no column {check.when!r}, which says what it checks.")
    return found


def unused(plan: Plan) -> tuple[str, ...]:
    """Columns that neither a prompt nor a check uses."""
    used = {plan.columns.get(name, name) for name in read_names(plan)}
    return tuple(column for column in plan.cases.columns if column not in used)


def read_names(plan: Plan) -> set[str]:
    """What is filled by a case: every hole, and the columns that say which cases a check is for."""
    named = {name for wording in plan.wordings for name in wording.holes}
    named |= {name for target in plan.targets for name in holes(target.settings.system)}
    return named | {name for check in plan.checks for name in (*check.holes, check.when)}


def can_show(plan: Plan) -> str:
    """Which difference in pass rate this plan can show, before anything is asked, in a sentence."""
    sides = len(plan.sides)
    comparisons = (sides - 1 if plan.baseline else sides * (sides - 1) // 2) or 1
    if sides < 2:
        return "One model and one wording: nothing is compared."
    smallest = smallest_difference(len(plan.cases), assumed_scatter(plan.repeats), comparisons)
    if smallest is None:
        fewest = fewest_cases(comparisons)
        return f"Can show no difference at all: it takes at least {fewest} cases to compare {sides} this way."
    return f"Can show a difference of about {100 * smallest:.0f} points."


def check_plan(plan: Plan) -> Plan:
    """The plan itself. Raises `PlanError` if it cannot be run."""
    if found := problems(plan):
        raise PlanError("\n".join(found))
    return plan
