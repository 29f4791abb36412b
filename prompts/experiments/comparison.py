"""Compares two experiments: what changed between them, and which cases flipped, in both directions.

Cases match if all columns that both tables have hold the same texts; sides match if they ask the same target with the
wording of the same name, or with the only wording of each. Pure.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prompts.analysis.statistics.rates import Tally
from prompts.analysis.statistics.verdicts import Question, Verdict, quality
from prompts.core import format as text_of
from prompts.core.targets import changes
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.plan import Plan
from prompts.experiments.results import Results, results

Pairs = tuple[tuple[int, int], ...]
"""Pairs of matching places (before, after)."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One case that passes more often, or less often, than before."""

    before: int
    """The place of the case in the earlier experiment."""
    after: int
    then: Tally
    now: Tally


@dataclass(frozen=True, slots=True)
class Change:
    """One side that is in both experiments."""

    name: str
    before: int
    """Its place among the sides of the earlier experiment."""
    after: int
    verdict: Verdict
    better: tuple[Flip, ...]
    """Cases that pass more often now."""
    worse: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences between two experiments."""

    changed: tuple[str, ...]
    """Differences in what was asked, in sentences."""
    cases: Pairs
    """The cases that both asked."""
    sides: tuple[Change, ...]
    gone: tuple[str, ...]
    """The names of sides that only the earlier one has."""
    new: tuple[str, ...]


def compare(
    before: tuple[Experiment, Sequence[AskedCell]], after: tuple[Experiment, Sequence[AskedCell]]
) -> Comparison:
    """Compare the earlier experiment with the later one."""
    then, now = results(*before), results(*after)
    first, second = before[0].plan, after[0].plan
    cases, sides = _same_cases(first, second), _same_sides(first, second)
    kept = {a for a, _ in sides}, {b for _, b in sides}
    return Comparison(
        tuple(what_changed(first, second)), cases,
        tuple(_changes(then, now, cases, sides, _question(before[0], after[0]))),
        tuple(side.name for n, side in enumerate(then.sides) if n not in kept[0]),
        tuple(side.name for n, side in enumerate(now.sides) if n not in kept[1]),
    )  # fmt: skip


def _question(before: Experiment, after: Experiment) -> Question:
    over = before.stage == after.stage == "finished"
    return Question(
        after.plan.matters, stage="planned" if over else "running", unfinished="One of the two has not finished"
    )


def _same_cases(first: Plan, second: Plan) -> Pairs:
    """Match each case with the next identical one that is not matched yet."""
    shared = [column for column in first.cases.columns if column in second.cases.columns]
    if not shared:
        return ()
    places: defaultdict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for n in range(len(second.cases)):
        places[_key(second.cases.values(n), shared)].append(n)
    keys = (_key(first.cases.values(n), shared) for n in range(len(first.cases)))
    return tuple((n, places[key].popleft()) for n, key in enumerate(keys) if places.get(key))


def _key(values: Mapping[str, str], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(values[column] for column in columns)


def _same_sides(first: Plan, second: Plan) -> Pairs:
    alone = len(first.wordings) == len(second.wordings) == 1
    free = list(range(len(second.sides)))
    found: list[tuple[int, int]] = []
    for n, (target, wording) in enumerate(first.sides):
        for m in free:
            other, other_wording = second.sides[m]
            same_target = str(first.targets[target]) == str(second.targets[other])
            if same_target and (alone or first.wordings[wording].name == second.wordings[other_wording].name):
                found.append((n, m))
                free.remove(m)
                break
    return tuple(found)


def _changes(then: Results, now: Results, cases: Pairs, sides: Pairs, question: Question) -> list[Change]:
    """The changes of matching sides; all verdicts are corrected together."""
    tallies: list[list[Tally]] = []
    names: list[str] = []
    for a, b in sides:
        tallies += [[then.sides[a].tallies[n] for n, _ in cases], [now.sides[b].tallies[m] for _, m in cases]]
        names += [f"{now.sides[b].name} before", f"{now.sides[b].name} now"]
    pairs = [(2 * n, 2 * n + 1) for n in range(len(sides))]
    found = quality(names, tallies, question, pairs)
    return [
        Change(now.sides[b].name, a, b, verdict, *_flips(cases, tallies[2 * n], tallies[2 * n + 1]))
        for n, ((a, b), verdict) in enumerate(zip(sides, found, strict=True))
    ]


def _flips(cases: Pairs, then: Sequence[Tally], now: Sequence[Tally]) -> tuple[tuple[Flip, ...], tuple[Flip, ...]]:
    flips = [
        Flip(a, b, old, new)
        for (a, b), old, new in zip(cases, then, now, strict=True)
        if old.answered and new.answered and old.share != new.share
    ]
    return tuple(f for f in flips if f.now.share > f.then.share), tuple(f for f in flips if f.now.share < f.then.share)


def what_changed(first: Plan, second: Plan) -> list[str]:
    """How two plans differ in what is asked and how it is checked, in sentences."""
    cases = _same_cases(first, second)
    found = [
        f"The prompt {new.name} changed."
        for old, new in zip(first.wordings, second.wordings, strict=False)
        if (old.prompt, old.system) != (new.prompt, new.system)
    ]
    for old, new in ((first.targets[a], second.targets[b]) for a, b in _same_targets(first, second)):
        if said := changes(old.settings, new.settings):
            found.append(f"{new}: {', '.join(said)}.")
    if first.checks != second.checks:
        found.append("The checks changed.")
    if first.repeats != second.repeats:
        found.append(f"Repeats: {first.repeats} before, {second.repeats} now.")
    alone = len(first.cases) - len(cases), len(second.cases) - len(cases)
    if any(alone):
        found.append(
            f"{text_of.number_of(len(cases), 'case')} in both; {alone[0]:,} only before, {alone[1]:,} only now."
        )
    return found


def _same_targets(first: Plan, second: Plan) -> Pairs:
    places = {str(target): n for n, target in enumerate(second.targets)}
    return tuple((n, places[str(target)]) for n, target in enumerate(first.targets) if str(target) in places)
