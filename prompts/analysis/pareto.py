"""Cost vs. speed: which targets are not beaten on both by any other, and which beat the rest (Pareto frontier).

Owns the comparison and its words. Pure. A target without a known cost or time is left out, and that is reported. A
local model is at cost 0, marked "no fee", and compared only with other local models: its machine costs money too, but
how much is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from prompts.analysis.best import cheapest, fastest, listed
from prompts.analysis.spread import COMPARED, LENGTH, askings, completed, middle, names, points
from prompts.core import metrics
from prompts.core.answer import Answer
from prompts.core.run import Run
from providers.catalogue.families import family_of

_COST, _DURATION = (
    next(each for each in COMPARED if each.metric is metric) for metric in (metrics.COST, metrics.DURATION)
)


@dataclass(frozen=True, slots=True)
class Spot:
    """One target as a point; the values are medians over its answers (`spread.middle`)."""

    column: int
    name: str
    cost: Decimal
    """US dollars per answer; 0 where no fee is charged."""
    no_fee: bool
    duration_s: float
    characters: int | None
    """Visible length of the answer; `None` if only figures of the answer were recorded, not its text."""
    n: int
    """How many answers it rests on."""
    family: str | None = None
    """The model family; `None` if it is not known."""
    verdict: str = "efficient"
    """`efficient`, or which other target is better on both counts."""

    @property
    def efficient(self) -> bool:
        """Whether no other of its kind is at least as cheap and as fast, and better on one of the two."""
        return self.verdict == "efficient"


@dataclass(frozen=True, slots=True)
class Missing:
    """A target that cannot be drawn, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Field:
    """All targets of a run."""

    spots: tuple[Spot, ...]
    missing: tuple[Missing, ...]

    @property
    def frontier(self) -> tuple[Spot, ...]:
        """The efficient targets that have a price, the cheapest first."""
        priced = (spot for spot in self.spots if spot.efficient and not spot.no_fee)
        return tuple(sorted(priced, key=lambda spot: (spot.cost, spot.duration_s)))


def in_a_sentence(run: Run) -> str:
    """Who is cheapest and who is fastest, as far as that is known of all who answered.

    Empty if there is nothing to choose.
    """
    cheap, fast = cheapest(run), fastest(run)
    if not fast.names:
        return ""
    if len(cheap.names) == 1 and cheap.names == fast.names and not cheap.among:
        return f"{cheap.names[0]} is both the cheapest and the fastest."
    said = [_leads(cheap.names, " ".join(filter(None, ("cheapest", cheap.among))))] if cheap.names else []
    said.append(_leads(fast.names, "fastest"))
    if cheap.unknown:
        said.append(f"Which is cheapest cannot be said: the price of {listed(cheap.unknown)} is not known.")
    return " ".join(said)


def _leads(several: Sequence[str], what: str) -> str:
    return f"{listed(several)} {'is' if len(several) == 1 else 'are'} the {what}."


def field(run: Run) -> Field:
    """All targets of `run`, in the order of its columns."""
    targets = askings(run)
    found = [_spot(name, answers) for name, answers in zip(names(targets), targets, strict=True)]
    spots = [each for each in found if isinstance(each, Spot)]
    judged = tuple(replace(spot, verdict=_verdict(spot, spots)) for spot in spots)
    return Field(judged, tuple(each for each in found if isinstance(each, Missing)))


def _spot(name: str, answers: Sequence[Answer]) -> Spot | Missing:
    done = [completion for _, completion in completed(answers)]
    if not done:
        return Missing(
            name, "not answered yet" if any(answer.live for answer in answers) else "no answer ended properly"
        )
    cost, duration, length = (middle(points(answers, figure)) for figure in (_COST, _DURATION, LENGTH))
    no_fee = all(each.cost.kind == "local" for each in done)
    if duration is None or (cost is None and not no_fee):
        return Missing(name, done[0].cost.reason or "its cost or time is unknown")
    family = family_of(answers[0].target.provider, answers[0].target.model)
    return Spot(
        answers[0].column, name, Decimal(repr(cost or 0)), no_fee, duration, None if length is None else round(length),
        len(done), family.name if family else None,
    )  # fmt: skip


def _verdict(spot: Spot, spots: Sequence[Spot]) -> str:
    """`efficient`, or a sentence naming the target that beats it (the fastest of several)."""
    better = [other for other in spots if _beats(other, spot)]
    if not better:
        return "efficient"
    other = min(better, key=lambda each: (each.duration_s, each.cost))
    if other.no_fee:
        return f"{other.name} is faster, without a fee too"
    if other.cost == spot.cost:
        return f"{other.name} costs the same and is faster"
    return f"{other.name} is cheaper and {'as fast' if other.duration_s == spot.duration_s else 'faster'}"


def _beats(other: Spot, spot: Spot) -> bool:
    no_worse = other.cost <= spot.cost and other.duration_s <= spot.duration_s
    differs = (other.cost, other.duration_s) != (spot.cost, spot.duration_s)
    return no_worse and differs and other.no_fee == spot.no_fee
