"""Models worth offering before a provider has been asked, and which are being retired. Reads `catalogue.toml` once.

Owns the default model of each provider and retirement dates with their sources. A retired model can still be selected,
as its provider has the last word. Prices are in `pricing.py`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from providers.catalogue.families import Fact, Family, family_of

Status = Literal["current", "retiring", "retired"]


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """One model of one provider, as far as is on record. `None`: not on record."""

    provider: str
    id: str
    label: str
    context_tokens: int | None = None
    context: Fact | None = None
    """The source for `context_tokens`; never `None` if that is known."""
    retires_on: date | None = None
    """The first day on which it is no longer served."""
    retires: Fact | None = None
    """The source for `retires_on`; never `None` if that is known."""
    successor: Fact | None = None
    """The model to use instead, in the provider's spelling; `None` if no source names one."""
    note: str | None = None
    notable: str | None = None
    """The notable version of its family that this model is, if any."""
    default: bool = False
    draws: bool = False
    """Whether it makes pictures."""

    @property
    def target(self) -> str:
        """`provider:model`."""
        return f"{self.provider}:{self.id}"

    @property
    def retires_source(self) -> str | None:
        """The source of its retirement date."""
        return self.retires.source if self.retires else None

    @property
    def family(self) -> Family | None:
        """Its family."""
        return family_of(self.provider, self.id)

    def status(self, on: date) -> Status:
        """Whether it is served on that day, and whether it will stay."""
        if self.retires_on is None:
            return "current"
        return "retiring" if on < self.retires_on else "retired"

    def status_sentence(self, on: date) -> str | None:
        """The words to show after its name, such as "retires on 2026-12-01"; `None` if it is current."""
        said = {"current": None, "retiring": "retires", "retired": "retired"}[self.status(on)]
        return said and f"{said} on {self.retires_on}"


def catalogue(provider: str, *, draws: bool = False) -> tuple[CatalogueModel, ...]:
    """The models of `provider` that write text, or that draw, newest first; empty if none are on record."""
    return tuple(row for row in _catalogue().get(provider, ()) if row.draws == draws)


def find(provider: str, model: str) -> CatalogueModel | None:
    """The row of `model` in `provider`'s spelling; `None` if there is none."""
    return next((row for row in _catalogue().get(provider, ()) if row.id == model), None)


def defaults(*, draws: bool = False) -> tuple[CatalogueModel, ...]:
    """The default model of each provider, for text or for pictures."""
    return tuple(row for rows in _catalogue().values() for row in rows if row.default and row.draws is draws)


@cache
def _catalogue() -> Mapping[str, tuple[CatalogueModel, ...]]:
    data: dict[str, Any] = tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))
    models: dict[str, list[dict[str, Any]]] = data["models"]
    return {name: tuple(_model(name, row, data["sources"]) for row in rows) for name, rows in models.items()}


def _model(provider: str, row: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]) -> CatalogueModel:
    def fact(said: object, source: str) -> Fact | None:
        return None if said is None else Fact(str(said), sources[source]["text"], sources[source]["as_of"])

    window, day, successor = row.get("context"), row.get("retires_on"), row.get("successor")
    return CatalogueModel(
        provider, row["id"], row["label"], window, fact(window, row.get("context_source", "context")),
        day, fact(day, row.get("source", "")), fact(successor, row.get("successor_source", "")),
        row.get("note"), row.get("notable"), row.get("default", False), row.get("draws", False),
    )  # fmt: skip
