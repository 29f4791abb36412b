"""What an experiment will probably cost and how long it will take, before it is asked. Pure.

Money is forecast by the rules of one call (`prompts/core/forecast.py`), summed over a sample of the rendered prompts
and scaled to all of them. Time is what a call of the model took here, over what its provider lets through
(`throughput`). Whatever is not known stays unknown and makes the sum "at least".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from prompts.core import format as text_of
from prompts.core.forecast import Forecast, outlook
from prompts.experiments.bill_judges import AskJudge, Judged, Judging, judging
from prompts.experiments.bill_parts import Pace, Place, Stint, longest, places, tokens, whole
from prompts.experiments.plan import Plan
from providers.completion import Cost
from providers.interface import Request

SAMPLED = 200
"""Rendered prompts that are forecast one by one; more than these are represented by them."""
FEWEST = 20
"""So many are, however long they are."""
CHARACTERS = 100_000
"""Of them together: to count the tokens of more takes longer than a person waits for a click."""

ForecastOf = Callable[[int, Request], Forecast]
"""What one call of a target, named by its place, will take."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One call that was made beforehand, to see."""

    cost: Cost
    duration_s: float | None
    """`None`: it failed, or was not timed."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one target will take."""

    target: int
    calls: int
    money: str
    """`about $0.31 to $0.52`, `≥ $0.31`, `no fee` or `cost unknown`."""
    low: Decimal | None
    """US dollars; `None`: no fee, or unknown."""
    high: Decimal | None
    """`None`: no fee, or nothing bounds it."""
    priced: bool
    """Whether its price is known, or nothing is charged."""
    seconds: float | None
    """Of its calls alone; `None`: not known."""
    grounds: tuple[str, ...] = ()
    misfits: tuple[str, ...] = ()
    tried: str = ""
    """What the one call made beforehand says, in a sentence."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What a plan will take."""

    lines: tuple[Line, ...]
    """One a target, also of those that are left out."""
    left_out: tuple[int, ...]
    """Targets that are not asked: under a budget, with a price that is not known."""
    calls: int
    money: str
    low: Decimal | None
    high: Decimal | None
    """Of everything that is asked; `None`: no fee, or nothing bounds it."""
    places: tuple[Place, ...]
    sampled: int
    """Rendered prompts that the money rests on; all of them, or a sample."""
    judges: tuple[Judging, ...] = ()
    judge_places: tuple[Place, ...] = ()
    """Where judges are asked, after the answers are there."""

    @property
    def bounded(self) -> bool:
        """Whether the most it can cost is known."""
        asked = [*(line for line in self.lines if line.target not in self.left_out), *self.judges]
        return all(line.priced and (line.low is None or line.high is not None) for line in asked)

    @property
    def seconds(self) -> float | None:
        """Until the slowest place is through, and then the slowest one of the judges; `None`: not known of any."""
        if all(place.seconds is None for place in (*self.places, *self.judge_places)):
            return None
        return longest(self.places) + longest(self.judge_places)

    @property
    def duration(self) -> str:
        """`about 12 min`, `at least 12 min`; empty where it is not known."""
        if self.seconds is None:
            return ""
        unsure = any(place.at_least or place.seconds is None for place in (*self.places, *self.judge_places))
        return f"{'at least' if unsure else 'about'} {text_of.long_time(self.seconds)}"


