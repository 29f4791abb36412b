"""What one picture comes to, where its vendor publishes that: the rows `picture` of `prices.toml`.

Owns which quality, size and number of steps a row is for. Refuses to guess: a picture of another size, or of one that
the vendor chooses, has no price here. What tokens did come to says the receipt alone (`pricing.py`).
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
    """Of one picture alone: what is read and what `besides` names comes on top."""

    dollars: Decimal | None
    """US dollars; `None`: `tokens` are published in their place."""
    tokens: int | None
    """Tokens of image output."""
    besides: str
    """What else is charged, how much is not known; the end of a sentence."""
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Rate:
    """What is charged for pictures themselves, whatever tokens they come to."""

    picture: Decimal | None
    """US dollars for each; `None`: that is no part of it."""
    megapixel: Decimal | None
    """US dollars for each million of its pixels, in proportion; `None`: that is no part of it."""
    steps: int | None = None
    """The most steps that it holds for; `None`: any number."""
    source: str = ""
    as_of: str | None = None
    """ISO date of the price; `None`: not known."""

    def of(self, pixels: int, steps: int | None) -> Decimal | None:
        """US dollars for one of so many pixels, 0 if nobody knows how many; `None`: `missing` says why."""
        if self.missing(pixels, steps):
            return None
        return (self.picture or Decimal(0)) + (self.megapixel or Decimal(0)) * pixels / 1_000_000

    def missing(self, pixels: int, steps: int | None) -> str:
        """Why one has no price; empty: it has one."""
        if self.steps is not None and steps is not None and steps > self.steps:
            return f"its price is known for up to {self.steps} steps only"
        return "" if pixels or self.megapixel is None else "it is charged by the megapixel: set a size under Parameters"

    @property
    def said(self) -> str:
        """`$0.0027 per megapixel`."""
        parts = ((self.picture, "picture"), (self.megapixel, "megapixel"))
        return " and ".join(f"${price:f} per {unit}" for price, unit in parts if price is not None)


def rate(provider: str, model: str) -> Rate | None:
    """By what a vendor charges pictures in place of tokens; `None`: it does not, or nobody says so."""
    row = _rows().get((provider, model), {})
    if "megapixel" not in row:
        return None
    return Rate(None, row["megapixel"], row.get("steps"), row["source"], row["as_of"].isoformat())


def find(provider: str, model: str, asked: PictureSettings) -> PicturePrice | None:
    """What a picture by these settings comes to; `None`: nobody says so."""
    row = _rows().get((provider, model))
    if row is None:
        return None
    size = google_size(asked) if provider == "google" else f"{asked.quality} {asked.size}"
    dollars, tokens = row.get("dollars", {}).get(size), row.get("tokens", {}).get(size)
    if dollars is None and tokens is None:
        return None
    return PicturePrice(dollars, tokens, row["besides"], row["source"], row["as_of"])


def sizes(provider: str, model: str) -> tuple[str, ...]:
    """Those that have a price, as their row names them; empty: none has."""
    row = _rows().get((provider, model), {})
    return (*row.get("dollars", ()), *row.get("tokens", ()))


def google_size(asked: PictureSettings) -> str:
    """The smallest of Google's sizes that is no smaller; its own where none is asked for."""
    longer = max(asked.width or 0, asked.height or 0)
    return next((name for name, side in _GOOGLES if longer <= side * 3 / 2), "4K")


@cache
def _rows() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    text = Path(__file__).with_name("prices.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text, parse_float=Decimal).get("picture", ())
    return {(row["provider"], model): row for row in rows for model in row["models"]}
