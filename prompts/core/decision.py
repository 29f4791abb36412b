"""A decision as it is kept: what was chosen for which task, and what was known then, frozen. Plain data.

Texts are as they stood on the screen, so that a decision reads the same when the evidence behind it is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

LONGEST_REASON = 2_000
"""Characters of a person's own words."""


@dataclass(frozen=True, slots=True)
class KnownExperiment:
    """An experiment that counted."""

    id: str
    name: str
    answers: int
    """That were there then: more, or fewer, are other evidence."""


@dataclass(frozen=True, slots=True)
class KnownLine:
    """One line of the chosen model's card."""

    what: str
    value: str
    tag: str
    """Who says so, from how much, as of when."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One of those that were considered."""

    name: str
    quality: str
    time: str
    cost: str
    """Of 1,000 requests."""
    standing: str
    """Efficient, beaten by whom, or why it was left out."""


@dataclass(frozen=True, slots=True)
class FrozenEvidence:
    """What was known when it was decided. `None`: it was not known."""

    experiments: tuple[KnownExperiment, ...] = ()
    lines: tuple[KnownLine, ...] = ()
    models: tuple[KnownModel, ...] = ()
    must: tuple[str, ...] = ()
    weights: str = ""
    per_day: int = 0
    second: str = ""
    """Which model was suggested beside it, in a sentence."""
    sentences: tuple[str, ...] = ()
    """What could be said of the pairs."""
    price_kind: str = "unknown"
    """`amount`, `local` or `unknown`."""
    price_in: str | None = None
    """US dollars per million tokens, to the last digit."""
    price_out: str | None = None
    price_source: str | None = None
    retires_on: str | None = None
    """ISO date."""
    measured_on: str | None = None
    """ISO date of the newest answer that counted."""
    fingerprint: Mapping[str, str] = field(default_factory=dict[str, str])
    """What told of what served that answer."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was chosen."""

    id: str
    decided_at: datetime
    task: str
    chosen: str
    """`provider:model`, with its settings where they part it from itself."""
    person: str
    """Empty where nobody logs in."""
    because: str
    """In their own words; may be empty."""
    evidence: FrozenEvidence

    @property
    def target(self) -> tuple[str, str]:
        """Provider and model."""
        provider, _, model = self.chosen.partition(" (")[0].partition(":")
        return provider, model

    @property
    def measured_on(self) -> date | None:
        """The day of the newest answer that counted."""
        return date.fromisoformat(self.evidence.measured_on) if self.evidence.measured_on else None


def evidence_json(evidence: FrozenEvidence) -> dict[str, Any]:
    """For the record and for files."""
    return asdict(evidence)


def evidence_from(stored: Mapping[str, Any]) -> FrozenEvidence:
    """What `evidence_json` made; names that this Collate does not know are left out."""
    known = {name: stored[name] for name in FrozenEvidence.__dataclass_fields__ if name in stored}
    for name, each in _PARTS.items():
        known[name] = tuple(each(**row) for row in known.get(name, ()))
    for name in ("must", "sentences"):
        known[name] = tuple(known.get(name, ()))
    return FrozenEvidence(**known)


def checked(evidence: FrozenEvidence) -> FrozenEvidence:
    """Itself. Raises `ValueError` or `ArithmeticError` where a price is no number, or a day is none: it may be from a
    file."""
    for price in filter(None, (evidence.price_in, evidence.price_out)):
        if not Decimal(price).is_finite():
            raise ValueError(price)
    for day in filter(None, (evidence.retires_on, evidence.measured_on)):
        date.fromisoformat(day)
    return evidence


_PARTS: Mapping[str, Any] = {"experiments": KnownExperiment, "lines": KnownLine, "models": KnownModel}