def bill(
    plan: Plan, forecast_of: ForecastOf, paces: Sequence[Pace], tried: Mapping[int, Tried] | None = None,
    ask_judge: AskJudge | None = None,
) -> Bill:  # fmt: skip
    """What `plan` will take; `paces` in the order of its targets. Needs a case and a wording. Raises `HoleError`.

    `ask_judge`: what is known of judges; `None` leaves them out.
    """
    cases = sample(len(plan.cases), _sampled(plan))
    scale = Decimal(len(plan.cases) * plan.repeats) / len(cases)
    calls = len(plan.cases) * len(plan.wordings) * plan.repeats
    forecasts: list[list[Forecast]] = [[] for _ in paces]
    for case in cases:
        for wording in range(len(plan.wordings)):
            for target in range(len(paces)):  # innermost: targets share the text, whose tokens are then counted once
                forecasts[target].append(forecast_of(target, _request(plan, case, wording, target)))
    lines: list[Line] = []
    together: list[Forecast] = []
    stints: list[Stint] = []
    for target, pace in enumerate(paces):
        once = (tried or {}).get(target)
        together.append(whole(forecasts[target], scale))
        stints.append(pace.stint(calls, tokens(forecasts[target], scale), once.duration_s if once else None))
        lines.append(_line(target, stints[-1], together[-1], forecasts[target], pace, once))
    unpriced = [line.target for line in lines if not line.priced]
    left_out = tuple(unpriced) if plan.budget.usd is not None and plan.budget.unknown == "leave out" else ()
    asked = [each for n, each in enumerate(together) if n not in left_out]
    answered = {n: forecasts[n] for n in range(len(paces)) if n not in left_out}
    judged = judging(plan, cases, scale, answered, ask_judge) if ask_judge else Judged()
    answers, asked = len(asked), [*asked, *judged.wholes]
    all_high = [f.high for f in asked if f.low is not None]
    busy = places(stint for n, stint in enumerate(stints) if n not in left_out)
    return Bill(
        lines=tuple(lines), left_out=left_out, calls=calls * answers, money=outlook(asked).money,
        low=sum((f.low for f in asked if f.low is not None), Decimal(0)) if all_high else None,
        high=None if not all_high or None in all_high or any(f.kind == "unknown" for f in asked)
        else sum((high for high in all_high if high is not None), Decimal(0)),
        places=busy,
        sampled=len(cases) * len(plan.wordings), judges=judged.judges,
        judge_places=places(judged.stints, longest(busy)),
    )  # fmt: skip


def _sampled(plan: Plan) -> int:
    """Cases to forecast: as many as their texts allow."""
    wordings = max(1, len(plan.wordings))
    written = sum(map(len, plan.cases.columns)) + sum(len(cell) for row in plan.cases.rows for cell in row)
    each = written / len(plan.cases) + sum(len(w.prompt) for w in plan.wordings) / wordings
    return max(1, min(SAMPLED, max(FEWEST, int(CHARACTERS / max(each, 1)))) // wordings)


def sample(cases: int, most: int) -> list[int]:
    """At most so many cases, spread evenly: a table is often sorted, and its beginning then speaks for nothing."""
    if cases <= most:
        return list(range(cases))
    return [n * cases // most for n in range(most)]


def _request(plan: Plan, case: int, wording: int, target: int) -> Request:
    return Request.ask(
        plan.targets[target].model, plan.prompt(case, wording), plan.settings_of(case, wording, target)
    )  # fmt: skip


def _line(
    target: int, stint: Stint, together: Forecast, forecasts: Sequence[Forecast], pace: Pace, once: Tried | None
) -> Line:
    said, calls = outlook(forecasts), stint.work.calls
    return Line(
        target=target, calls=calls, money=outlook([together]).money, low=together.low, high=together.high,
        priced=together.kind != "unknown",
        seconds=stint.seconds,
        grounds=(*said.grounds, *_pace_said(pace, once)), misfits=said.misfits,
        tried=_tried_said(calls, once) if once else "",
    )  # fmt: skip


def _pace_said(pace: Pace, once: Tried | None) -> list[str]:
    how = pace.throughput.says
    if pace.duration_s is not None:
        calls = "the median of " + text_of.number_of(pace.n, "call") + " here" if pace.n > 1 else "one call here"
        return [f"Time: {text_of.seconds(pace.duration_s)} a call ({calls}), {how}."]
    if once and once.duration_s is not None:
        return [f"Time: {text_of.seconds(once.duration_s)} a call (the case that was tried), {how}."]
    return [f"Time: no call of this model was timed here; {how}."]


def _tried_said(calls: int, once: Tried) -> str:
    if once.duration_s is None and once.cost.amount is None:
        return "The case that was tried gave no answer."
    took = "" if once.duration_s is None else f", {text_of.seconds(once.duration_s)}"
    if once.cost.exact is None:
        return f"The case that was tried: {text_of.cost(once.cost)}{took}."
    all_of_it = text_of.money(once.cost.exact * calls)
    return f"The case that was tried: {text_of.cost(once.cost)}{took}. {calls:,} like it: {all_of_it}."
