"""This prompt n times a day: money and waiting per month, estimated from what its answers cost and took in this run.

Owns the arithmetic and the words on where each figure comes from. Without a price there is no amount; prompt caching
and batch discounts are not taken into account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Literal

from prompts.analysis.spread import askings, completed, names
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.run import Run
from providers.completion import Completion

DAYS = 30
"""Days in a month, for all estimates."""
PER_DAY: tuple[int, ...] = (
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
    1_000_000,
)  # fmt: skip
DEFAULT_PER_DAY = 100
_HOUR_S = 3600
MONTH_H = DAYS * 24

Kind = Literal["amount", "no fee", "unknown"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate for one target at a given number of answers a day."""

    name: str
    column: int
    kind: Kind
    """`amount` includes a local model for which the user gave an own cost per hour."""
    per_answer: Decimal | None
    """US dollars per answer, the median."""
    money: Decimal | None
    """US dollars per month; `None` unless `kind` is `amount`."""
    duration_s: float | None
    """Seconds for one answer, the median."""
    waiting_s: float | None
    """Seconds per month if answers are asked one after another."""
    basis: str
    """Where the figures come from, or why there are none."""
    overfull: bool = False
    """Whether a local model would need more hours than a month has, so that one machine is not enough."""


def at_volume(run: Run, per_day: int, own_cost_per_hour: Decimal | None = None) -> list[Estimate]:
    """One estimate for each target of `run` at `per_day` answers a day: the cheapest first, the unknown last."""
    targets = askings(run)
    found = [
        _estimate(name, answers, per_day * DAYS, own_cost_per_hour)
        for name, answers in zip(names(targets), targets, strict=True)
    ]
    return sorted(found, key=_rank)


def cheapest(estimates: Sequence[Estimate]) -> list[int]:
    """The places of the lowest amount; empty unless at least two amounts differ. "No fee" is not an amount."""
    amounts = [(n, each.money) for n, each in enumerate(estimates) if each.money is not None]
    least = min((money for _, money in amounts), default=None)
    return [n for n, money in amounts if money == least] if len({money for _, money in amounts}) > 1 else []


def quickest(estimates: Sequence[Estimate]) -> list[int]:
    """The places of the shortest waiting; empty unless at least two times differ."""
    waits = [(n, each.waiting_s) for n, each in enumerate(estimates) if each.waiting_s is not None]
    least = min((wait for _, wait in waits), default=None)
    return [n for n, wait in waits if wait == least] if len({wait for _, wait in waits}) > 1 else []


def has_local(run: Run) -> bool:
    """Whether a model without a fee answered, so that the user's own cost per hour matters."""
    done = (answer.completion for answer in run.answers if answer.counts)
    return any(each is not None and each.cost.kind == "local" for each in done)


def _rank(each: Estimate) -> tuple[int, Decimal]:
    if each.kind == "unknown":
        return 1, Decimal(0)
    return 0, each.money or Decimal(0)


def _estimate(name: str, answers: Sequence[Answer], answers_a_month: int, own: Decimal | None) -> Estimate:
    done = [completion for _, completion in completed(answers)]
    durations = [d for each in done if (d := each.timings.duration_s) is not None]
    duration = median(durations) if durations else None
    waiting = None if duration is None else duration * answers_a_month
    kind, each, why = _per_answer(done, own, duration)
    if not done and any(answer.live for answer in answers):
        why = "Not answered yet."
    local = bool(done) and done[0].cost.kind == "local"
    overfull = local and waiting is not None and waiting > MONTH_H * _HOUR_S
    money = None if each is None else each * answers_a_month
    return Estimate(name, answers[0].column, kind, each, money, duration, waiting, why, overfull)


def _per_answer(
    done: Sequence[Completion], own: Decimal | None, duration: float | None
) -> tuple[Kind, Decimal | None, str]:
    """The kind of the cost, its median in US dollars, and where it comes from."""
    if not done:
        return "unknown", None, "No answer ended properly, so there is nothing to go by."
    basis = _basis(len(done))
    if done[0].cost.kind == "local":
        if own is None or duration is None:
            return "no fee", None, f"{basis.capitalize()}; no fee is charged."
        each = own * Decimal(repr(duration)) / _HOUR_S
        return "amount", each, f"{basis.capitalize()}, at your {text_of.money(own)} an hour."
    costs = [each.cost.exact for each in done if each.cost.exact is not None]
    if not costs:
        return "unknown", None, f"{basis.capitalize()}; {done[0].cost.reason or 'cost unknown'}."
    left = len(done) - len(costs)
    known = f" The cost of {left} more is unknown." if left else ""
    return "amount", median(costs), f"{_basis(len(costs)).capitalize()}.{known}{_cut(done)}"


def _basis(n: int) -> str:
    """Where a figure comes from; a single answer is not called a median."""
    return "from one answer" if n == 1 else f"median of {n} answers"


def _cut(done: Sequence[Completion]) -> str:
    """A note on answers cut at the token limit, which are cheaper than whole ones would be; else empty."""
    n = sum(each.state == "cut" for each in done)
    return f" Stopped at the token limit: {n} of {len(done)}; whole answers cost more." if n else ""
