"""Our own dated prices for what genai-prices does not list yet: `prices.toml`, in that library's own types.

Because a row becomes a `ModelInfo`, days, tiers and long prompts work as for a listed model. A row without source or
date is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from providers.catalogue.model_names import same_model

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, PriceVariant

_KINDS = ("input", "output", "cache_read", "cache_write", "input_image", "cache_image_read", "output_image")


@dataclass(frozen=True, slots=True)
class Row:
    """One model with its price."""

    provider: str
    model: str
    info: ModelInfo
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Alias:
    """A moving name, such as "latest", and the model that it means."""

    provider: str
    model: str
    means: str
    source: str
    as_of: date


def find(provider: str, model: str) -> Row | None:
    """The row of `model` at the provider with that name in genai-prices; `None` if there is none."""
    return next((row for row in rows() if row.provider == provider and same_model(row.model, model)), None)


def meant(provider: str, model: str) -> str:
    """The model that a moving name means; any other name unchanged."""
    named = (provider, model.lower())
    return next((alias.means for alias in aliases() if (alias.provider, alias.model) == named), model)


@cache
def rows() -> tuple[Row, ...]:
    """All rows."""
    return tuple(
        Row(row["provider"], row["model"], _info(row), row["source"], row["as_of"]) for row in _file().get("price", ())
    )


@cache
def aliases() -> tuple[Alias, ...]:
    """All aliases."""
    return tuple(Alias(**row) for row in _file().get("alias", ()))


@cache
def _file() -> Mapping[str, Any]:
    text = Path(__file__).with_name("prices.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def _info(row: Mapping[str, Any]) -> ModelInfo:
    from genai_prices.types import ClauseEquals, ConditionalPrice, ModelInfo, StartDateConstraint

    later: Mapping[str, Any] | None = row.get("later")
    prices: Any = _price(row)
    if later is not None:
        prices = [
            ConditionalPrice(prices=prices),
            ConditionalPrice(constraint=StartDateConstraint(start_date=later["starts"]), prices=_price(later)),
        ]
    variants = [variant for period in (later, row) if period for variant in _variants(row.get("tiers", {}), period)]
    return ModelInfo(
        id=row["model"], match=ClauseEquals(equals=row["model"]), prices=prices, price_variants=variants or None
    )


def _variants(tiers: Mapping[str, Any], period: Mapping[str, Any]) -> Iterator[PriceVariant]:
    """The tiers of one period. The first that is in force applies, so later periods come first."""
    from genai_prices.types import PriceVariant, StartDateConstraint

    starts: date | None = period.get("starts")
    since = StartDateConstraint(start_date=starts) if starts else None
    for tier, factor in tiers.items():
        when = {"processing": "batch"} if tier == "batch" else {"service_tier": tier}
        yield PriceVariant(when, _price(period, Decimal(factor)), since)


def _price(period: Mapping[str, Any], factor: Decimal = Decimal(1)) -> ModelPrice:
    from genai_prices.types import ModelPrice, Tier, TieredPrices

    long: Mapping[str, Any] | None = period.get("long")

    def price(kind: str) -> Decimal | TieredPrices:
        base = Decimal(period[kind]) * factor
        return TieredPrices(base, [Tier(long["above"], Decimal(long[kind]) * factor)]) if long else base

    return ModelPrice(**{f"{kind}_mtok": price(kind) for kind in _KINDS if kind in period})
