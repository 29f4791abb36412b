"""A decision as recorded: what was chosen for which task, and the evidence at that time, frozen. Plain data.

Texts are stored as they were shown, so that a decision still reads the same when the evidence behind it is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

LONGEST_REASON = 2_000
"""In characters."""


@dataclass(frozen=True, slots=True)
class KnownExperiment:
    """An experiment that was part of the evidence."""

    id: str
    name: str
    answers: int
    """How many answers there were then; another number now means that the evidence changed."""


@dataclass(frozen=True, slots=True)
class KnownLine:
    """One line of the chosen model's card."""

    what: str
    value: str
    tag: str
    """The source: who says so, from how much, as of when."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One of the models that were considered."""

    name: str
    quality: str
    time: str
    cost: str
    """For 1,000 requests."""
    standing: str
    """`efficient`, which model beats it, or why it was left out."""


@dataclass(frozen=True, slots=True)
class FrozenEvidence:
    """What was known at the time of the decision. `None`: not known."""

    experiments: tuple[KnownExperiment, ...] = ()
    lines: tuple[KnownLine, ...] = ()
    models: tuple[KnownModel, ...] = ()
    must: tuple[str, ...] = ()
    weights: str = ""
    per_day: int = 0
    second: str = ""
    """A sentence naming the model suggested as second choice; empty if none was."""
    sentences: tuple[str, ...] = ()
    """The verdicts on pairs of models."""
    price_kind: str = "unknown"
    """`amount`, `local` or `unknown`."""
    price_in: str | None = None
    """US dollars per million tokens, with all its digits."""
    price_out: str | None = None
    price_source: str | None = None
    retires_on: str | None = None
    """ISO date."""
    measured_on: str | None = None
    """ISO date of the newest answer that counted."""
    fingerprint: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the provider reported about the system that served that answer."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Which model was chosen for a task, by whom, and why."""

    id: str
    decided_at: datetime
    task: str
    chosen: str
    """`provider:model`, followed by its settings if the same model was considered with others too."""
    person: str
    """The person who decided; empty if nobody logs in."""
    because: str
    """The reason in the person's own words; may be empty."""
    evidence: FrozenEvidence

    @property
    def target(self) -> tuple[str, str]:
        """The provider and model chosen."""
        provider, _, model = self.chosen.partition(" (")[0].partition(":")
        return provider, model

    @property
    def measured_on(self) -> date | None:
        """The day of the newest answer that counted."""
        return date.fromisoformat(self.evidence.measured_on) if self.evidence.measured_on else None


def evidence_json(evidence: FrozenEvidence) -> dict[str, Any]:
    """As JSON, for the record and for files."""
    return asdict(evidence)


def evidence_from(stored: Mapping[str, Any]) -> FrozenEvidence:
    """The evidence from what `evidence_json` made; fields this version does not know are left out."""
    known = {name: stored[name] for name in FrozenEvidence.__dataclass_fields__ if name in stored}
    for name, each in _PARTS.items():
        known[name] = tuple(each(**row) for row in known.get(name, ()))
    for name in ("must", "sentences"):
        known[name] = tuple(known.get(name, ()))
    return FrozenEvidence(**known)


def checked(evidence: FrozenEvidence) -> FrozenEvidence:
    """`evidence` itself, which may come from a file.

    Raises `ValueError` or `ArithmeticError` if a price is not an amount of money, or a day not a date.
    """
    for price in (evidence.price_in, evidence.price_out):
        if price is not None and not _is_amount(Decimal(price)):
            raise ValueError(price)
    for day in (evidence.retires_on, evidence.measured_on):
        if day is not None:
            date.fromisoformat(day)
    return evidence


def _is_amount(price: Decimal) -> bool:
    """Written out in full it fits on a line: `1e999999` is a megabyte of zeros."""
    exponent = price.as_tuple().exponent
    return isinstance(exponent, int) and abs(exponent) <= 30 and 0 <= price < 10**9


_PARTS: Mapping[str, Any] = {"experiments": KnownExperiment, "lines": KnownLine, "models": KnownModel}
