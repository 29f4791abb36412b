"""Which labels were given in place of which, for checks that sort answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.holes import HoleError
from prompts.experiments.results import by_side

NONE = "no label"
"""An answer that names none of the labels, or several."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """One label check on one side."""

    check: int
    side: int
    labels: tuple[str, ...]
    """Those of the check, as they are written there."""
    counts: Mapping[tuple[str, str], int]
    """Answers by what was expected and what was given, which may be `NONE`."""

    def of(self, expected: str, given: str) -> int:
        """Answers."""
        return self.counts.get((expected, given), 0)

    @property
    def right(self) -> int:
        """Answers that gave what was expected."""
        return sum(count for (expected, given), count in self.counts.items() if expected == given)

    @property
    def answers(self) -> int:
        """Answers with an expected label."""
        return sum(self.counts.values())


def confusions(experiment: Experiment, cells: Sequence[AskedCell]) -> list[Confusion]:
    """One for each label check that expects something, and each side with an answer to it."""
    plan = experiment.plan
    wanted = [n for n, check in enumerate(plan.checks) if check.kind == "label" and check.value]
    if not wanted:
        return []
    sides = by_side(plan, cells)
    found = (_confusion(experiment, n, side, cases) for n in wanted for side, cases in enumerate(sides))
    return [each for each in found if each.counts]


def _confusion(experiment: Experiment, n: int, side: int, cases: Sequence[Sequence[AskedCell]]) -> Confusion:
    check, counts = experiment.plan.checks[n], Counter[tuple[str, str]]()
    labels: dict[str, str] = {}
    for case, cells in enumerate(cases):
        try:
            filled = check.filled(experiment.plan.values(case))
        except HoleError:
            continue  # the check had no verdict on this case either
        for label in filled.values:
            labels.setdefault(label.casefold(), label)
        expected = labels.get(filled.value.strip().casefold(), filled.value.strip())
        for cell in cells:
            if cell.answered and cell.verdict and n < len(cell.verdict.findings):
                given = cell.verdict.findings[n].label
                counts[expected, NONE if given is None else labels.get(given.casefold(), given)] += 1
    return Confusion(n, side, tuple(labels.values()), counts)
