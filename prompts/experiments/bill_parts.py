"""Parts of a bill that answers and judgements share: how fast a target is asked, and what calls come to together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from prompts.core.forecast import Forecast


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one target is asked."""

    place: str
    """Where its calls wait for each other: its provider, or the machine that local models share."""
    at_once: int
    duration_s: float | None
    """The median of its calls here; `None`: none was measured."""
    n: int = 0
    """Calls that the median is of."""

    def seconds(self, calls: int, duration_s: float | None = None) -> float | None:
        """What so many calls take; `duration_s` stands in where none was measured."""
        each = self.duration_s if self.duration_s is not None else duration_s
        return None if each is None else calls * each / self.at_once


@dataclass(frozen=True, slots=True)
class Place:
    """What one provider, or one machine, is busy with."""

    name: str
    calls: int
    seconds: float | None
    """`None`: not known of any of its targets."""
    at_least: bool
    """Not known of all of them."""


@dataclass(frozen=True, slots=True)
class Stint:
    """Calls that one target or judge makes a place busy with."""

    place: str
    calls: int
    seconds: float | None
    """`None`: not known."""


def places(stints: Iterable[Stint]) -> tuple[Place, ...]:
    """What each place is busy with: those that share one wait for each other."""
    found: dict[str, list[Stint]] = {}
    for stint in stints:
        found.setdefault(stint.place, []).append(stint)
    return tuple(
        Place(
            name=name, calls=sum(each.calls for each in its),
            seconds=sum(known) if (known := [each.seconds for each in its if each.seconds is not None]) else None,
            at_least=any(each.seconds is None for each in its),
        )
        for name, its in found.items()
    )  # fmt: skip


def whole(forecasts: Sequence[Forecast], scale: Decimal) -> Forecast:
    """All calls of a target as one: what the sampled ones take, scaled; an end that one of them lacks is lacking."""
    lows = [f.low for f in forecasts if f.low is not None]
    highs = [f.high for f in forecasts if f.high is not None]
    return replace(
        next((f for f in forecasts if f.kind == "unknown"), forecasts[0]),
        low=sum(lows, Decimal(0)) * scale if lows else None,
        high=sum(highs, Decimal(0)) * scale if len(highs) == len(forecasts) else None,
    )
