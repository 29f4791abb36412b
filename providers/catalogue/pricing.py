"""Usage, model, day and terms give a `Cost` with its receipt, or a reason why there is none.

Owns the order of sources (docs/design/metrics.md#cost): the user's own prices, then the cost that the provider reports,
then list prices for the answering model, then for the requested one. Makes no guesses: without a price or without
counts the cost is `unknown`, never 0; with a part unpriced it is *at least* the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from providers.catalogue import catalogue, list_prices, picture_prices, receipt
from providers.catalogue.billed_tokens import BilledTokens, billed
from providers.catalogue.list_prices import Listed
from providers.catalogue.own_prices import Prices, read_overrides
from providers.catalogue.picture_prices import Rate
from providers.catalogue.reported_cost import Reported, known_free, reported
from providers.catalogue.service_terms import US_ONLY_SOURCE, Terms, terms
from providers.completion import Cost, CostLine
from providers.config.connections import Connection
from providers.config.toml_files import ConfigurationError
from providers.interface import Usage


@dataclass(frozen=True, slots=True)
class Bill:
    """One completion to be priced."""

    provider: str
    model: str
    response_model: str | None
    usage: Usage | None
    at: datetime
    """The time of the request, as prices change."""
    reported_cost: Decimal | None = None
    raw_usage: Mapping[str, object] | None = None
    """The vendor's usage object as sent: the split by price, and the cost if the host reports it."""
    served: Mapping[str, str] = field(default_factory=dict[str, str])
    """`Done.fingerprint`, which has the tier, speed and region that served it."""
    pixels: tuple[int, ...] = ()
    """For each finished picture; 0 if its size is not known."""
    steps: int | None = None
    """The number of steps requested; `None` if not set."""


@dataclass(frozen=True, slots=True)
class LongPrompt:
    """Prices in US dollars per million tokens for the whole of a request whose prompt is longer than `above` tokens."""

    above: int
    input: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True)
class ListPrice:
    """The price of a model before anything is asked: what a receipt would show for a short prompt."""

    kind: Literal["amount", "local", "unknown"]
    input: Decimal | None = None
    """US dollars per million tokens; `None` unless `kind` is `amount`."""
    output: Decimal | None = None
    """The same for output; for pictures if it draws and they have a price of their own."""
    source: str | None = None
    as_of: str | None = None
    """ISO date of the price, if its source has one; genai-prices has a version instead."""
    reason: str | None = None
    """Why there is no amount."""
    long_prompt: LongPrompt | None = None
    """`None`: the price is the same at every length."""


