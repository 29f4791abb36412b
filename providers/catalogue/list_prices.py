"""The list price of a model under the terms of a call: from genai-prices, else from our own file.

Owns how a model is found in these lists, and which unit prices apply on a day, for a length of prompt and a tier. Does
not guess the price of a term that the list does not name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from providers.catalogue import price_file, price_list
from providers.catalogue.service_terms import Term
from providers.config.connections import Connection

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo


@dataclass(frozen=True, slots=True)
class Listed:
    """A model in a list of prices."""

    vendor: str
    """The provider's name in genai-prices."""
    model: str
    info: ModelInfo
    source: str
    as_of: str | None
    """ISO date of the price; `None` if its list has a version instead."""
    variants: bool
    """Whether the list's prices for tiers apply: not for a model that is priced by its maker's list."""

    def prices(self, at: datetime, input_tokens: int, context: Mapping[str, str]) -> Mapping[str, Decimal]:
        """Unit prices under the names of genai-prices (`input_mtok`), for a prompt of that length."""
        found = vars(self.info.get_prices(at, context if self.variants else None))
        return {key: price for key, value in found.items() if (price := _at_length(value, input_tokens)) is not None}

    def has(self, term: Term, at: datetime) -> bool:
        """Whether the list has a price for these terms on that day."""
        return self.variants and any(
            variant.when == term.when and (variant.constraint is None or variant.constraint.active(at))
            for variant in self.info.price_variants or ()
        )

    def threshold(self, at: datetime) -> int | None:
        """The lowest prompt length, in tokens, above which a different price applies; `None` if there is none."""
        prices = self.info.get_prices(at)
        tiers = [getattr(prices.input_mtok, "tiers", ()), getattr(prices.output_mtok, "tiers", ())]
        return min((tier.start for each in tiers for tier in each), default=None)


def find(provider: str, model: str, connection: Connection | None) -> Listed | None:
    """The list entry for `model` in `provider`'s spelling; `None` if no list has it."""
    from genai_prices.data_snapshot import get_snapshot  # 1.6 MB of data, so only imported for pricing

    snapshot = get_snapshot()
    try:
        if connection is None or provider in _known_providers():
            vendor = snapshot.find_provider(None, provider, None)
        else:
            vendor = snapshot.find_provider(None, None, connection.base_url)
    except LookupError:
        return None
    name = price_file.meant(vendor.id, model.removeprefix("models/"))
    info = vendor.find_model(name.lower(), all_providers=snapshot.providers)
    if info is not None:
        own = any(info is each for each in vendor.models)
        return Listed(vendor.id, info.id, info, price_list.name(), None, own)
    if row := price_file.find(vendor.id, name):
        return Listed(vendor.id, row.model, row.info, row.source, row.as_of.isoformat(), True)
    return None


@cache
def _known_providers() -> frozenset[str]:
    from genai_prices.data_snapshot import get_snapshot

    return frozenset(provider.id for provider in get_snapshot().providers)


def _at_length(price: object, input_tokens: int) -> Decimal | None:
    """The price for that length: some lists charge more for a whole request if its prompt exceeds a threshold."""
    if price is None or isinstance(price, Decimal):
        return price
    tiered = cast(Any, price)
    return next((tier.price for tier in reversed(tiered.tiers) if input_tokens > tier.start), tiered.base)
