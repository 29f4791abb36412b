"""The user's own prices: a file that takes precedence over every other source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from providers.catalogue.billed_tokens import KINDS
from providers.config.toml_files import ConfigurationError, read_toml
from providers.spelling import meant

_TOKENS = {"input", "output"}
_PICTURES = {"picture", "megapixel"}
_FIELDS = {*_TOKENS, *_PICTURES, "cache_read", "cache_write", "as_of"}


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens. If a cache price is `None`, the price of fresh input applies."""

    input: Decimal | None = None
    """`None`, together with `output`: only pictures are charged."""
    output: Decimal | None = None
    picture: Decimal | None = None
    """US dollars per picture drawn; `None`: no such charge."""
    megapixel: Decimal | None = None
    """US dollars per million pixels of a picture; `None`: no such charge."""
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    as_of: str | None = None

    @property
    def by_name(self) -> Mapping[str, Decimal]:
        """The prices under the names of genai-prices: tokens of pictures and audio cost the same as text."""
        if self.input is None or self.output is None:
            return {}
        read = self.input if self.cache_read is None else self.cache_read
        write = self.input if self.cache_write is None else self.cache_write
        spoken = {f"output_{kind}_mtok": self.output for kind in KINDS}
        heard = {f"input_{kind}_mtok": self.input for kind in KINDS}
        return {
            "input_mtok": self.input, "output_mtok": self.output, "cache_read_mtok": read, "cache_write_mtok": write,
            "cache_write_1h_mtok": write, **heard, **spoken,
        }  # fmt: skip


def read_overrides(file: Path) -> Mapping[str, Prices]:
    """The user's prices by `provider:model` pattern (`*` matches anything), in file order.

    Raises `ConfigurationError`.
    """
    return {pattern: _override(file, pattern, row) for pattern, row in read_toml(file, Decimal).items()}


def _override(file: Path, pattern: str, row: object) -> Prices:
    place = f'{file}: ["{pattern}"]'
    values = cast(dict[str, Any], row) if isinstance(row, dict) else {}
    named = set(values)
    if unknown := sorted(named - _FIELDS):
        known = f"Known: {', '.join(sorted(_FIELDS))}"
        raise ConfigurationError(f"{place}: {unknown[0]} is not a price. {meant(unknown[0], _FIELDS)}{known}")
    whole = named >= _TOKENS or (named & _PICTURES and not named & (_FIELDS - _PICTURES - {"as_of"}))
    if ":" not in pattern or not whole:
        raise ConfigurationError(
            f'{place}: write ["provider:model"] with input and output, dollars per million tokens, or with picture or '
            "megapixel, dollars each"
        )
    amounts: dict[str, Decimal] = {}
    for name, value in values.items():
        if name == "as_of":
            continue
        amount = value if isinstance(value, Decimal) else Decimal(value) if type(value) is int else Decimal(-1)
        if not amount.is_finite() or amount < 0:
            raise ConfigurationError(f"{place}: {name} is {value!r}; write a number, 0 or more")
        amounts[name] = amount
    return Prices(**amounts, as_of=str(values["as_of"]) if "as_of" in values else None)
