"""What is documented about a model: where text goes, price, context window, end of service, accepted files.

Combines the catalogue, the price list and the connections. Contains nothing that was measured, and no guesses: what no
source states is `None`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from prompts.asking.runner import Connections
from providers.catalogue.catalogue import CatalogueModel, catalogue
from providers.catalogue.families import Fact, Family, family_of
from providers.catalogue.modalities import takes
from providers.catalogue.pricing import ListPrice
from providers.completion import Completion
from providers.config.connections import Connection
from providers.files.kinds import PDF, PNG

PriceOf = Callable[[str, str, datetime], ListPrice]
"""The list price of (provider, model) at a given time."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The documented facts about one model of one provider. `None`: not on record."""

    provider: str
    model: str
    label: str
    family: Family | None
    where: str
    """`stays on this computer or network`, or who receives the text."""
    local: bool
    """Whether nothing that is asked leaves this computer or network; `None` if not known."""
    region: Fact | None
    """Where a hosted model is served."""
    in_eu: bool | None
    """Whether text stays here or in the European Union; `None` if not documented."""
    price: ListPrice
    row: CatalogueModel | None
    pictures: bool | None
    pdfs: bool | None
    cannot_ask: str = ""
    """Why it cannot be asked from here now; empty if nothing is known that prevents it."""

    @property
    def target(self) -> str:
        """`provider:model`."""
        return f"{self.provider}:{self.model}"

    @property
    def context_tokens(self) -> int | None:
        """The context window in tokens; `None` if not known."""
        return self.row.context_tokens if self.row else None

    def retired(self, on: date) -> bool:
        """Whether it is no longer served on that day, as far as is on record."""
        return self.row is not None and self.row.status(on) == "retired"


def facts(
    connections: Connections, provider: str, model: str, price: PriceOf, at: datetime,
    told: Mapping[str, str] | None = None,
) -> Facts:  # fmt: skip
    """The facts about one model. `told`: the fingerprint of its newest answer, which may name the region."""
    connection = connections.get(provider)
    row = next((each for each in catalogue(provider) if each.id == model), None)
    local = connection is not None and connection.stays_local(model)
    region = None if local else _region(connection, provider, told or {}, at.date())
    in_eu = True if local else None if region is None else region.text.lower().startswith("eu")
    return Facts(
        provider, model, row.label if row else model, family_of(provider, model), _where(connection, provider, model),
        local, region, in_eu, price(provider, model, at), row, takes(provider, model, PNG), takes(provider, model, PDF),
        _cannot(connection, provider),
    )  # fmt: skip


def told_by(completions: list[Completion]) -> Mapping[str, str]:
    """The fingerprint of the newest answer, which tells what served it; empty without answers."""
    return max(completions, key=lambda each: each.started_at).fingerprint if completions else {}


def _where(connection: Connection | None, provider: str, model: str) -> str:
    if connection is None:
        return f"{provider}, which is not set up here"
    if connection.stays_local(model):
        return "stays on this computer" if connection.kind == "builtin" else f"stays local: {connection.label}"
    if connection.local:
        return "ollama.com"
    return f"{connection.label} ({urlsplit(connection.base_url).hostname or connection.endpoint})"


def _cannot(connection: Connection | None, provider: str) -> str:
    if connection is None:
        return f"{provider} is not set up here"
    return connection.problem or ("" if connection.usable else f"needs {connection.key_variable}")


_ADDRESSES: Mapping[str, Fact] = {
    "eu.api.openai.com": Fact("EU", "developers.openai.com, guide on data residency", date(2026, 11, 29)),
    "us.api.openai.com": Fact("US", "developers.openai.com, guide on data residency", date(2026, 11, 29)),
    "api.mistral.ai": Fact(
        "EU unless agreed otherwise", "Mistral's help centre, as quoted by aiprovidertrust.com", date(2026, 11, 29)
    ),
}
"""Addresses with a documented place of processing."""


def _region(connection: Connection | None, provider: str, told: Mapping[str, str], on: date) -> Fact | None:
    """Where the model is served: as its answer tells, else as the address is documented."""
    if place := told.get("inference_geo"):
        return Fact(place.upper(), f"reported by {provider} with its newest answer here", on)
    return _ADDRESSES.get(urlsplit(connection.base_url).hostname or "") if connection else None
