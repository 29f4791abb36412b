"""The progress of an experiment's judges and the time left, even before the first is asked. Pure.

Judges are asked once all answers are there. Until then the number of questions and the time per call are estimated as
in the bill; after that their actual speed counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from prompts.core.targets import Target
from prompts.experiments.asked import TargetProgress
from prompts.experiments.cell_reading import Sums
from prompts.experiments.judge import calls_about, targets
from prompts.experiments.judge_store import target_numbers
from prompts.experiments.plan import Plan
from prompts.experiments.throughput import Throughput, Work

LATER = "Begins once the answers are there."


@dataclass(frozen=True, slots=True)
class Going:
    """How the questions to one judge are progressing."""

    throughput: Throughput
    """The limits of its provider."""
    per_minute: float | None = None
    per_s: float | None = None
    """Calls per second; `None` if too few have ended."""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known about judging before it begins."""

    calls: tuple[Mapping[Target, int], ...]
    """For each target, the number of calls to each judge if all answers arrive."""
    durations_s: Mapping[Target, float]
    """The median seconds of a judge's earlier calls here; judges that were never timed are missing."""

    @classmethod
    def of(cls, plan: Plan, durations_s: Mapping[Target, float]) -> Ahead:
        """For a whole plan."""
        return cls(tuple(calls_about(plan, n) for n in range(len(plan.targets))), durations_s)


def judge_rows(
    plan: Plan, sums: Mapping[int, Sums], ahead: Ahead, going: Mapping[Target, Going]
) -> tuple[TargetProgress, ...]:
    """One row per judge, in the order of `judge.targets`; judges that nobody asks at present are missing in `going`."""
    answers = [sums.get(n, Sums()) for n in range(len(plan.targets))]
    later = any(its.left for its in answers)
    found = {judge: _together(sums, numbers) for judge, numbers in numbers_of(plan).items()}
    if later:
        found = {judge: _expecting(its, _expected(plan, answers, ahead, judge)) for judge, its in found.items()}
    works = {judge: _work(its, answers, ahead.durations_s.get(judge)) for judge, its in found.items()}
    rows: list[TargetProgress] = []
    for n, judge in enumerate(targets(plan)):
        its, goes = found[judge], going.get(judge)
        of_all = Work.of(work for other, work in works.items() if other.provider == judge.provider)
        rows.append(
            TargetProgress(
                n, its.planned, its.done, its.failed, its.running, goes.per_minute if goes else None,
                _left_s(its, goes, of_all, timed=judge in ahead.durations_s), its.spent, its.at_least,
                (goes.says if goes else its.note) or (LATER if later and its.left else ""),
            )
        )  # fmt: skip
    return tuple(rows)


def numbers_of(plan: Plan) -> dict[Target, list[int]]:
    """The target numbers under which each judge's questions are recorded."""
    numbers = target_numbers(plan)
    return {judge: [n for n, name in numbers.items() if name == str(judge)] for judge in targets(plan)}


def _left_s(its: Sums, goes: Going | None, of_all: Work, *, timed: bool) -> float | None:
    if goes is None or not its.left:
        return None
    if goes.per_s:
        return goes.throughput.left_s(its.left, goes.per_s, of_all)
    return goes.throughput.seconds(of_all) if timed else None


def _work(its: Sums, answers: Sequence[Sums], duration_s: float | None) -> Work:
    """The work left for a judge.

    Before its first call, each is assumed to read the tokens of a question and its answer.
    """
    read = [each.tokens_each for each in answers if each.tokens_each is not None]
    tokens = its.tokens_each if its.tokens_each is not None else sum(read) / len(read) if read else 0.0
    return Work(its.left, its.left * (duration_s or 0.0), its.left * tokens)


def _expected(plan: Plan, answers: Sequence[Sums], ahead: Ahead, judge: Target) -> int:
    """How many questions there will be about all answers that are there or may still arrive."""
    each = len(plan.cases) * len(plan.wordings) * plan.repeats
    shares = [(its.planned - its.failed) / each for its in answers]
    return round(sum(calls.get(judge, 0) * share for calls, share in zip(ahead.calls, shares, strict=True)))


def _expecting(its: Sums, planned: int) -> Sums:
    """The sums including questions that are not recorded yet, which count as waiting."""
    more = max(0, planned - its.planned)
    return replace(its, planned=its.planned + more, waiting=its.waiting + more)


def _together(sums: Mapping[int, Sums], numbers: Sequence[int]) -> Sums:
    some = [sums[n] for n in numbers if n in sums]
    spent = [its.spent for its in some if its.spent is not None]
    told = [its for its in some if its.tokens_each is not None]
    over = sum(its.done + its.failed for its in told)
    return Sums(
        *(sum(getattr(its, name) for its in some) for name in ("done", "failed", "running", "waiting", "planned")),
        spent=sum(spent, Decimal(0)) if spent else None,
        at_least=any(its.at_least for its in some),
        note=next((its.note for its in some if its.note), ""),
        tokens_each=sum((its.tokens_each or 0.0) * (its.done + its.failed) for its in told) / over if over else None,
    )