class Pricer:
    """Prices completions. `problem`: why the user's price file cannot be used; then no remote call has a known cost."""

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
        if self.problem is not None and bill.provider != "builtin":
            return Cost("unknown", reason=f"your own prices cannot be read: {self.problem}")
        connection = self._connections.get(bill.provider)
        own = self._own_prices(bill)
        said = reported(bill.reported_cost, bill.raw_usage)
        if own is None and (cost := _as_reported(bill, said) or _at_no_fee(bill, connection)):
            return cost
        if (rate := _rate(bill, own, self._file)) and not (own and own.by_name):
            return _by_the_picture(bill, rate, connection)
        usage, unsaid = _as_far_as_told(bill.usage or Usage())
        if usage is None:
            return Cost("unknown", reason=f"token counts were not reported{_disbelief(bill, said)}")
        if unsaid:
            return self(replace(bill, usage=usage)).at_least(unsaid)
        tokens = billed(usage, bill.raw_usage)
        if tokens is None:
            return Cost("unknown", reason="the reported token counts contradict each other")
        if own is not None:
            lines = receipt.lines(tokens, own.by_name, bill.provider)
            if rate and bill.pixels:
                return _by_the_picture(bill, rate, connection, lines)
            return _cost(lines, f"your prices ({self._file})", own.as_of, bill.model)
        return _list_price(bill, tokens, said, connection)

    def list_price(self, provider: str, model: str, at: datetime) -> ListPrice:
        """The unit prices in force at that time,
        found in the same way as for a receipt, so that the two cannot differ."""
        bill = _bill(provider, model, at, 0)
        cost = self(bill)
        prices = {line.what: line.price for line in cost.lines}
        if cost.kind != "amount":
            return ListPrice(cost.kind, reason=cost.reason)
        listed = ListPrice("amount", prices["input"], prices["output"], cost.source, cost.price_date)
        found = None if self._own_prices(bill) else list_prices.find(provider, model, self._connections.get(provider))
        row = catalogue.find(provider, model)
        if found and row and row.draws and (drawn := found.prices(at, 0, {}).get("output_image_mtok")) is not None:
            listed = replace(listed, output=drawn)
        above = found.threshold(at) if found else None
        if above is None:
            return listed
        dearer = {line.what: line.price for line in self(_bill(provider, model, at, above + 1)).lines}
        return replace(
            listed, long_prompt=LongPrompt(above, dearer["input"] or Decimal(0), dearer["output"] or Decimal(0))
        )

    def _own_prices(self, bill: Bill) -> Prices | None:
        names = [f"{bill.provider}:{m}" for m in (bill.response_model, bill.model) if m]
        return next((p for pattern, p in self._overrides.items() if any(fnmatchcase(n, pattern) for n in names)), None)


def _bill(provider: str, model: str, at: datetime, input_tokens: int) -> Bill:
    """A bill for an empty answer, to read the prices from its receipt."""
    return Bill(provider, model, None, Usage(input_tokens, 0), at)


def _as_reported(bill: Bill, said: Reported) -> Cost | None:
    """The cost reported by the provider, if that is all of it; `None` if the price list must be used."""
    source = f"reported by {bill.provider}"
    if said.own_key:
        if said.upstream is None:
            return None
        fee = CostLine("fee of the host", None, None, said.total)
        return _cost((CostLine("upstream", None, None, said.upstream), fee), f"{source}, with a key of your own")
    if said.total is None or (said.total == 0 and not known_free(bill.model, bill.response_model)):
        return None
    return Cost("amount", said.total, source=source)


def _at_no_fee(bill: Bill, connection: Connection | None) -> Cost | None:
    """What a server of one's own asks; `None`: it is none."""
    if connection is None or not connection.local:
        return None
    if not connection.stays_local(bill.model):
        return Cost("unknown", reason="it runs at ollama.com, which does not say what a call costs")
    return Cost("local", reason="runs on your own machine; no fee is charged")


def _as_far_as_told(usage: Usage) -> tuple[Usage | None, str]:
    """The counts to price, and why there may be more of them. A total that was not told is at least its parts."""
    read, wrote = usage.input_tokens, usage.output_tokens
    if read is None and wrote is None:
        return None, ""
    if wrote is None:
        return replace(usage, output_tokens=usage.reasoning_tokens or 0), "how many tokens it wrote was not reported"
    if read is None:
        cached = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
        return replace(usage, input_tokens=cached), "how many tokens it read was not reported"
    return usage, ""


def _disbelief(bill: Bill, said: Reported) -> str:
    """Why a reported cost of zero is ignored; empty if none was."""
    if said.total != 0:
        return ""
    return f"; {bill.provider} reports $0, which is ignored for a model that is not known to be free"


