"""Parts of a bill that answers and judgements share: how fast a target is asked, and what calls come to together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from prompts.core.forecast import Forecast, Span
from prompts.experiments.throughput import Throughput, Work


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one target is asked."""

    place: str
    """Where its calls wait for each other: its provider, or the machine that local models share."""
    throughput: Throughput
    """What that place lets through; where several targets share it, the same for all."""
    duration_s: float | None
    """The median of its calls here; `None`: none was measured."""
    n: int = 0
    """Calls that the median is of."""

    def stint(self, calls: int, tokens: float, duration_s: float | None = None) -> Stint:
        """What so many calls make its place busy with; `duration_s` stands in where none was measured."""
        each = self.duration_s if self.duration_s is not None else duration_s
        return Stint(self.place, self.throughput, Work(calls, calls * (each or 0.0), tokens), timed=each is not None)


@dataclass(frozen=True, slots=True)
class Place:
    """What one provider, or one machine, is busy with."""

    name: str
    calls: int
    seconds: float | None
    """`None`: not known of any of its targets, and no limit of it bounds it from below."""
    at_least: bool
    """Some of its targets were never timed."""
    decided_by: str = ""
    """The limit a minute that makes it last so long; empty where it is what goes at once."""


@dataclass(frozen=True, slots=True)
class Stint:
    """Calls that one target or judge makes a place busy with."""

    place: str
    throughput: Throughput
    work: Work
    timed: bool
    """How long a call takes is known; else the work counts as none but for the limits."""

    @property
    def seconds(self) -> float | None:
        """Of these calls alone; `None`: not known."""
        return self.throughput.seconds(self.work) if self.timed else None


def places(stints: Iterable[Stint], after_s: float = 0.0) -> tuple[Place, ...]:
    """What each place is busy with, begun so much later: those that share one wait for each other."""
    found: dict[str, list[Stint]] = {}
    for stint in stints:
        found.setdefault(stint.place, []).append(stint)
    return tuple(_place(name, its, after_s) for name, its in found.items())


def longest(its: Iterable[Place]) -> float:
    """Seconds until the slowest of them is through, as far as they are known."""
    return max((place.seconds for place in its if place.seconds is not None), default=0.0)


def _place(name: str, its: Sequence[Stint], after_s: float) -> Place:
    """Its limits hold for all calls together."""
    work = Work.of(each.work for each in its)
    slowest = max((each.throughput.after(after_s) for each in its), key=lambda throughput: throughput.seconds(work))
    seconds, timed = slowest.seconds(work), [each.timed for each in its]
    return Place(
        name=name, calls=work.calls, seconds=seconds if seconds or any(timed) else None,
        at_least=not all(timed), decided_by=slowest.decides(work),
    )  # fmt: skip


def tokens(forecasts: Iterable[Forecast], scale: Decimal) -> float:
    """What these calls read and write, scaled: the middle of each range, its lower end where nothing bounds it."""
    return float(scale) * sum(_middle(f.input_tokens) + _middle(f.output_tokens) for f in forecasts)


def _middle(span: Span) -> float:
    return span.low if span.high is None else (span.low + span.high) / 2


def whole(forecasts: Sequence[Forecast], scale: Decimal) -> Forecast:
    """All calls of a target as one: what the sampled ones take, scaled; an end that one of them lacks is lacking."""
    lows = [f.low for f in forecasts if f.low is not None]
    highs = [f.high for f in forecasts if f.high is not None]
    return replace(
        next((f for f in forecasts if f.kind == "unknown"), forecasts[0]),
        low=sum(lows, Decimal(0)) * scale if lows else None,
        high=sum(highs, Decimal(0)) * scale if len(highs) == len(forecasts) else None,
    )
