"""How far a judge can be trusted: how often it agrees with people who rated the same answers, and how often its
verdict on a pair changed with the order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist, median

from prompts.analysis.statistics.rates import CONFIDENCE, wilson
from prompts.experiments.asked import AskedCell
from prompts.experiments.checks.check import Check, short
from prompts.experiments.checks.judge import KINDS_OF_JUDGE, PAIR
from prompts.experiments.plan import Plan

FEWEST = 10
"""An agreement is given only if people rated at least so many answers."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The figures for one judge check."""

    check: int
    name: str
    verdicts: int
    undecided: int
    """Answers without a verdict: the replies could not be read, or the judges were evenly split."""
    marked: int
    """Answers with a verdict that people rated good or bad."""
    agreed: int
    pairs: int
    """Pairs asked in both orders; 0 for a rubric."""
    flipped: int
    """How many of these verdicts changed with the order; they count as ties."""
    longer: int | None = None
    """By how many characters passed answers are longer than failed ones (medians); `None` if either kind is missing."""

    @property
    def sentence(self) -> str:
        """The figures in a sentence."""
        said = [f"{self.name}: {self._agreement}"]
        if self.undecided:
            said.append(f"{self.undecided:,} answers without a verdict")
        if self.pairs:
            said.append(f"{self.flipped:,} of {self.pairs:,} verdicts changed with the order and count as ties")
        if self.longer:
            side = "longer" if self.longer > 0 else "shorter"
            said.append(f"what it passes is {abs(self.longer):,} characters {side} than what it does not")
        return "; ".join(said) + "."

    @property
    def _agreement(self) -> str:
        if self.marked < FEWEST:
            return f"not checked against people yet ({self.marked} of at least {FEWEST} answers rated)"
        z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
        low, high = wilson(self.agreed / self.marked, self.marked, z)
        return f"agreement with people: {self.agreed} of {self.marked} rated ({100 * low:.0f} to {100 * high:.0f} %)"


def trust(plan: Plan, cells: Sequence[AskedCell], ratings: Mapping[str, bool]) -> list[Trust]:
    """One for each check that asks a judge, in their order."""
    return [
        _trust(plan, n, cells, ratings) for n, check in enumerate(plan.checks) if check.kind in KINDS_OF_JUDGE
    ]  # fmt: skip


def _trust(plan: Plan, n: int, cells: Sequence[AskedCell], ratings: Mapping[str, bool]) -> Trust:
    found = [
        (cell, cell.verdict.findings[n])
        for cell in cells
        if cell.answered and cell.verdict and n < len(cell.verdict.findings)
    ]
    decided = [(cell, each) for cell, each in found if each.passed is not None]
    rated = [(each.passed, ratings[cell.completion_id]) for cell, each in decided if cell.completion_id in ratings]
    pairs = [each.label for _, each in decided if each.label] if plan.checks[n].kind == PAIR else []
    sizes = {
        passed: [len(cell.completion.text) for cell, each in decided if cell.completion and each.passed is passed]
        for passed in (True, False)
    }
    longer = round(median(sizes[True]) - median(sizes[False])) if sizes[True] and sizes[False] else None
    return Trust(
        n, _name(plan.checks[n]), len(decided), len(found) - len(decided), len(rated),
        sum(passed == good for passed, good in rated), len(pairs), pairs.count("flipped"), longer,
    )  # fmt: skip


def _name(check: Check) -> str:
    """The judges and the criterion, `google:gemini-z on “Polite, and promises nothing.”`, or the check's own name."""
    return check.name or f"{', '.join(check.values)} on {short(check.value)}"
