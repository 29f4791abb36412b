"""The estimate for the judges of a plan:
the answers they will read do not exist yet, so their length is forecast too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from prompts.core.forecast import Forecast, outlook
from prompts.core.targets import Target
from prompts.experiments.bill_parts import Pace, Stint, tokens, whole
from prompts.experiments.judge import calls, question
from prompts.experiments.plan import Cell, Plan
from providers.files.kinds import PNG
from providers.interface import Request
from providers.pictures import Picture

_LONGEST = 4_000
"""The most tokens of an answer that a judge is assumed to read."""
_SEEN = Picture("", PNG, 0, 0, PNG, 0)
"""Stands for a picture that does not exist yet."""


@dataclass(frozen=True, slots=True)
class AskJudge:
    """What is known of judges before they are asked."""

    forecast: Callable[[Target, Request], Forecast]
    """The forecast for one call."""
    pace: Callable[[Target], Pace]


@dataclass(frozen=True, slots=True)
class Judging:
    """The estimate for one judge."""

    name: str
    calls: int
    """Scaled up if only a sample of the cases was looked at."""
    money: str
    low: Decimal | None
    high: Decimal | None
    priced: bool
    seconds: float | None = None
    """For its calls alone; `None` if not known."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The estimate for all judges."""

    judges: tuple[Judging, ...] = ()
    wholes: tuple[Forecast, ...] = ()
    """For each judge, all calls combined into one forecast."""
    stints: tuple[Stint, ...] = ()


def judging(
    plan: Plan, cases: Sequence[int], scale: Decimal, answered: Mapping[int, Sequence[Forecast]], ask: AskJudge
) -> Judged:
    """The calls of each judge, from those about an empty answer to those about the longest expected.

    `answered`: by target, the forecasts of its calls for `cases` with each wording.
    """
    found: dict[Target, list[Forecast]] = {}
    places = [(case, wording) for case in cases for wording in range(len(plan.wordings))]
    for target, forecasts in answered.items():
        for (case, wording), answer in zip(places, forecasts, strict=True):
            cell = Cell(case, wording, target, 0)
            longest = "word " * min(answer.output_tokens.high or _LONGEST, _LONGEST)
            seen = (_SEEN,) if plan.draws else ()
            for short, long in zip(calls(plan, cell, "", seen), calls(plan, cell, longest, seen), strict=True):
                low, high = (ask.forecast(c.target, question(c.target, c.prompt, plan.draws)) for c in (short, long))
                found.setdefault(short.target, []).append(replace(low, high=high.high))
    wholes = {judge: whole(forecasts, scale) for judge, forecasts in found.items()}
    stints: list[Stint] = []
    judges: list[Judging] = []
    for judge, each in wholes.items():
        count, pace = round(len(found[judge]) * scale), ask.pace(judge)
        stints.append(pace.stint(count, tokens(found[judge], scale)))
        judges.append(Judging(
            str(judge), count, outlook([each]).money, each.low, each.high, each.kind != "unknown", stints[-1].seconds
        ))  # fmt: skip
    return Judged(tuple(judges), tuple(wholes.values()), tuple(stints))
