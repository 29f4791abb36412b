"""Which candidates are worth their price: the frontier of quality, cost and time, and which models beat the rest.

The rule is that of `experiments.frontier`: at least as good on all three and better on one; models without a fee are
compared only with each other. Owns the words, and whether the confidence intervals support them. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prompts.core import format as text_of
from prompts.decide.candidate import Candidate, Figure
from prompts.decide.evidence import dollars
from prompts.experiments.frontier import Spot, judged


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a candidate is efficient or beaten."""

    candidate: Candidate
    beaten_by: str
    """The name of another candidate; empty if this one is efficient."""
    sentence: str
    sure: bool
    """Whether the intervals of the two do not overlap where they differ; `True` for a candidate that is not beaten."""


@dataclass(frozen=True, slots=True)
class Efficient:
    """The candidates that can be compared, and those that cannot."""

    standings: tuple[Standing, ...]
    """Efficient ones first."""
    unknown: tuple[str, ...]
    """Sentences on the candidates that are not compared, because quality, time or cost is not known."""

    @property
    def frontier(self) -> tuple[Candidate, ...]:
        """The candidates that no other beats."""
        return tuple(each.candidate for each in self.standings if not each.beaten_by)


def efficient(candidates: Sequence[Candidate]) -> Efficient:
    """Compare the candidates for which quality, time and cost are all known."""
    known = [each for each in candidates if not lacking(each)]
    spots = judged([_spot(n, each) for n, each in enumerate(known)])
    by_name = {each.name: each for each in known}
    standings = [_standing(each, spot, by_name) for each, spot in zip(known, spots, strict=True)]
    return Efficient(tuple(sorted(standings, key=lambda each: bool(each.beaten_by))), _unknown(candidates))


def _unknown(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    found: dict[str, list[str]] = {}
    for each in candidates:
        if said := lacking(each):
            found.setdefault(", ".join(said), []).append(each.name)
    return tuple(f"{', '.join(names)}: {said} not known." for said, names in found.items())


def lacking(each: Candidate) -> list[str]:
    """Which of quality, time and cost are not known."""
    figures = {"quality": each.quality, "time": each.seconds, "cost": each.dollars}
    return [name for name, figure in figures.items() if figure is None]


def _spot(place: int, each: Candidate) -> Spot:
    value = {name: 0.0 if f is None else f.value for name, f in
             (("cost", each.dollars), ("time", each.seconds), ("quality", each.quality))}  # fmt: skip
    return Spot(place, each.name, value["cost"], each.no_fee, value["time"], value["quality"])


def _standing(each: Candidate, spot: Spot, by_name: dict[str, Candidate]) -> Standing:
    if not spot.beaten_by:
        return Standing(each, "", "No other is at least as good, as cheap and as fast.", True)
    other = by_name[spot.beaten_by]
    pairs = [
        (what, mine, theirs, show)
        for what, mine, theirs, show in (
            ("quality", each.quality, other.quality, text_of.share),
            ("time", each.seconds, other.seconds, text_of.seconds),
            ("cost", each.dollars, other.dollars, _per_1000),
        )
        if mine is not None and theirs is not None and mine.value != theirs.value
    ]  # fmt: skip
    better = ", ".join(f"{what} {show(theirs.value)} against {show(mine.value)}" for what, mine, theirs, show in pairs)
    near = [what for what, mine, theirs, _ in pairs if _overlap(mine, theirs)]
    doubt = f" The ranges of {' and '.join(near)} overlap, so that is not certain." if near else ""
    return Standing(each, other.name, f"Beaten by {other.name}: {better}.{doubt}", not near)


def _per_1000(each: float) -> str:
    return f"{dollars(1000 * each)} for 1,000"


def _overlap(one: Figure, other: Figure) -> bool:
    """Whether the intervals overlap.

    A figure without an interval always does, except a cost by list price, which is exact.
    """
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return bool(one.n or other.n)
    return one.low <= other.high and other.low <= one.high
