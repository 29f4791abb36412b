"""The cost of a call as the provider itself reports it, and when that is not to be believed.

Pure. Owns the forms in which hosts report it (OpenRouter, Perplexity, xAI). A zero is not a price: free models are
known by name, and for others a zero means that somebody else was charged, such as the owner of a key upstream.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import cast

_XAI_TICKS = Decimal(10**10)
"""Ticks in a US dollar. Source: docs.x.ai, "Cost tracking"."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Reported costs in US dollars. `None`: not reported."""

    total: Decimal | None
    """What the host itself charged."""
    upstream: Decimal | None = None
    """What the owner of the key was charged upstream of the host, if the user's own key was used there."""
    own_key: bool = False


def reported(said: Decimal | None, raw: Mapping[str, object] | None) -> Reported:
    """The reported cost: `said` is what the adapter read, `raw` the host's usage object."""
    told = raw or {}
    cost, details = told.get("cost"), told.get("cost_details")
    if said is None and isinstance(cost, Mapping):
        said = amount(cast(Mapping[str, object], cost).get("total_cost"))
    if said is None and (ticks := amount(told.get("cost_in_usd_ticks"))) is not None:
        said = ticks / _XAI_TICKS
    own, upstream = told.get("is_byok"), None
    if isinstance(details, Mapping):
        upstream = amount(cast(Mapping[str, object], details).get("upstream_inference_cost"))
    if own is True or (own is None and upstream is not None and upstream > (said or 0)):
        return Reported(said, upstream or None, own_key=True)  # what the host charges is a fee in this case
    return Reported(said)


def known_free(*names: str | None) -> bool:
    """Whether a model is free according to its name."""
    return any(name.lower().endswith(":free") for name in names if name)


def amount(value: object) -> Decimal | None:
    """US dollars from JSON; `None` if it is not an amount."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        dollars = Decimal(str(value))
    except InvalidOperation:
        return None
    return dollars if dollars.is_finite() and dollars >= 0 else None