def _list_price(bill: Bill, tokens: BilledTokens, said: Reported, connection: Connection | None) -> Cost:
    listed = next(
        (found for name in _names(bill) if (found := list_prices.find(bill.provider, name, connection))), None
    )
    doubt = _disbelief(bill, said)
    if listed is None:
        return Cost("unknown", reason=f"no list price is known for {bill.model} at {bill.provider}{doubt}")
    served = terms(listed.vendor, bill.served)
    apart = [term for term in served.priced_apart if not listed.has(term, bill.at)]
    if cheaper := [term.name for term in apart if not term.dearer]:
        return Cost("unknown", reason=f"no price is listed for the {' and '.join(cheaper)} of {listed.model}{doubt}")
    prices = listed.prices(bill.at, tokens.input, served.context)
    if not {"input_mtok", "output_mtok"} <= set(prices):
        return Cost("unknown", reason=f"the list has no price per token for {listed.model}{doubt}")
    if fnmatchcase(listed.model, "*gpt-image-*"):
        # They write nothing but pictures, so the list's output price is for pictures if it names no other, and all
        # tokens count as such if they are not split, as in a stream.
        prices, tokens = {"output_image_mtok": prices["output_mtok"], **prices}, tokens.as_pictures
    lines = receipt.lines(tokens, prices, listed.vendor)
    if served.surcharge:
        lines = (*lines, CostLine("US-only inference", None, None, receipt.total(lines) * served.surcharge))
    if said.own_key and said.total:
        lines = (*lines, CostLine("fee of the host", None, None, said.total))
    missing = [f"the {term.name}" for term in apart] + ([f"serving in {served.place}"] if served.place else [])
    if not tokens.cached_kinds_told:
        missing.append("which part of the cache was not text")
    if bill.pixels and tokens.output and "output_image_mtok" in prices and not tokens.written.get("image"):
        missing.append("its picture, whose tokens were not reported separately from those of text")
    return _cost(lines, _source(listed, served, connection) + doubt, listed.as_of, listed.model, missing)


def _rate(bill: Bill, own: Prices | None, file: Path | None) -> Rate | None:
    """What is charged per picture; `None` if nothing is."""
    if own is None:
        return next((found for name in _names(bill) if (found := picture_prices.rate(bill.provider, name))), None)
    if own.picture is None and own.megapixel is None:
        return None
    return Rate(own.picture, own.megapixel, source=f"your prices ({file})", as_of=own.as_of)


def _by_the_picture(
    bill: Bill, rate: Rate, connection: Connection | None, lines: tuple[CostLine, ...] = ()
) -> Cost:  # fmt: skip
    """One receipt line per picture, after those for tokens."""
    if not bill.pixels:
        return Cost("unknown", reason=f"it is charged by the picture ({rate.said}), and none has come")
    if missing := next((why for each in bill.pixels if (why := rate.missing(each, bill.steps))), ""):
        return Cost("unknown", reason=missing)
    drawn = (CostLine("picture", None, None, rate.of(each, bill.steps)) for each in bill.pixels)
    source = f"{rate.source}: {rate.said}{_moved(connection)}"
    return _cost((*lines, *drawn), source, rate.as_of, bill.model)


def _names(bill: Bill) -> Sequence[str]:
    """The names to look up prices for: the answering model before the requested one."""
    return tuple(dict.fromkeys(name for name in (bill.response_model, bill.model) if name))


def _source(listed: Listed, served: Terms, connection: Connection | None) -> str:
    tiers = "".join(f", {term.name}" for term in served.priced_apart)
    surcharge = f"; {US_ONLY_SOURCE}" if served.surcharge else ""
    return f"{listed.source}{tiers}{surcharge}{_moved(connection)}"


def _moved(connection: Connection | None) -> str:
    return f"; sent to {connection.endpoint}, whose prices may differ" if connection and connection.customised else ""


def _cost(
    lines: tuple[CostLine, ...], source: str, as_of: str | None = None, model: str | None = None,
    missing: Sequence[str] = (),
) -> Cost:  # fmt: skip
    """The sum of a receipt; a lower bound if a line has no price."""
    left_out = [*receipt.unpriced(lines), *missing]
    if not left_out:
        return Cost("amount", receipt.total(lines), lines, source, as_of, model)
    reason = f"at least this: no price is known for {', '.join(left_out)}"
    return Cost("unknown", receipt.total(lines), lines, source, as_of, model, reason)
