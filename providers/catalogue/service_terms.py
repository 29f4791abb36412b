"""The terms under which a call was served, and their effect on its price.

Pure. Owns the vendors' words for tiers, speeds and regions. One tier's price is never used for another: if a list has
none for the tier that answered, the cost is *at least* the standard one if the tier is known to be more expensive, and
unknown if it may be cheaper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

_STANDARD = frozenset({"default", "standard", "on_demand", "auto", "unspecified"})
"""Words for the standard tier, of OpenAI, Anthropic, Groq and Google."""
_DEARER = {("openai", "priority"), ("openai", "fast"), ("google", "priority"), ("anthropic", "speed fast")}
"""Tiers sold as more expensive than the standard. Anthropic's "priority" is a contract with its own prices."""
_US_ONLY = Decimal("0.1")
US_ONLY_SOURCE = "the surcharge by docs.aws.amazon.com/claude-platform, 2026-11-28"


@dataclass(frozen=True, slots=True)
class Term:
    """One condition with a price of its own."""

    name: str
    """In words: `priority tier`."""
    when: Mapping[str, str]
    """How genai-prices selects it."""
    dearer: bool
    """Whether it is known to cost more than the standard, so that the standard price is a lower bound."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that distinguishes a call from a standard one."""

    priced_apart: tuple[Term, ...] = ()
    surcharge: Decimal = Decimal(0)
    """A fraction of the sum, which is added to it."""
    place: str | None = None
    """The region in which it had to be served, if its surcharge is not known."""

    @property
    def context(self) -> Mapping[str, str]:
        """Everything that genai-prices selects by."""
        return {key: value for term in self.priced_apart for key, value in term.when.items()}


def terms(vendor: str, served: Mapping[str, str]) -> Terms:
    """What `served`, the fingerprint of an answer, means for the price;
    `vendor` is the provider's name in genai-prices."""
    found: list[Term] = []
    tier, speed = served.get("service_tier", "").lower(), served.get("speed", "").lower()
    if tier == "batch":
        found.append(Term("batch", {"processing": "batch"}, dearer=False))
    elif tier and tier not in _STANDARD:
        found.append(Term(f"{tier} tier", {"service_tier": tier}, (vendor, tier) in _DEARER))
    if speed and speed not in _STANDARD:
        found.append(Term(f"{speed} mode", {"speed": speed}, (vendor, f"speed {speed}") in _DEARER))
    place = served.get("inference_geo", "").lower()
    if place == "us":
        return Terms(tuple(found), surcharge=_US_ONLY)
    return Terms(tuple(found), place=place if place and place != "global" else None)
