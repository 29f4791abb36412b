"""Computes the lines of a receipt: tokens times unit prices. Pure.

Owns which price applies to a term whose own price is not listed. A term without a price is not guessed: its line says
so, and the sum is a lower bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from providers.catalogue.billed_tokens import KINDS, BilledTokens
from providers.completion import CostLine, CostTerm

MILLION = Decimal(1_000_000)
_ALWAYS = ("input", "output")  # shown even with 0 tokens


def lines(tokens: BilledTokens, prices: Mapping[str, Decimal], vendor: str) -> tuple[CostLine, ...]:
    """The receipt: one line per term, with unit prices under the names of genai-prices, for the provider `vendor`."""
    found = [
        _line(what, count, next((prices[key] for key in keys if key in prices), None))
        for what, count, keys in (*_read(tokens, vendor), *_written(tokens, prices))
        if count or what in _ALWAYS
    ]
    return (*found, *_by_the_piece(tokens, prices))


def total(lines: Iterable[CostLine]) -> Decimal:
    """US dollars of all lines that have an amount."""
    return sum((line.amount for line in lines if line.amount is not None), Decimal(0))


def unpriced(lines: Iterable[CostLine]) -> tuple[str, ...]:
    """The terms without a price."""
    return tuple(line.what for line in lines if line.amount is None)


_Rows = Iterator[tuple[CostTerm, int, Sequence[str]]]
_HEARD: Mapping[str, CostTerm] = {"audio": "audio input", "image": "image input", "video": "video input"}
_CACHED: Mapping[str, CostTerm] = {"audio": "cached audio", "image": "cached image", "video": "cached video"}
_SPOKEN: Mapping[str, CostTerm] = {"audio": "audio output", "image": "image output", "video": "video output"}


def _read(tokens: BilledTokens, vendor: str) -> _Rows:
    """Terms of the input, with the names of prices that apply: without a cache price there is no discount, and without
    a picture price pictures count as text.

    The same holds for audio at Google, whose lists name it where it differs. Elsewhere audio costs more, at an unknown
    price.
    """
    fresh = {kind: tokens.read.get(kind, 0) - tokens.read_cached.get(kind, 0) for kind in KINDS}
    short = tokens.cache_write - tokens.cache_write_1h
    yield "input", tokens.input - tokens.cache_read - tokens.cache_write - sum(fresh.values()), ("input_mtok",)
    for kind in KINDS:
        as_text = () if kind == "audio" and vendor != "google" else ("input_mtok",)
        yield _HEARD[kind], fresh[kind], (f"input_{kind}_mtok", *as_text)
    yield "cache read", tokens.cache_read - sum(tokens.read_cached.values()), ("cache_read_mtok", "input_mtok")
    for kind in KINDS:
        cached = (f"cache_{kind}_read_mtok", "cache_read_mtok", "input_mtok")
        yield _CACHED[kind], tokens.read_cached.get(kind, 0), cached
    yield "cache write", short, ("cache_write_5m_mtok", "cache_write_mtok", "input_mtok")
    yield "cache write (1 h)", tokens.cache_write_1h, ("cache_write_1h_mtok",)


def _written(tokens: BilledTokens, prices: Mapping[str, Decimal]) -> _Rows:
    thinking = tokens.reasoning if "output_reasoning_mtok" in prices else 0
    yield "output", tokens.output - thinking - sum(tokens.written.values()), ("output_mtok",)
    yield "thinking", thinking, ("output_reasoning_mtok",)
    for kind in KINDS:
        yield _SPOKEN[kind], tokens.written.get(kind, 0), (f"output_{kind}_mtok",)


def _line(what: CostTerm, tokens: int, price: Decimal | None) -> CostLine:
    return CostLine(what, tokens, price, None if price is None else tokens * price / MILLION)


def _by_the_piece(tokens: BilledTokens, prices: Mapping[str, Decimal]) -> Iterator[CostLine]:
    """Charges besides tokens: for each search, or for each request."""
    if tokens.web_searches:
        price = prices.get("web_searches_kcount")
        yield CostLine("web search", None, None, None if price is None else tokens.web_searches * price / 1000)
    if (fee := prices.get("requests_kcount")) is not None:
        yield CostLine("request", None, None, fee / 1000)
