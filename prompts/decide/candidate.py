"""One model as a candidate for a task: what was measured of it here, what people prefer, and what is documented.

Owns which figure counts for quality, time and money, and how they are scaled to the user's own lengths and volume. A
figure that is not known is `None`, and its line of evidence gives the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, median
from typing import Literal

from prompts.analysis.monthly_cost import DAYS, DEFAULT_PER_DAY
from prompts.analysis.statistics.rates import money_per_1000
from prompts.analysis.statistics.times import median_interval
from prompts.decide.facts import Facts
from prompts.decide.people import NOBODY, People
from prompts.decide.pool import Pooled
from providers.catalogue.pricing import ListPrice
from providers.completion import Completion

Basis = Literal["checks", "votes", "ratings"]
"""What quality means for a task: how many answers pass, are preferred in blind votes, or were called best."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % confidence interval. `low` and `high` are `None` if there is too little data for one."""

    value: float
    low: float | None
    high: float | None
    n: int
    """The number of cases it is from; for people's preferences, of votes or runs. 0 for a list price."""


@dataclass(frozen=True, slots=True)
class Use:
    """How the user would use the model."""

    per_day: int = DEFAULT_PER_DAY
    input_tokens: int | None = None
    """Tokens of one request; `None`: as measured."""
    output_tokens: int | None = None
    """Tokens of one answer, thinking included; `None`: as measured."""
    own_cost_per_hour: Decimal | None = None
    """US dollars for an hour of the user's own machine; `None`: the cost of a local model is not known."""

    @property
    def own_length(self) -> bool:
        """Whether both lengths are given, so that costs are computed from list prices."""
        return self.input_tokens is not None and self.output_tokens is not None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One model with the three figures that a choice is based on. `None`: not known."""

    name: str
    facts: Facts
    pooled: Pooled | None
    people: People
    use: Use
    quality: Figure | None
    """A share from 0 to 1; what it means depends on `Basis`."""
    seconds: Figure | None
    """The median duration of one answer."""
    dollars: Figure | None
    """US dollars for one request; for a model without a fee 0, or what the user's own machine costs meanwhile."""
    no_fee: bool
    """Whether there is no fee and no cost of the user's own machine is set:
    then `dollars` is 0, though the machine costs something."""

    @property
    def measured(self) -> bool:
        """Whether any answer of it was measured here."""
        return self.pooled is not None and bool(self.pooled.completions)

    @property
    def a_month(self) -> Figure | None:
        """US dollars per month at `Use.per_day` requests a day."""
        return None if self.dollars is None else _times(self.dollars, self.use.per_day * DAYS)


def candidates(
    pooled: Mapping[str, Pooled], facts: Sequence[Facts], said: Mapping[str, People], use: Use
) -> tuple[Candidate, ...]:
    """Every known model: measured ones under their names in the pool, the others as `provider:model`."""
    about = {each.target: each for each in facts}
    names = {name: str(each.target) for name, each in pooled.items()}
    names |= {target: target for target in about if target not in names.values()}
    basis = basis_of(pooled, said)
    return tuple(
        _candidate(name, about[target], pooled.get(name), said.get(target, NOBODY), use, basis)
        for name, target in names.items()
        if target in about
    )


def basis_of(pooled: Mapping[str, Pooled], said: Mapping[str, People]) -> Basis:
    """Checks if any answer was checked, else blind votes, else ratings; they are never mixed."""
    if any(each.rate.interval for each in pooled.values()):
        return "checks"
    if any(each.standing for each in said.values()):
        return "votes"
    return "ratings" if any(each.ratings.wins.interval for each in said.values()) else "checks"


def _candidate(
    name: str, facts: Facts, pooled: Pooled | None, people: People, use: Use, basis: Basis
) -> Candidate:  # fmt: skip
    seconds = _seconds(pooled, use)
    no_fee = facts.price.kind == "local" or (pooled is not None and pooled.no_fee)
    dollars = _dollars(pooled, facts.price, use)
    if no_fee:
        own = use.own_cost_per_hour
        dollars = Figure(0.0, None, None, 0)
        if own is not None:
            dollars = None if seconds is None else _times(seconds, float(own) / 3600)
            no_fee = False
    return Candidate(name, facts, pooled, people, use, _quality(pooled, people, basis), seconds, dollars, no_fee)


def _quality(pooled: Pooled | None, people: People, basis: Basis) -> Figure | None:
    if basis == "votes":
        one = people.standing
        return None if one is None else Figure(one.rate.estimate, one.rate.low, one.rate.high, one.votes)
    rate = people.ratings.wins if basis == "ratings" else pooled.rate if pooled else None
    if rate is None or (found := rate.interval) is None:
        return None
    return Figure(found.estimate, found.low, found.high, rate.cases)


def _seconds(pooled: Pooled | None, use: Use) -> Figure | None:
    """Seconds as measured; for another length of the answer,
    computed from first token and rate of each answer that has both."""
    if pooled is None:
        return None
    if use.output_tokens is None:
        cases = [median(case) for case in pooled.durations if case]
        found = median_interval(cases)
        return _figure(cases, found.low if found else None, found.high if found else None)
    timed = [_at_length(each, use.output_tokens) for each in pooled.completions]
    values = [each for each in timed if each is not None]
    return Figure(median(values), None, None, len(values)) if values else None


def _at_length(done: Completion, tokens: int) -> float | None:
    first, rate = done.timings.time_to_first_token_s, done.timings.output_tokens_per_s
    return None if first is None or not rate else first + max(0, tokens - 1) / rate


def _figure(cases: list[float], low: float | None, high: float | None) -> Figure | None:
    return Figure(median(cases), low, high, len(cases)) if cases else None


def _dollars(pooled: Pooled | None, price: ListPrice, use: Use) -> Figure | None:
    """US dollars for one request: by list price if lengths are given, else the mean of what was measured."""
    if use.input_tokens is not None and use.output_tokens is not None:
        each = at_list_price(price, use.input_tokens, use.output_tokens)
        return None if each is None else Figure(float(each), None, None, 0)
    costs = [case for case in pooled.costs if case] if pooled else []
    if not costs:
        return None
    if (found := money_per_1000(costs)) is not None:
        per = found.per_1000
        return Figure(per.estimate / 1000, per.low / 1000, per.high / 1000, found.cases)
    return Figure(fmean(fmean(case) for case in costs), None, None, len(costs))


def at_list_price(price: ListPrice, input_tokens: int, output_tokens: int) -> Decimal | None:
    """US dollars for one request of that length; `None` if no price is known."""
    if price.kind != "amount" or price.input is None or price.output is None:
        return None
    reads, writes = price.input, price.output
    if price.long_prompt is not None and input_tokens > price.long_prompt.above:
        reads, writes = price.long_prompt.input, price.long_prompt.output
    return (reads * input_tokens + writes * output_tokens) / 1_000_000


def _times(figure: Figure, factor: float) -> Figure:
    low, high = (None if each is None else each * factor for each in (figure.low, figure.high))
    return Figure(figure.value * factor, low, high, figure.n)
