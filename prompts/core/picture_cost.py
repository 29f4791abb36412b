"""What one picture will cost, estimated before it is drawn: at least its vendor's published price, by the same `Pricer`
as a receipt.

Where no price is published the cost is unknown, with advice on what to set so that it is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from providers.catalogue import picture_prices
from providers.catalogue.pricing import Bill
from providers.completion import Cost
from providers.config.connections import Connection
from providers.interface import Request, Usage
from providers.pictures import PictureSettings


@dataclass(frozen=True, slots=True)
class PictureCost:
    """The estimated cost of one picture."""

    kind: Literal["amount", "local", "unknown"]
    low: Decimal | None = None
    """US dollars; `None` unless `kind` is `amount`."""
    high: Decimal | None = None
    """US dollars; `None` unless `kind` is `amount`, and if there is no upper bound."""
    reason: str | None = None
    """Why the cost, or its upper end, is unknown."""
    basis: str = ""


def picture_cost(
    request: Request, connection: Connection, price: Callable[[Bill], Cost], at: datetime, reads: int
) -> PictureCost:
    """The cost of one picture, whose prompt has at least `reads` tokens."""
    asked = request.settings.picture or PictureSettings()

    def of(tokens: int) -> Cost:
        raw = {"output_tokens_details": {"image_tokens": tokens}}
        return price(Bill(
            connection.name, request.model, None, Usage(reads, tokens), at, raw_usage=raw,
            pixels=((asked.width or 0) * (asked.height or 0),), steps=asked.steps,
        ))  # fmt: skip

    nothing = of(0)
    if nothing.kind != "amount":
        return PictureCost(nothing.kind, reason=nothing.reason)
    if any(line.what == "picture" for line in nothing.lines):
        dated = f", {nothing.price_date}" if nothing.price_date else ""
        return PictureCost("amount", nothing.exact, nothing.exact, basis=f"one picture: {nothing.source}{dated}")
    known = picture_prices.find(connection.name, request.model, asked)
    whole = None if known is None else of(known.tokens or 0).exact
    if known is None or whole is None:
        return PictureCost("unknown", reason=_why(connection.name, request.model))
    basis = f"one picture: {known.source}, {known.as_of}"
    return PictureCost("amount", whole + (known.dollars or Decimal(0)), None, known.besides, basis)


def _why(provider: str, model: str) -> str:
    sizes = picture_prices.sizes(provider, model)
    if not sizes:
        return "the cost of a picture is only known once it is drawn"
    return f"its price is known for {', '.join(sizes)} only: set one of them under Parameters"
