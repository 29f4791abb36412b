"""Which sides are worth their price: the Pareto frontier of pass rate, time and cost.

A side without a fee is at cost 0 and compared only with other such sides: its machine costs money too, but how much is
not known. A side with an unknown value is left out, with the reason. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from prompts.experiments.results import Side


@dataclass(frozen=True, slots=True)
class Spot:
    """One side as a point."""

    side: int
    name: str
    dollars: float
    """Per answer, the mean over the cases; 0 if there is no fee."""
    no_fee: bool
    seconds: float
    """The median duration."""
    passes: float
    """The share of answers that passed, 0 to 1."""
    beaten_by: str = ""
    """The name of a side that is at least as good on all three and better on one; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Frontier:
    """All sides of an experiment."""

    spots: tuple[Spot, ...]
    missing: tuple[str, ...]
    """The sides that cannot be drawn, each with the reason as a sentence."""


def frontier(sides: Sequence[Side]) -> Frontier:
    """The sides as points, each with the side that beats it."""
    found = [_spot(n, side) for n, side in enumerate(sides)]
    spots = [each for each in found if isinstance(each, Spot)]
    return Frontier(judged(spots), tuple(each for each in found if isinstance(each, str)))


def judged(spots: Sequence[Spot]) -> tuple[Spot, ...]:
    """The points, each with the name of the first other point that beats it."""
    return tuple(replace(spot, beaten_by=next((o.name for o in spots if _beats(o, spot)), "")) for spot in spots)


def _spot(place: int, side: Side) -> Spot | str:
    if side.rate.interval is None:
        return f"{side.name}: no answer with a verdict."
    if side.time is None:
        return f"{side.name}: no time was measured."
    costs = [fmean(case) for case in side.costs if case]
    if not costs and not side.no_fee:
        return f"{side.name}: its cost is not known."
    cost = fmean(costs) if costs else 0.0
    return Spot(place, side.name, cost, side.no_fee, side.time, side.rate.interval.estimate)


def _beats(other: Spot, spot: Spot) -> bool:
    no_worse = other.dollars <= spot.dollars and other.seconds <= spot.seconds and other.passes >= spot.passes
    differs = (other.dollars, other.seconds, other.passes) != (spot.dollars, spot.seconds, spot.passes)
    return no_worse and differs and other.no_fee == spot.no_fee
