"""Versions of model families as rows: status, price, context window and what was measured.

Pure. Joins the catalogue, the connections, the live lists and the record; owns the wording of a status and the order
of versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Literal

from dashboard.model_lists import Listing
from prompts.analysis.ratings import Ratings
from prompts.asking.runner import Connections
from prompts.core.model_stats import Measured
from prompts.votes.ranking import Standing
from providers.catalogue.catalogue import CatalogueModel, catalogue
from providers.catalogue.families import Fact, Family, families, family_of
from providers.catalogue.pricing import ListPrice
from providers.config.connections import Connection
from providers.errors import Failure
from providers.interface import ModelInfo

Here = Literal["usable", "key", "pull", "away", "retired"]
PriceOf = Callable[[str, str], ListPrice]
_LATEST = ":latest"  # what Ollama adds to a name without a tag


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a version can be asked now, in one word and in a sentence."""

    here: Here
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a family at one provider. `None` means that nothing is known."""

    provider: str
    model: str
    """The model's name at the provider."""
    label: str
    family: Family
    status: Status
    where: str
    price: ListPrice
    row: CatalogueModel | None
    """Its entry in the catalogue; `None` if only a live list or the record names the model."""
    live: ModelInfo | None
    """Its entry in the provider's own list."""
    measured: Measured | None
    ratings: Ratings | None = None
    """What people said of its answers here; `None`: nothing."""
    preferred: Standing | None = None
    """Its standing in blind votes, among all models that were voted on; `None`: nobody voted on it."""

    @property
    def target(self) -> str:
        """`provider:model`."""
        return f"{self.provider}:{self.model}"

    @property
    def context_tokens(self) -> int | None:
        """The size of the context window, by the provider's own list, otherwise by the catalogue."""
        told = self.live.context_tokens if self.live else None
        return told or (self.row.context_tokens if self.row else None)

    @property
    def draws(self) -> bool:
        """Whether it draws pictures, according to the catalogue."""
        return self.row is not None and self.row.draws

    @property
    def successor(self) -> Fact | None:
        """The model that replaces it, once its retirement is announced."""
        return self.row.successor if self.row else None

    def says(self, words: str) -> bool:
        """Whether all `words` occur in its names, family, status, provider or nickname, in any case."""
        known = (self.label, self.target, self.family.name, self.family.developer.text, self.status.text, self.where,
                 (self.row and self.row.notable) or "")  # fmt: skip
        text = " ".join(known).lower()
        return all(word in text for word in words.lower().split())


def status_of(
    connection: Connection, listing: Listing | None, model: str, row: CatalogueModel | None, on: date
) -> Status:
    """The status of one model on that day. If the provider's list names it, that counts more than the catalogue."""
    life, listed = row.status(on) if row else "current", _listed(listing, model) is not None
    if row is not None and life == "retired":
        if listed and connection.usable:
            return Status("usable", f"listed here now, though said to be retired on {row.retires_on}")
        return Status("retired", f"retired on {row.retires_on}")
    found = _available(connection, listing, listed=listed)
    return Status(found.here, f"{found.text}; retires on {row.retires_on}") if row and life == "retiring" else found


def versions(
    connections: Connections, listings: Mapping[str, Listing | None], measured: Iterable[Measured], price: PriceOf,
    on: date, rated: Mapping[str, Ratings] = MappingProxyType({}),
    voted: Mapping[str, Standing] = MappingProxyType({}),
) -> tuple[Version, ...]:  # fmt: skip
    """All versions that the catalogue, local servers and the record name: usable ones first, retired ones last."""
    figures = {(m.provider, _plain(m.model)): m for m in measured}
    found = [
        _version(connection, listings.get(connection.name), model, row, figures, price, on, family)
        for connection in connections.values()
        for model, row in _names(connection, listings.get(connection.name), figures)
        if (family := family_of(connection.name, model)) is not None
    ]
    said = {_plain(target): each for target, each in rated.items()}
    places = {_plain(target): each for target, each in voted.items()}
    found = [
        replace(
            version, ratings=said.get(_plain(version.target)), preferred=places.get(_plain(version.target))
        )
        for version in found
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda version: {"usable": 0, "retired": 2}.get(version.status.here, 1)))


def shown_families(found: Sequence[Version]) -> tuple[Family, ...]:
    """The families that are always shown, and those of which a version is known."""
    known = {version.family.name for version in found}
    return tuple(family for family in families() if family.always or family.name in known)


def _available(connection: Connection, listing: Listing | None, *, listed: bool) -> Status:
    if connection.problem:
        return Status("away", connection.problem)
    if not connection.usable:
        return Status("key", f"needs {connection.key_variable}")
    if connection.kind == "builtin" or listed:
        return Status("usable", "usable here now")
    if listing is not None and listing.failure is not None:
        return _unlisted(connection, listing.failure)
    # A vendor serves more models than it lists; a server of one's own serves exactly what it lists.
    if listing is None and _lists_all(connection):
        return Status("away", f"{connection.label} has not answered yet")
    if listing is None or not (_lists_all(connection) or connection.customised):
        return Status("usable", "usable here now")
    if connection.kind == "ollama":
        return Status("pull", "not pulled: pull it under Local models")
    return Status("away", f"not listed at {connection.endpoint}")


def _unlisted(connection: Connection, failure: Failure) -> Status:
    """The status at a provider that gave no list; some hosts have none to give."""
    if failure.kind in ("auth", "permission", "missing_key"):
        return Status("key", f"{connection.label} refuses the key")
    if _lists_all(connection) or failure.kind in ("connection", "timeout", "tls"):
        return Status("away", f"{connection.label} does not answer")
    return Status("usable", "usable here now")


def _lists_all(connection: Connection) -> bool:
    return connection.local or connection.kind == "ollama"


def _names(
    connection: Connection, listing: Listing | None, figures: Mapping[tuple[str, str], Measured]
) -> Iterable[tuple[str, CatalogueModel | None]]:
    """Each model once: those of the catalogue, then those on a server of one's own, then those measured earlier."""
    seen: set[str] = set()
    for row in (*catalogue(connection.name), *catalogue(connection.name, draws=True)):
        seen.add(_plain(row.id))
        live = _listed(listing, row.id)
        yield live.id if live else row.id, row
    own = [model.id for model in listing.models] if listing and _lists_all(connection) else []
    for model in [*own, *(m.model for (provider, _), m in figures.items() if provider == connection.name)]:
        if _plain(model) not in seen:
            seen.add(_plain(model))
            yield model, None


def _version(
    connection: Connection, listing: Listing | None, model: str, row: CatalogueModel | None,
    figures: Mapping[tuple[str, str], Measured], price: PriceOf, on: date, family: Family,
) -> Version:  # fmt: skip
    live = _listed(listing, model)
    return Version(
        connection.name, model, row.label if row else (live and live.label) or model, family,
        status_of(connection, listing, model, row, on),
        f"{'local' if connection.local else 'hosted'}: {connection.label}",
        price(connection.name, model), row, live, figures.get((connection.name, _plain(model))),
    )  # fmt: skip


def _listed(listing: Listing | None, model: str) -> ModelInfo | None:
    """The entry of `model` in a live list."""
    return next((m for m in listing.models if _plain(m.id) == _plain(model)), None) if listing else None


def _plain(model: str) -> str:
    return model.removesuffix(_LATEST)
