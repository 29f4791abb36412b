"""What an experiment will probably cost and how long it will take, estimated before it is asked. Pure.

Costs are forecast by the rules for one call (`prompts/core/forecast.py`), summed over a sample of the rendered prompts
and scaled up. Times come from the model's earlier calls here and the limits of its provider (`throughput`). What is not
known stays unknown and makes the sum "at least".
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
"""At most so many rendered prompts are forecast one by one, and represent the others."""
FEWEST = 20
"""At least so many are forecast, however long they are."""
CHARACTERS = 100_000
"""The most characters of the sample in all:
counting the tokens of more takes longer than a person waits after a click."""

ForecastOf = Callable[[int, Request], Forecast]
"""The forecast for one call of a target, given by its place."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial call made before the experiment."""

    cost: Cost
    duration_s: float | None
    """`None` if it failed or was not timed."""


@dataclass(frozen=True, slots=True)
class Line:
    """The estimate for one target."""

    target: int
    calls: int
    money: str
    """`about $0.31 to $0.52`, `≥ $0.31`, `no fee` or `cost unknown`."""
    low: Decimal | None
    """US dollars; `None` if there is no fee or the cost is unknown."""
    high: Decimal | None
    """`None` if there is no fee or no upper bound."""
    priced: bool
    """Whether its price is known or there is no fee."""
    seconds: float | None
    """For its calls alone; `None` if not known."""
    grounds: tuple[str, ...] = ()
    misfits: tuple[str, ...] = ()
    tried: str = ""
    """A sentence on the trial call; empty if there was none."""


@dataclass(frozen=True, slots=True)
class Bill:
    """The estimate for a plan."""

    lines: tuple[Line, ...]
    """One per target, including those left out."""
    left_out: tuple[int, ...]
    """Targets that will not be asked: under a budget, those whose price is not known."""
    calls: int
    money: str
    low: Decimal | None
    high: Decimal | None
    """The upper bound for everything that is asked; `None` if there is no fee or no bound."""
    places: tuple[Place, ...]
    sampled: int
    """How many rendered prompts were forecast: all of them, or a sample."""
    judges: tuple[Judging, ...] = ()
    judge_places: tuple[Place, ...] = ()
    """Where judges are asked, which happens after all answers are there."""

    @property
    def bounded(self) -> bool:
        """Whether an upper bound of the cost is known."""
        asked = [*(line for line in self.lines if line.target not in self.left_out), *self.judges]
        return all(line.priced and (line.low is None or line.high is not None) for line in asked)

    @property
    def seconds(self) -> float | None:
        """Until the slowest place is finished, and then the slowest place of the judges; `None` if nothing is known."""
        if all(place.seconds is None for place in (*self.places, *self.judge_places)):
            return None
        return longest(self.places) + longest(self.judge_places)

    @property
    def duration(self) -> str:
        """In words: `about 12 min`, `at least 12 min`; empty if not known."""
        if self.seconds is None:
            return ""
        unsure = any(place.at_least or place.seconds is None for place in (*self.places, *self.judge_places))
        return f"{'at least' if unsure else 'about'} {text_of.long_time(self.seconds)}"


def bill(
    plan: Plan, forecast_of: ForecastOf, paces: Sequence[Pace], tried: Mapping[int, Tried] | None = None,
    ask_judge: AskJudge | None = None,
) -> Bill:  # fmt: skip
    """The estimate for `plan`, which needs a case and a wording; `paces` in the order of its targets. Raises
    `HoleError`.

    `ask_judge`: what is known of judges; `None` leaves them out.
    """
    cases = sample(len(plan.cases), _sampled(plan))
    scale = Decimal(len(plan.cases) * plan.repeats) / len(cases)
    calls = len(plan.cases) * len(plan.wordings) * plan.repeats
    forecasts: list[list[Forecast]] = [[] for _ in paces]
    for case in cases:
        for wording in range(len(plan.wordings)):
            for target in range(len(paces)):  # innermost, as targets share the text, whose tokens are then counted once
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
    """How many cases to forecast: fewer if their texts are long."""
    wordings = max(1, len(plan.wordings))
    written = sum(map(len, plan.cases.columns)) + sum(len(cell) for row in plan.cases.rows for cell in row)
    each = written / len(plan.cases) + sum(len(w.prompt) for w in plan.wordings) / wordings
    return max(1, min(SAMPLED, max(FEWEST, int(CHARACTERS / max(each, 1)))) // wordings)


def sample(cases: int, most: int) -> list[int]:
    """At most `most` cases, evenly spread: a table is often sorted, so its beginning is not representative."""
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
    return [f"Time: no complete answer of this model was timed here; {how}."]


def _tried_said(calls: int, once: Tried) -> str:
    if once.duration_s is None and once.cost.amount is None:
        return "The case that was tried gave no answer."
    took = "" if once.duration_s is None else f", {text_of.seconds(once.duration_s)}"
    if once.cost.exact is None:
        return f"The case that was tried: {text_of.cost(once.cost)}{took}."
    all_of_it = text_of.money(once.cost.exact * calls)
    return f"The case that was tried: {text_of.cost(once.cost)}{took}. {calls:,} like it: {all_of_it}."
