"""One model as it stands for a task: what was measured of it here, what people prefer, what is said of it.

Owns which figure counts for quality, time and money, and what they become at the user's own length and volume. A
figure that is not known is `None`, with the reason in its line.
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
"""What quality means for a task: answers that pass, that people prefer blindly, or that they called best."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the range that holds the truth in 95 of 100 cases. `low`, `high`: `None`: too few for a range."""

    value: float
    low: float | None
    high: float | None
    n: int
    """Cases it is made of; votes or runs, where it is of what people prefer."""


@dataclass(frozen=True, slots=True)
class Use:
    """How the model will be used."""

    per_day: int = DEFAULT_PER_DAY
    input_tokens: int | None = None
    """Of one request; `None`: as long as those that were measured."""
    output_tokens: int | None = None
    """Of one answer, thinking included; `None`: likewise."""
    own_cost_per_hour: Decimal | None = None
    """US dollars for an hour of one's own machine; `None`: what a local model costs is not known."""

    @property
    def own_length(self) -> bool:
        """Whether both lengths are given, so that money is reckoned from list prices."""
        return self.input_tokens is not None and self.output_tokens is not None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One model, with the three figures that a choice weighs. `None`: not known."""

    name: str
    facts: Facts
    pooled: Pooled | None
    people: People
    use: Use
    quality: Figure | None
    """Share from 0 to 1."""
    seconds: Figure | None
    """Of one answer, the median."""
    dollars: Figure | None
    """Of one request; without a fee 0, or what the own machine costs meanwhile."""
    no_fee: bool
    """No fee is asked, and nothing is set for the own machine: its cost is not known, and counts as none."""

    @property
    def measured(self) -> bool:
        """Whether any answer of it stands behind this."""
        return self.pooled is not None and bool(self.pooled.completions)

    @property
    def a_month(self) -> Figure | None:
        """US dollars in a month of `Use.per_day` requests a day."""
        return None if self.dollars is None else _times(self.dollars, self.use.per_day * DAYS)


def candidates(
    pooled: Mapping[str, Pooled], facts: Sequence[Facts], said: Mapping[str, People], use: Use
) -> tuple[Candidate, ...]:
    """Every model that is known of: measured ones under their names, the others as `provider:model`."""
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
    """Checks wherever any answer was checked, then blind votes, then ratings; they are never mixed."""
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
    """As measured; at another length of the answer, first token and pace of each answer that tells both."""
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
    """By list price at a length that is given, else the mean of what was measured."""
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
    """US dollars of one request of that length; `None` where no price is known."""
    if price.kind != "amount" or price.input is None or price.output is None:
        return None
    reads, writes = price.input, price.output
    if price.long_prompt is not None and input_tokens > price.long_prompt.above:
        reads, writes = price.long_prompt.input, price.long_prompt.output
    return (reads * input_tokens + writes * output_tokens) / 1_000_000


def _times(figure: Figure, factor: float) -> Figure:
    low, high = (None if each is None else each * factor for each in (figure.low, figure.high))
    return Figure(figure.value * factor, low, high, figure.n)
