"""Whether a judge prefers what people preferred in blind votes. Pure.

One pair of answers is one sample, however many people voted on it: it counts as the majority chose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from prompts.analysis.statistics.rates import CONFIDENCE, wilson
from prompts.experiments.asked import AskedCell
from prompts.experiments.checks.judge import KINDS_OF_JUDGE
from prompts.experiments.judge_trust import FEWEST
from prompts.experiments.matrix import check_name
from prompts.experiments.plan import Plan
from prompts.votes.votes import Vote

_LABELS = {"better": 1.0, "same": 0.0, "flipped": 0.0, "worse": -1.0}


@dataclass(frozen=True, slots=True)
class JudgeAgainstVotes:
    """One judge check compared with votes."""

    name: str
    compared: int
    """Pairs on which both the people and the judge prefer one answer."""
    agreed: int
    silent: int
    """Pairs on which people prefer one answer and the judge rates both equally."""

    @property
    def sentence(self) -> str:
        """The result in a sentence."""
        quiet = f"; it rates both answers equally in {self.silent:,} more" if self.silent else ""
        if self.compared < FEWEST:
            return (
                f"{self.name}: not checked against votes yet ({self.compared} of at least {FEWEST} pairs on which both "
                f"prefer an answer){quiet}."
            )
        low, high = wilson(self.agreed / self.compared, self.compared, NormalDist().inv_cdf((1 + CONFIDENCE) / 2))
        return (
            f"{self.name}: prefers the answer that people preferred in {self.agreed} of {self.compared} pairs "
            f"({100 * low:.0f} to {100 * high:.0f} %){quiet}."
        )


def against_votes(plan: Plan, cells: Sequence[AskedCell], votes: Sequence[Vote]) -> list[JudgeAgainstVotes]:
    """One for each check that asks a judge, in their order."""
    preferred = _preferred(votes)
    return [
        _against(check_name(check), _thinks(cells, n), preferred)
        for n, check in enumerate(plan.checks) if check.kind in KINDS_OF_JUDGE
    ]  # fmt: skip


def _against(name: str, thinks: Mapping[str, float], preferred: Sequence[tuple[str, str]]) -> JudgeAgainstVotes:
    judged = [(thinks[won], thinks[lost]) for won, lost in preferred if won in thinks and lost in thinks]
    told = [(won, lost) for won, lost in judged if won != lost]
    return JudgeAgainstVotes(name, len(told), sum(won > lost for won, lost in told), len(judged) - len(told))


def _thinks(cells: Sequence[AskedCell], check: int) -> dict[str, float]:
    """A number for the judge's opinion of each answer, by completion id; higher is better."""
    found: dict[str, float] = {}
    for cell in cells:
        if cell.answered and cell.verdict and check < len(cell.verdict.findings):
            finding = cell.verdict.findings[check]
            if finding.passed is not None:
                found[cell.completion_id] = _LABELS.get(finding.label or "", float(finding.passed))
    return found


def _preferred(votes: Sequence[Vote]) -> list[tuple[str, str]]:
    """(preferred answer, other answer) for each pair on which a majority prefers one."""
    by_pair: dict[frozenset[str], Counter[str]] = {}
    for vote in votes:
        if vote.counts:
            ids = vote.left.completion_id, vote.right.completion_id
            won = {"left": ids[0], "right": ids[1]}.get(vote.choice)
            counts = by_pair.setdefault(frozenset(ids), Counter())
            if won is not None:
                counts[won] += 1
    found: list[tuple[str, str]] = []
    for pair, counts in by_pair.items():
        one, other = sorted(pair)
        if counts[one] != counts[other]:
            found.append((one, other) if counts[one] > counts[other] else (other, one))
    return found
