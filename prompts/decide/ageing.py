"""Why a decision should be reviewed: its model retires, its price or what serves it has changed, or it is old.

Pure. Owns the reasons and their words. Where one side of a comparison is unknown, there is no reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from prompts.core import format as text_of
from prompts.core.decision import Decision
from providers.catalogue.catalogue import find
from providers.catalogue.families import STALE_AFTER
from providers.catalogue.pricing import ListPrice

SOON = timedelta(days=90)
"""How long before its end of service a model's retirement is given as a reason."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A change that a watched experiment showed."""

    experiment: str
    """Its id; decisions refer to experiments by id."""
    target: str
    """`provider:model`."""
    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class Aged:
    """A decision that should be reviewed, with the reasons, a sentence each."""

    decision: Decision
    reasons: tuple[str, ...]


def aged(
    decision: Decision, price: ListPrice, drifts: Sequence[Drift], there: Mapping[str, int], now: datetime
) -> Aged | None:  # fmt: skip
    """The decision with the reasons for a review; `None` if there are none.

    `drifts`: what watched experiments showed. `there`: the number of answers of each experiment on record, by id.
    """
    reasons = [
        *_service(decision, now), *_price(decision, price), *_evidence(decision, there, now),
        *(
            f"Drift seen on {drift.at:%Y-%m-%d}: {drift.sentence}"
            for drift in drifts
            if drift.at > decision.decided_at and _concerns(decision, drift)
        ),
    ]  # fmt: skip
    return Aged(decision, tuple(reasons)) if reasons else None


def _concerns(decision: Decision, drift: Drift) -> bool:
    return ":".join(decision.target) == drift.target and any(
        each.id == drift.experiment for each in decision.evidence.experiments
    )


def _service(decision: Decision, now: datetime) -> list[str]:
    row = find(*decision.target)
    if row is None or row.retires_on is None:
        return []
    instead = f" {row.successor.text} is named as its successor." if row.successor else ""
    if row.status(now.date()) == "retired":
        return [f"The model was retired on {row.retires_on}.{instead}"]
    if row.retires_on - now.date() <= SOON:
        return [f"The model retires on {row.retires_on}.{instead}"]
    if decision.evidence.retires_on is None:
        return [f"An end of service has been announced since: {row.retires_on}.{instead}"]
    return []


def _price(decision: Decision, price: ListPrice) -> list[str]:
    then = decision.evidence
    if then.price_kind != "amount" or price.kind != "amount" or then.price_in is None or then.price_out is None:
        return []
    before = Decimal(then.price_in), Decimal(then.price_out)
    after = price.input, price.output
    if before == after:
        return []
    old, new = (f"{text_of.unit_price(a)} in, {text_of.unit_price(b)} out" for a, b in (before, after))
    return [f"The price changed: {old} then, {new} now, per million tokens."]


def _evidence(decision: Decision, there: Mapping[str, int], now: datetime) -> list[str]:
    found: list[str] = []
    measured = decision.measured_on
    if measured is not None and now.date() - measured > STALE_AFTER:
        found.append(f"Its newest answer is from {measured}, more than {STALE_AFTER.days} days ago.")
    for each in decision.evidence.experiments:
        if each.id not in there:
            found.append(f"The experiment “{each.name}” is no longer on record.")
        elif there[each.id] > each.answers:
            more = text_of.number_of(there[each.id] - each.answers, "answer")
            found.append(f"“{each.name}” has {more} more than it had then.")
    return found
