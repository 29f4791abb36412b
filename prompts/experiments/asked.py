"""An experiment as everybody reads it: what was planned, how far it is, and what each cell came to.

Plain data between the pump that fills it, the statistics that sum it up and the pages that show it; no database.
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
"""`paused`: goes on when somebody says so. `stopped`: out of money, or by a person; what is missing can be resumed."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pump ended."""

    stage: Stage
    reason: str = ""
    money: bool = False
    """The budget would be passed."""
    ours: bool = False
    """Only this process asks no longer; where several ask, the others go on."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The earlier attempts at a cell that was asked again."""

    answers: int
    """Of them, those that had brought an answer: another took its place."""
    spent: Decimal | None
    """US dollars; `None`: nothing is known of any."""
    at_least: bool = False
    """Some may have cost something that is not known."""


@dataclass(frozen=True, slots=True)
class AskedCell:
    """One cell of a plan as it stands on record."""

    cell: Cell
    completion_id: str
    run_id: str
    """The run it belongs to: that of its case and wording."""
    state: AnswerState = "waiting"
    completion: Completion | None = None
    """`None` until it is over."""
    verdict: Verdict | None = None
    """What the checks found; `None` while there is no answer to check, and where there are no checks."""
    taken_from: datetime | None = None
    """When it was asked, for an answer taken over from the record: it is in no timing. `None`: asked for this."""
    note: str | None = None
    """Why it waits, or why it was not sent."""
    replaced: Replaced | None = None
    """`None`: it was asked once, or not at all."""

    @property
    def answered(self) -> bool:
        """Whether there is an answer to judge. An error of network or provider is none, and no failure of the model;
        nor is one whose end was never confirmed, for the rest may have been lost on the way."""
        return self.completion is not None and self.state in GOOD_STATES

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """What was drawn, glimpses of what never came aside."""
        return tuple(each for each in self.completion.pictures if not each.partial) if self.completion else ()


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """How far one target is."""

    target: int
    """Its place among the plan's targets; of a judge, among the plan's judges."""
    planned: int
    done: int
    """Over with an answer, whatever the checks say of it."""
    failed: int
    """Over without one."""
    running: int
    per_minute: float | None
    """Calls that ended in the last minutes, by the minute; `None` before enough have."""
    left_s: float | None
    """Seconds until it is through, at that rate; `None`: not known yet."""
    spent: Decimal | None
    """US dollars of what is over; `None`: nothing is known of any call's cost."""
    at_least: bool = False
    """Some calls' cost is not known, so `spent` is a lower bound."""
    says: str = ""
    """What it waits for, in a sentence: a rate limit, its turn, money; empty while it goes on."""


def _open(rows: Iterable[TargetProgress]) -> list[TargetProgress]:
    return [row for row in rows if row.done + row.failed < row.planned]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an experiment is."""

    stage: Stage
    targets: tuple[TargetProgress, ...]
    spent: Decimal | None
    reserved: Decimal
    """US dollars that calls under way may still cost."""
    reason: str = ""
    """Why it was paused or stopped, in a sentence."""
    judges: tuple[TargetProgress, ...] = ()
    """Who is asked once the answers are there; what has to be asked of them is an estimate until then."""

    @property
    def left_s(self) -> float | None:
        """Seconds until the slowest target is through, and then the slowest judge; `None`: not known yet."""
        answers, judges = (_open(rows) for rows in (self.targets, self.judges))
        if any(row.left_s is None for row in answers):
            return None
        known = [max((row.left_s or 0.0 for row in rows), default=0.0) for rows in (answers, judges)]
        return sum(known) or None

    @property
    def left_at_least(self) -> bool:
        """Whether it may take longer, for a judge of which nobody knows how long a call takes."""
        return any(row.left_s is None for row in _open(self.judges))


@dataclass(frozen=True, slots=True)
class Judgements:
    """What judges were asked about the answers of one side."""

    calls: int
    """That are over."""
    spent: Decimal | None
    """US dollars; `None`: nothing is known of any call's cost."""
    at_least: bool = False
    """Some calls' cost is not known, so `spent` is a lower bound."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One experiment on record."""

    id: str
    created_at: datetime
    plan: Plan
    stage: Stage
    person: str = ""
    planned_cases: int = 0
    """Cases of the plan as it was first run; those after them are an extension."""
    reason: str = ""
    counts: Mapping[AnswerState, int] = field(default_factory=dict[AnswerState, int])
    """Cells by their state."""
    judged: Mapping[tuple[int, int], Judgements] = field(default_factory=dict[tuple[int, int], Judgements])
    """By target and wording, what judging their answers took; empty where nothing is judged."""
    planned_repeats: int | None = None
    """Repeats of the plan as it was first run; those after them are an extension. `None`: all of them."""

    @property
    def extended(self) -> bool:
        """Whether cases or repeats came after the planned end."""
        more = self.planned_repeats is not None and self.plan.repeats > self.planned_repeats
        return more or len(self.plan.cases) > self.planned_cases
