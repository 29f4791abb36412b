"""An experiment as it is read: what was planned, how far it is, and the result of each cell.

Plain data shared by the pump that fills it, the statistics that summarise it and the pages that show it; no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from prompts.core.answer import AnswerState
from prompts.experiments.checks.kinds import Verdict
from prompts.experiments.plan import Cell, Plan
from providers.completion import GOOD_STATES, Completion
from providers.pictures import Picture

Stage = Literal["running", "paused", "stopped", "finished"]
"""`paused`: goes on when somebody resumes it. `stopped`:
by a person or the budget; what is missing can be asked by resuming."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pump ended."""

    stage: Stage
    reason: str = ""
    money: bool = False
    """Whether it ended because the budget would have been exceeded."""
    ours: bool = False
    """Whether only this process stops asking; if several ask, the others go on."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The earlier attempts at a cell that was asked again."""

    answers: int
    """How many of them had brought an answer, which was replaced."""
    spent: Decimal | None
    """US dollars; `None` if no cost is known."""
    at_least: bool = False
    """Whether some had a cost that is not known, so that `spent` is a lower bound."""


@dataclass(frozen=True, slots=True)
class AskedCell:
    """One cell of a plan with its state on record."""

    cell: Cell
    completion_id: str
    run_id: str
    """Its run, which holds all cells of the same case and wording."""
    state: AnswerState = "waiting"
    completion: Completion | None = None
    """`None` until the call is over."""
    verdict: Verdict | None = None
    """The result of the checks; `None` without an answer or without checks."""
    taken_from: datetime | None = None
    """For an answer reused from the record, when it was asked;
    its times are not counted. `None`: asked for this experiment."""
    note: str | None = None
    """Why it waits, or why it was not sent; `None` if there is nothing to say."""
    replaced: Replaced | None = None
    """`None` if it was asked at most once."""

    @property
    def answered(self) -> bool:
        """Whether there is an answer to judge.

        Errors of network or provider are not answers, and not failures of the model; an answer whose end was not
        confirmed is not counted either, as part of it may have been lost.
        """
        return self.completion is not None and self.state in GOOD_STATES

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The finished pictures, without previews."""
        return tuple(each for each in self.completion.pictures if not each.partial) if self.completion else ()


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """The progress of one target or judge."""

    target: int
    """Its place among the plan's targets; for a judge, among the plan's judges."""
    planned: int
    done: int
    """Calls that ended with an answer, whatever the checks say."""
    failed: int
    """Calls that ended without an answer."""
    running: int
    per_minute: float | None
    """Calls that ended per minute, over the last few minutes; `None` if too few have ended."""
    left_s: float | None
    """Seconds until it is finished at that rate; `None` if not known yet."""
    spent: Decimal | None
    """US dollars for the calls that are over; `None` if no cost is known."""
    at_least: bool = False
    """Whether the cost of some calls is not known, so that `spent` is a lower bound."""
    says: str = ""
    """What it waits for, in a sentence: a rate limit, its turn, money; empty while it goes on."""


def _open(rows: Iterable[TargetProgress]) -> list[TargetProgress]:
    return [row for row in rows if row.done + row.failed < row.planned]


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of an experiment."""

    stage: Stage
    targets: tuple[TargetProgress, ...]
    spent: Decimal | None
    reserved: Decimal
    """US dollars that calls in progress may still cost."""
    reason: str = ""
    """Why it was paused or stopped, in a sentence; else empty."""
    judges: tuple[TargetProgress, ...] = ()
    """The judges, who are asked once all answers are there; until then their number of calls is an estimate."""

    @property
    def left_s(self) -> float | None:
        """Seconds until the slowest target and then the slowest judge is finished; `None` if not known yet."""
        answers, judges = (_open(rows) for rows in (self.targets, self.judges))
        if any(row.left_s is None for row in answers):
            return None
        known = [max((row.left_s or 0.0 for row in rows), default=0.0) for rows in (answers, judges)]
        return sum(known) or None

    @property
    def left_at_least(self) -> bool:
        """Whether it may take longer, because for some judge it is not known how long a call takes."""
        return any(row.left_s is None for row in _open(self.judges))


@dataclass(frozen=True, slots=True)
class Judgements:
    """The calls to judges about the answers of one side."""

    calls: int
    """How many calls are over."""
    spent: Decimal | None
    """US dollars; `None` if no cost is known."""
    at_least: bool = False
    """Whether the cost of some calls is not known, so that `spent` is a lower bound."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One experiment on record."""

    id: str
    created_at: datetime
    plan: Plan
    stage: Stage
    person: str = ""
    planned_cases: int = 0
    """How many cases the plan had when it was first run; those after them are an extension."""
    reason: str = ""
    counts: Mapping[AnswerState, int] = field(default_factory=dict[AnswerState, int])
    """The number of cells in each state."""
    judged: Mapping[tuple[int, int], Judgements] = field(default_factory=dict[tuple[int, int], Judgements])
    """By (target, wording), what judging their answers took; empty if nothing is judged."""
    planned_repeats: int | None = None
    """How many repeats the plan had when it was first run; those after them are an extension. `None`: all of them."""

    @property
    def extended(self) -> bool:
        """Whether cases or repeats were added after the planned end."""
        more = self.planned_repeats is not None and self.plan.repeats > self.planned_repeats
        return more or len(self.plan.cases) > self.planned_cases
