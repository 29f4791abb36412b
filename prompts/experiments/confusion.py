"""Confusion matrices: which labels were given instead of which, for classification checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.checks.check import Check
from prompts.experiments.holes import HoleError
from prompts.experiments.results import by_side

NONE = "no label"
"""Stands for an answer that gives none of the labels, or several."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """The confusion matrix of one label check on one side."""

    check: int
    side: int
    labels: tuple[str, ...]
    """The labels in the spelling of the check."""
    counts: Mapping[tuple[str, str], int]
    """The number of answers by (expected label, given label); the given one may be `NONE`."""

    def of(self, expected: str, given: str) -> int:
        """The number of answers with these two labels."""
        return self.counts.get((expected, given), 0)

    @property
    def right(self) -> int:
        """The number of answers that gave the expected label."""
        return sum(count for (expected, given), count in self.counts.items() if expected == given)

    @property
    def answers(self) -> int:
        """The number of answers with an expected label."""
        return sum(self.counts.values())


def confusions(experiment: Experiment, cells: Sequence[AskedCell]) -> list[Confusion]:
    """One for each label check with expected labels and each side that has an answer to it."""
    plan = experiment.plan
    wanted = [n for n, check in enumerate(plan.checks) if check.kind == "label" and check.value]
    if not wanted:
        return []
    sides = by_side(plan, cells)
    found = (
        _confusion(n, side, expected, cases)
        for n in wanted for expected in [_expected(experiment, plan.checks[n])] for side, cases in enumerate(sides)
    )  # fmt: skip
    return [each for each in found if each.counts]


@dataclass(frozen=True, slots=True)
class _Expected:
    """The label that a check expects of each case, and all its labels by their folded form."""

    labels: Mapping[str, str]
    of_case: Sequence[str | None]
    """`None` if the check cannot be made for that case."""


def _expected(experiment: Experiment, check: Check) -> _Expected:
    labels: dict[str, str] = {}
    of_case: list[str | None] = []
    for case in range(len(experiment.plan.cases)):
        try:
            filled = check.filled(experiment.plan.values(case))
        except HoleError:
            of_case.append(None)
            continue
        for label in filled.values:
            labels.setdefault(label.casefold(), label)
        of_case.append(filled.value.strip())
    return _Expected(labels, of_case)


def _confusion(n: int, side: int, wanted: _Expected, cases: Sequence[Sequence[AskedCell]]) -> Confusion:
    counts = Counter[tuple[str, str]]()
    for expected, cells in zip(wanted.of_case, cases, strict=True):
        for cell in cells:
            if expected is not None and cell.answered and cell.verdict and n < len(cell.verdict.findings):
                given = cell.verdict.findings[n].label
                row = wanted.labels.get(expected.casefold(), expected)
                counts[row, NONE if given is None else wanted.labels.get(given.casefold(), given)] += 1
    return Confusion(n, side, tuple(wanted.labels.values()), counts)
