"""Usage + model + day -> `Cost` with its receipt, or a reason why there is none.

Owns the order of sources (design.md 4): the user's own prices, then what the provider itself says a
call cost, then the list prices of genai-prices for the answering model, then for the requested one.
Refuses to guess: without a price or without counts the cost is `unknown`, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from providers.catalogue import price_list
from providers.completion import Cost, CostLine
from providers.config.connections import Connection
from providers.config.toml_files import ConfigurationError, read_toml
from providers.interface import Usage

MILLION = Decimal(1_000_000)
_PRICE_FIELDS = {"input", "output", "cache_read", "cache_write", "as_of"}
_Part = Literal["input", "cache read", "cache write", "output"]


@dataclass(frozen=True, slots=True)
class Bill:
    """What there is to price: one completion."""

    provider: str
    model: str
    response_model: str | None
    usage: Usage | None
    at: datetime
    """The instant of the request: prices change."""
    reported_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens. A `None` cache price means: as fresh input."""

    input: Decimal
    output: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class LongPrompt:
    """US dollars per million tokens for the whole of a request whose prompt is longer than `above` tokens."""

    above: int
    input: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True)
class ListPrice:
    """What a model costs before anything is asked: what a receipt would say of a short prompt."""

    kind: Literal["amount", "local", "unknown"]
    input: Decimal | None = None
    """US dollars per million tokens; `None` unless `kind` is `amount`."""
    output: Decimal | None = None
    source: str | None = None
    as_of: str | None = None
    """ISO date of the price, where its source has one: genai-prices has a version instead."""
    reason: str | None = None
    """Why there is no amount."""
    long_prompt: LongPrompt | None = None
    """`None` = the same price at every length."""


class Pricer:
    """Prices completions. `problem`: why the override file cannot be followed; nothing distant has a cost then."""

    def __init__(self, connections: Mapping[str, Connection], overrides: Path | None = None) -> None:
        self._connections = connections
        self._file = overrides
        self.problem: str | None = None
        self._overrides: Mapping[str, Prices] = {}
        try:
            self._overrides = read_overrides(overrides) if overrides else {}
        except ConfigurationError as exc:
            self.problem = str(exc)

    @property
    def overrides(self) -> Mapping[str, Prices]:
        """The user's own prices, by pattern."""
        return self._overrides

    def __call__(self, bill: Bill) -> Cost:
        """The cost of one completion, with its receipt."""
        connection = self._connections.get(bill.provider)
        if self.problem is not None and bill.provider != "builtin":
            return Cost("unknown", reason=f"your own prices cannot be read: {self.problem}")
        own = self._own_prices(bill)
        if own is None and bill.reported_cost is not None:
            return Cost("amount", bill.reported_cost, source=f"reported by {bill.provider}")
        if own is None and connection and connection.local and not connection.stays_local(bill.model):
            return Cost("unknown", reason="it runs at ollama.com, which does not say what a call costs")
        if own is None and connection and connection.local:
            return Cost("local", reason="runs on your own machine; no fee is asked")
        if bill.usage is None or bill.usage.input_tokens is None or bill.usage.output_tokens is None:
            return Cost("unknown", reason="token counts were not reported")
        if (bill.usage.cache_read_tokens or 0) + (bill.usage.cache_write_tokens or 0) > bill.usage.input_tokens:
            return Cost("unknown", reason="the reported token counts contradict each other")
        if own is not None:
            return _receipt(own, bill.usage, source=f"your prices ({self._file})", model=bill.model)
        return _list_price(bill, bill.usage, connection)

    def list_price(self, provider: str, model: str, at: datetime) -> ListPrice:
        """The unit prices in force at that instant, found as a receipt finds them, so that the two cannot differ."""
        cost = self(_bill(provider, model, at, 0))
        prices = {line.what: line.price for line in cost.lines}
        if cost.kind != "amount":
            return ListPrice(cost.kind, reason=cost.reason)
        if not prices:
            return ListPrice("unknown", source=cost.source, reason="it is not priced by tokens alone")
        listed = ListPrice("amount", prices["input"], prices["output"], cost.source, cost.price_date)
        above = None if self._own_prices(_bill(provider, model, at, 0)) else self._threshold(provider, model, at)
        if above is None:
            return listed
        dearer = {line.what: line.price for line in self(_bill(provider, model, at, above + 1)).lines}
        return replace(listed, long_prompt=LongPrompt(above, dearer["input"], dearer["output"])) if dearer else listed

    def _threshold(self, provider: str, model: str, at: datetime) -> int | None:
        """The first length of prompt, in tokens, above which the list asks another price."""
        import genai_prices

        bill = _bill(provider, model, at, 0)
        counts, name = genai_prices.Usage(), model.removeprefix("models/")
        listed = _calculate(genai_prices, counts, name, bill, self._connections.get(provider)).model_price
        return min(
            (t.start for p in (listed.input_mtok, listed.output_mtok) for t in getattr(p, "tiers", ())), default=None
        )

    def _own_prices(self, bill: Bill) -> Prices | None:
        names = [f"{bill.provider}:{m}" for m in (bill.response_model, bill.model) if m]
        return next((p for pattern, p in self._overrides.items() if any(fnmatchcase(n, pattern) for n in names)), None)


