"""Model families as rows: each version with its status here, its price, its window and what was measured.

Pure. Joins the catalogue, the connections, the live lists and the record; owns what a status says and in
which order versions stand. Refuses a fact without its source.
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
    """Whether a version can be asked here and now, and why not."""

    here: Here
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a family at one provider. `None` = nothing is on record."""

    provider: str
    model: str
    """As it is asked for."""
    label: str
    family: Family
    status: Status
    where: str
    price: ListPrice
    row: CatalogueModel | None
    """What the catalogue says; `None` for one that only a live list or the record names."""
    live: ModelInfo | None
    """What the provider's own list says."""
    measured: Measured | None
    ratings: Ratings | None = None
    preferred: Standing | None = None
    """By blind votes, among all models that were voted on; `None`: nobody voted on it."""
    """What people said of its answers here; `None`: nothing."""

    @property
    def target(self) -> str:
        """`provider:model`."""
        return f"{self.provider}:{self.model}"

    @property
    def context_tokens(self) -> int | None:
        """The window: as the provider's own list has it, else as the catalogue has it."""
        told = self.live.context_tokens if self.live else None
        return told or (self.row.context_tokens if self.row else None)

    @property
    def draws(self) -> bool:
        """Whether it makes pictures, as far as the catalogue says."""
        return self.row is not None and self.row.draws

    @property
    def successor(self) -> Fact | None:
        """What to use in its place, once its end is known."""
        return self.row.successor if self.row else None

    def says(self, words: str) -> bool:
        """Whether all `words` occur in its names, its family or its status."""
        known = (self.label, self.target, self.family.name, self.family.developer.text, self.status.text, self.where,
                 (self.row and self.row.notable) or "")  # fmt: skip
        text = " ".join(known).lower()
        return all(word in text for word in words.lower().split())


def status_of(
    connection: Connection, listing: Listing | None, model: str, row: CatalogueModel | None, on: date
) -> Status:
    """What can be said of one model on that day. A provider that lists it has the last word over the catalogue."""
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
    """All that the catalogue, local servers and the record name: usable ones first, retired ones last."""
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
    """The families of the founding document, then those of which a version is known, or whose word matters anyhow."""
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
    # A vendor serves more names than it lists; a server of one's own serves what it lists.
    if listing is None and _lists_all(connection):
        return Status("away", f"{connection.label} has not answered yet")
    if listing is None or not (_lists_all(connection) or connection.customised):
        return Status("usable", "usable here now")
    if connection.kind == "ollama":
        return Status("pull", "not pulled: pull it under Local models")
    return Status("away", f"not listed at {connection.endpoint}")


def _unlisted(connection: Connection, failure: Failure) -> Status:
    """Of a provider that was asked for its list and gave none; some hosts have none to give."""
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
    """Each model once: the catalogue's rows, then what the user's own server lists, then what was measured."""
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
