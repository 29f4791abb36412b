"""Every known model as one row of facts: price, context window, where it runs, whether it can be asked. Pure.

Owns what "usable here now" means and the order of the list. Asks no provider: it reads the catalogue, the lists
that the providers last gave, and the same prices as a receipt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from math import isnan
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dashboard.model_lists import Listing
from prompts.core import format as text_of
from providers.catalogue.catalogue import find
from providers.catalogue.families import families, family_of
from providers.catalogue.pricing import ListPrice, Pricer
from providers.config.connections import Connection
from providers.interface import ModelInfo
from providers.registry import known_models

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

OTHER = "Other"
"""The family shown for a model whose family is unknown."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model of one provider."""

    target: str
    """`provider:model`."""
    label: str
    family: str
    input_price: Decimal | None
    """US dollars per million tokens; `None`: unknown, or without a fee (see `local`)."""
    output_price: Decimal | None
    local: bool
    context_tokens: int | None
    place: str
    """The host that the text goes to."""
    status: str
    usable: bool
    """Whether it could be asked now, as far as is known without trying."""

    @property
    def haystack(self) -> str:
        """The text that a search looks through, in lower case."""
        return f"{self.target} {self.label} {self.family} {self.place} {self.status}".lower()


@lru_cache(maxsize=64)
def rows_of(
    connection: Connection, usable: bool, listing: Listing | None, pricer: Pricer, day: date, *, priced: bool = True
) -> tuple[ModelRow, ...]:
    """The models of one provider. Cached, since pricing some hundred models takes a second; so pass no key in it.

    `priced`: also those that cannot be asked now; otherwise their prices stay `None`.
    """
    at = datetime.combine(day, time(), UTC)
    live = listing.models if listing else ()
    return tuple(
        _row(connection, usable, listing, pricer, info, at, priced=priced)
        for info in known_models(connection.name, live, draws=connection.draws)
    )  # fmt: skip


def all_rows(
    connections: Iterable[tuple[Connection, Listing | None]], pricer: Pricer, day: date, *, priced: bool = True
) -> tuple[ModelRow, ...]:  # fmt: skip
    """The models of all providers: usable ones first, otherwise in the order of the providers and their lists.

    `priced`: see `rows_of`; the price list is large, and whoever has no key need not wait for it.
    """
    rows = [
        row
        for connection, listing in connections
        for row in rows_of(replace(connection, key=None), connection.usable, listing, pricer, day, priced=priced)
    ]
    return tuple(sorted(rows, key=lambda row: not row.usable))


def families_of(rows: Iterable[ModelRow]) -> list[str]:
    """The families that occur in `rows`, in the order of `families.toml`, `OTHER` last."""
    found = {row.family for row in rows}
    return [name for name in (*dict.fromkeys(family.name for family in families()), OTHER) if name in found]


def narrowed(
    rows: Sequence[ModelRow], search: str = "", of: Collection[str] = (), *, usable: bool = False
) -> list[ModelRow]:  # fmt: skip
    """The rows with every word of `search`, of a family in `of` (empty: any) and, with `usable`, that are usable."""
    words = search.lower().split()
    return [
        row
        for row in rows
        if (row.usable or not usable) and (not of or row.family in of) and all(word in row.haystack for word in words)
    ]


def chosen_first(rows: Sequence[ModelRow], targets: Collection[str] | None) -> list[ModelRow]:
    """`rows` with those of `targets` first, otherwise in their order."""
    return sorted(rows, key=lambda row: row.target not in (targets or ()))


def rechosen(chosen: Sequence[str], shown: Sequence[ModelRow], selected: Collection[int]) -> list[str]:
    """The new choice after the user selected rows: models that are not shown stay chosen, and the order is kept."""
    visible = {row.target for row in shown}
    wanted = [shown[index].target for index in sorted(selected) if index < len(shown)]
    kept = [target for target in chosen if target not in visible or target in wanted]
    return kept + [target for target in wanted if target not in kept]


def styled(rows: Sequence[ModelRow]) -> Styler:
    """The rows as people read them; numbers stay numbers, so that sorting is right."""
    import pandas as pd  # a third of a second, not needed for the first page

    unknown = float("nan")
    data = pd.DataFrame({
        "Model": [row.target for row in rows],
        "Here": [row.status for row in rows],
        "Family": [row.family for row in rows],
        "$ in": [_dollars(row.local, row.input_price) for row in rows],
        "$ out": [_dollars(row.local, row.output_price) for row in rows],
        "Context": [unknown if row.context_tokens is None else float(row.context_tokens) for row in rows],
        "Runs at": [row.place for row in rows],
    })  # fmt: skip
    style = data.style
    style.format(_price_text, subset=["$ in", "$ out"]).format(_tokens_text, subset=["Context"])
    return style


def _dollars(local: bool, price: Decimal | None) -> float:
    """The price as a sortable number: -1 without a fee (sorts first, and differs from unknown), NaN if unknown."""
    return -1.0 if local and price is None else float("nan") if price is None else float(price)


def _tokens_text(value: float) -> str:
    return text_of.count(None if isnan(value) else int(value))


def _price_text(value: float) -> str:
    if isnan(value):
        return text_of.UNKNOWN
    return "no fee" if value < 0 else text_of.unit_price(Decimal(str(value)))


def _row(
    connection: Connection, usable: bool, listing: Listing | None, pricer: Pricer, info: ModelInfo, at: datetime, *,
    priced: bool,
) -> ModelRow:  # fmt: skip
    family = family_of(connection.name, info.id)
    known = find(connection.name, info.id)
    status, ready = _status(connection, usable, listing, info, at.date())
    price = pricer.list_price(connection.name, info.id, at) if priced or ready else ListPrice("unknown")
    return ModelRow(
        f"{connection.name}:{info.id}", info.label or info.id, family.name if family else OTHER,
        price.input, price.output, price.kind == "local",
        info.context_tokens or (known.context_tokens if known else None), _place(connection), status, ready,
    )  # fmt: skip


def _place(connection: Connection) -> str:
    return urlsplit(connection.base_url).hostname or connection.endpoint


def _status(
    connection: Connection, usable: bool, listing: Listing | None, info: ModelInfo, day: date
) -> tuple[str, bool]:
    """In a few words whether it can be asked, by the strongest obstacle, and whether it is usable."""
    gone = info.retires_on is not None and info.retires_on <= day.isoformat()
    if gone and info.source == "catalogue":
        return f"retired on {info.retires_on}", False
    if connection.problem:
        return "configured wrongly", False
    if not usable:
        return f"needs {connection.key_variable}", False
    if listing is None:
        return "not asked yet", not connection.local
    if listing.failure:
        return "not reachable", False
    if info.source == "catalogue":
        return ("not installed" if connection.kind == "ollama" else "not in its list"), False
    known = find(connection.name, info.id)
    leaving = info.retires_on or (known.retires_on.isoformat() if known and known.retires_on else None)
    return (f"ready, retires on {leaving}" if leaving and leaving > day.isoformat() else "ready"), True