def _bill(provider: str, model: str, at: datetime, input_tokens: int) -> Bill:
    """For an answer of no length, to read the prices on its receipt."""
    return Bill(provider, model, None, Usage(input_tokens, 0), at)


def read_overrides(file: Path) -> Mapping[str, Prices]:
    """The user's prices by `provider:model` pattern (`*` matches), in file order. Raises `ConfigurationError`."""
    return {pattern: _override(file, pattern, row) for pattern, row in read_toml(file, Decimal).items()}


def _override(file: Path, pattern: str, row: object) -> Prices:
    place = f'{file}: ["{pattern}"]'
    values = cast(dict[str, Any], row) if isinstance(row, dict) else {}
    if ":" not in pattern or not {"input", "output"} <= set(values) <= _PRICE_FIELDS:
        raise ConfigurationError(f'{place}: write ["provider:model"] with input and output, dollars per million tokens')
    amounts: dict[str, Decimal] = {}
    for name, value in values.items():
        if name == "as_of":
            continue
        amount = value if isinstance(value, Decimal) else Decimal(value) if type(value) is int else Decimal(-1)
        if not amount.is_finite() or amount < 0:
            raise ConfigurationError(f"{place}: {name} is {value!r}; write a number, 0 or more")
        amounts[name] = amount
    return Prices(**amounts, as_of=str(values["as_of"]) if "as_of" in values else None)


def _list_price(bill: Bill, usage: Usage, connection: Connection | None) -> Cost:
    import genai_prices  # 1.6 MB of data: imported when something is to be priced

    counts = genai_prices.Usage(
        input_tokens=usage.input_tokens, output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens, cache_write_tokens=usage.cache_write_tokens,
    )  # fmt: skip
    for model in dict.fromkeys(m for m in (bill.response_model, bill.model) if m):
        try:
            found = _calculate(genai_prices, counts, model.removeprefix("models/"), bill, connection)
        except LookupError:
            continue
        except ValueError as exc:
            return Cost("unknown", reason=f"the reported token counts contradict each other ({exc})")
        listed = found.model_price
        if listed.input_mtok is None or listed.output_mtok is None:
            return Cost("unknown", reason=f"the list has no price per token for {found.model.id}")
        cost = _receipt(_unit_prices(found, usage), usage, source=_source(connection), model=found.model.id)
        # Units we do not itemise (a search, an image) would make the total differ: then only the total is shown.
        return cost if cost.amount == found.total_price else Cost("amount", found.total_price, source=cost.source)
    return Cost("unknown", reason=f"no list price is known for {bill.model} at {bill.provider}")


def _calculate(genai_prices: Any, counts: Any, model: str, bill: Bill, connection: Connection | None) -> Any:
    known = bill.provider in _known_providers()
    if known or connection is None:
        return genai_prices.calc_price(counts, model, provider_id=bill.provider, genai_request_timestamp=bill.at)
    url = connection.base_url
    return genai_prices.calc_price(counts, model, provider_api_url=url, genai_request_timestamp=bill.at)


@cache
def _known_providers() -> frozenset[str]:
    from genai_prices.data_snapshot import get_snapshot

    return frozenset(provider.id for provider in get_snapshot().providers)


def _unit_prices(found: Any, usage: Usage) -> Prices:
    """The prices in force for a prompt of this length: some lists charge more above a threshold."""

    def at_this_length(price: Any) -> Decimal | None:
        for tier in reversed(getattr(price, "tiers", ())):
            if (usage.input_tokens or 0) > tier.start:
                return tier.price
        return getattr(price, "base", price)

    listed = found.model_price
    free = Decimal(0)
    return Prices(
        at_this_length(listed.input_mtok) or free, at_this_length(listed.output_mtok) or free,
        at_this_length(listed.cache_read_mtok), at_this_length(listed.cache_write_mtok),
    )  # fmt: skip


def _source(connection: Connection | None) -> str:
    source = price_list.name()
    if connection and connection.customised:
        source += f"; sent to {connection.endpoint}, which may charge otherwise"
    return source


def _receipt(prices: Prices, usage: Usage, *, source: str, model: str) -> Cost:
    read, write = usage.cache_read_tokens or 0, usage.cache_write_tokens or 0
    fresh = (usage.input_tokens or 0) - read - write
    rows: tuple[tuple[_Part, int, Decimal | None], ...] = (
        ("input", fresh, prices.input),
        ("cache read", read, prices.cache_read),
        ("cache write", write, prices.cache_write),
        ("output", usage.output_tokens or 0, prices.output),
    )
    lines: list[CostLine] = []
    for what, tokens, listed in rows:
        price = prices.input if listed is None else listed
        if tokens or what in ("input", "output"):
            lines.append(CostLine(what, tokens, price, tokens * price / MILLION))
    amount = sum((line.amount for line in lines), Decimal(0))
    return Cost("amount", amount, tuple(lines), source, prices.as_of, model)
