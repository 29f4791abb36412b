"""The price of one picture, if its vendor publishes one: the rows `picture` of `prices.toml`.

Owns which quality, size and number of steps a row applies to. Makes no guesses: a picture of another size, or of a size
chosen by the vendor, has no price here. The actual cost of tokens is in the receipt (`pricing.py`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from providers.pictures import PictureSettings

_GOOGLES = (("1K", 1024), ("2K", 2048), ("4K", 4096))


@dataclass(frozen=True, slots=True)
class PicturePrice:
    """The price of the picture alone; input and what `besides` names are charged in addition."""

    dollars: Decimal | None
    """US dollars; `None` if `tokens` are published instead."""
    tokens: int | None
    """Tokens of image output; `None` if `dollars` are published instead."""
    besides: str
    """What else is charged, at an unknown price: the end of a sentence."""
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Rate:
    """What is charged per picture, independent of tokens."""

    picture: Decimal | None
    """US dollars per picture; `None`: no such charge."""
    megapixel: Decimal | None
    """US dollars per million pixels, in proportion; `None`: no such charge."""
    steps: int | None = None
    """The most steps for which it applies; `None`: any number."""
    source: str = ""
    as_of: str | None = None
    """ISO date of the price; `None` if not known."""

    def of(self, pixels: int, steps: int | None) -> Decimal | None:
        """US dollars for a picture with that many pixels (0: not known); `None` if it has no price, see `missing`."""
        if self.missing(pixels, steps):
            return None
        return (self.picture or Decimal(0)) + (self.megapixel or Decimal(0)) * pixels / 1_000_000

    def missing(self, pixels: int, steps: int | None) -> str:
        """Why a picture has no price; empty if it has one."""
        if self.steps is not None and steps is not None and steps > self.steps:
            return f"its price is known for up to {self.steps} steps only"
        return "" if pixels or self.megapixel is None else "it is charged by the megapixel: set a size under Parameters"

    @property
    def said(self) -> str:
        """In words: `$0.0027 per megapixel`."""
        parts = ((self.picture, "picture"), (self.megapixel, "megapixel"))
        return " and ".join(f"${price:f} per {unit}" for price, unit in parts if price is not None)


def rate(provider: str, model: str) -> Rate | None:
    """What a vendor charges per picture instead of per token; `None` if nothing is published."""
    row = _rows().get((provider, model), {})
    if "megapixel" not in row:
        return None
    return Rate(None, row["megapixel"], row.get("steps"), row["source"], row["as_of"].isoformat())


def find(provider: str, model: str, asked: PictureSettings) -> PicturePrice | None:
    """The price of a picture with these settings; `None` if none is published."""
    row = _rows().get((provider, model))
    if row is None:
        return None
    size = google_size(asked) if provider == "google" else f"{asked.quality} {asked.size}"
    dollars, tokens = row.get("dollars", {}).get(size), row.get("tokens", {}).get(size)
    if dollars is None and tokens is None:
        return None
    return PicturePrice(dollars, tokens, row["besides"], row["source"], row["as_of"])


def sizes(provider: str, model: str) -> tuple[str, ...]:
    """The sizes that have a price, as named in their rows; empty if there are none."""
    row = _rows().get((provider, model), {})
    return (*row.get("dollars", ()), *row.get("tokens", ()))


def google_size(asked: PictureSettings) -> str:
    """The smallest of Google's sizes whose side is at least two thirds of the longer side;
    4K at most. 1K if no size is set."""
    longer = max(asked.width or 0, asked.height or 0)
    return next((name for name, side in _GOOGLES if longer <= side * 3 / 2), "4K")


@cache
def _rows() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    text = Path(__file__).with_name("prices.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text, parse_float=Decimal).get("picture", ())
    return {(row["provider"], model): row for row in rows for model in row["models"]}
