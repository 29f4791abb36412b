"""Parts of an estimate that answers and judgements share: how fast a target is asked, and the sum of its calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from prompts.core.forecast import Forecast, Span
from prompts.experiments.throughput import Throughput, Work


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one target can be asked."""

    place: str
    """What its calls compete for: its provider, or the machine that local models share."""
    throughput: Throughput
    """The limits of that place, which are the same for all targets that share it."""
    duration_s: float | None
    """The median duration of its calls here; `None` if none was measured."""
    n: int = 0
    """The number of calls behind the median."""

    def stint(self, calls: int, tokens: float, duration_s: float | None = None) -> Stint:
        """The work of `calls` calls for its place; `duration_s` is used if no duration was measured."""
        each = self.duration_s if self.duration_s is not None else duration_s
        return Stint(self.place, self.throughput, Work(calls, calls * (each or 0.0), tokens), timed=each is not None)


@dataclass(frozen=True, slots=True)
class Place:
    """The total work for one provider or machine."""

    name: str
    calls: int
    seconds: float | None
    """`None` if no target has a known duration and no limit gives a lower bound."""
    at_least: bool
    """Whether some of its targets were never timed."""
    decided_by: str = ""
    """The limit per minute that determines the time; empty if it is the number of calls at once."""


@dataclass(frozen=True, slots=True)
class Stint:
    """The calls of one target or judge at a place."""

    place: str
    throughput: Throughput
    work: Work
    timed: bool
    """Whether it is known how long a call takes; else only the limits count."""

    @property
    def seconds(self) -> float | None:
        """For these calls alone; `None` if not known."""
        return self.throughput.seconds(self.work) if self.timed else None


def places(stints: Iterable[Stint], after_s: float = 0.0) -> tuple[Place, ...]:
    """The total work at each place, starting `after_s` seconds from now; calls of one place wait for each other."""
    found: dict[str, list[Stint]] = {}
    for stint in stints:
        found.setdefault(stint.place, []).append(stint)
    return tuple(_place(name, its, after_s) for name, its in found.items())


def longest(its: Iterable[Place]) -> float:
    """Seconds until the slowest place is finished, as far as known."""
    return max((place.seconds for place in its if place.seconds is not None), default=0.0)


def _place(name: str, its: Sequence[Stint], after_s: float) -> Place:
    """The sum of all stints at one place, whose limits hold for all calls together."""
    work = Work.of(each.work for each in its)
    slowest = max((each.throughput.after(after_s) for each in its), key=lambda throughput: throughput.seconds(work))
    seconds, timed = slowest.seconds(work), [each.timed for each in its]
    return Place(
        name=name, calls=work.calls, seconds=seconds if seconds or any(timed) else None,
        at_least=not all(timed), decided_by=slowest.decides(work),
    )  # fmt: skip


def tokens(forecasts: Iterable[Forecast], scale: Decimal) -> float:
    """How many tokens these calls read and write, scaled:
    the middle of each range, or its lower end if it has no upper end."""
    return float(scale) * sum(_middle(f.input_tokens) + _middle(f.output_tokens) for f in forecasts)


def _middle(span: Span) -> float:
    return span.low if span.high is None else (span.low + span.high) / 2


def whole(forecasts: Sequence[Forecast], scale: Decimal) -> Forecast:
    """All calls of a target as one: the sampled ones summed and scaled; a bound that one of them lacks is lacking."""
    lows = [f.low for f in forecasts if f.low is not None]
    highs = [f.high for f in forecasts if f.high is not None]
    return replace(
        next((f for f in forecasts if f.kind == "unknown"), forecasts[0]),
        low=sum(lows, Decimal(0)) * scale if lows else None,
        high=sum(highs, Decimal(0)) * scale if len(highs) == len(forecasts) else None,
    )
