"""The table of versions, and the source and date of every fact in it. Pure.

Numbers stay numbers, so that they sort correctly, and unknown is shown as "—". A fact older than
`STALE_AFTER` is grey and marked "old".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd
from pandas.io.formats.style import Styler

from dashboard.models.rows import Version
from prompts.analysis.ratings import DEFINITIONS, rate_says, stars_say, thumbs_say
from prompts.core import format as text_of
from prompts.core.model_stats import Measured, Median
from prompts.votes.sentences import rate_says as blind_votes_say
from providers.catalogue.families import Fact
from providers.catalogue.pricing import ListPrice

STALE = {"color": "#8b9290"}
NOT_MEASURED = "not yet"

VERSION_HELP: Mapping[str, str] = {
    "Model": "What people call it.",
    "Known as": "Its name among the notable versions above.",
    "Status": "Whether it can be asked from here now, and until when it is served.",
    "$ in": "List price in US dollars per million tokens read, for a short prompt, as the receipts use it today.",
    "$ out": "List price in US dollars per million tokens written, thinking included.",
    "Context": "Tokens that fit into one request. Some models share them between prompt, thinking and answer.",
    "First token here": "Median seconds to the first answer text, measured here under clean conditions.",
    "Tokens/s here": "Median tokens per second while answering, measured here under clean conditions.",
    "Successor": "What is named in its place. Unknown if no source names one.",
    "Measured": "How many answers the medians are made of, and from when. n = 1 is one answer, not a median.",
    **DEFINITIONS,
    "Preferred blind": "By blind votes: how often it is preferred to one of the others that were voted on, typically, "
    "a tie counting as a half, with its 95 % interval and its votes. The page Vote has the ranking.",
    "Where": "Whether the text stays on your machine or goes to a provider.",
    "Asked as": "provider:model, as Compare takes it.",
    "Facts from": "Who says so, and as of when. Select the row to see every fact with its source.",
}
"""The columns of the table, in order, with their tooltips."""


@dataclass(frozen=True, slots=True)
class Said:
    """One fact about one version, with its source and date."""

    model: str
    what: str
    value: str
    source: str
    as_of: str
    old: bool = False


def version_table(found: Sequence[Version], on: date) -> Styler:
    """A row per version, in the given order."""
    data = pd.DataFrame({head: [read(version) for version in found] for head, read in _texts(on).items()})
    for place, (head, read) in enumerate(_NUMBERS.items()):
        data.insert(3 + place, head, pd.Series([_number(read(version)) for version in found], dtype="float64"))
    style = data.style  # its methods change it in place; what they return has a less precise type
    for head in ("$ in", "$ out"):
        style.format(_price, subset=[head])
        if local := [n for n, version in enumerate(found) if version.price.kind == "local"]:
            style.format(lambda _: "no fee", subset=pd.IndexSlice[local, [head]])
    for head, show in (("Context", _tokens), ("First token here", text_of.seconds), ("Tokens/s here", text_of.rate)):
        style.format(lambda value, show=show: show(None if pd.isna(value) else value), subset=[head])
    for head, read in _FACTS.items():
        style = _greyed(style, head, [n for n, v in enumerate(found) if (fact := read(v)) and fact.stale(on)])
    return style


def facts(version: Version, on: date) -> list[Said]:
    """Every figure and fact about one version: what, who says so, and as of when."""
    name, row, live = version.target, version.row, version.live
    said = [Said(name, "status", version.status.text, "keys, lists and the calendar here", f"{on}")]
    said += [_price_said(name, what, value, version.price) for what, value in _prices(version)]
    if live and live.context_tokens:
        window, source = text_of.count(live.context_tokens), f"the live list of {version.provider}"
        said.append(Said(name, "context, tokens", window, source, f"{on}"))
    elif row and row.context:
        said.append(_fact(name, "context, tokens", text_of.count(row.context_tokens), row.context, on))
    else:
        said.append(Said(name, "context, tokens", text_of.UNKNOWN, "no source on record states it", text_of.UNKNOWN))
    if row and row.retires:
        said.append(_fact(name, "end of service", row.retires.text, row.retires, on))
        if row.successor:
            said.append(_fact(name, "successor", row.successor.text, row.successor, on))
        else:
            said.append(Said(name, "successor", text_of.UNKNOWN, "no source on record names one", text_of.UNKNOWN))
    if row and row.note:
        said.append(Said(name, "note", row.note, "Collate's catalogue", text_of.UNKNOWN))
    return said + _measured_said(name, version.measured)


def cited(fact: Fact, on: date) -> str:
    """The source and date of a fact, for the screen."""
    return f"{fact.source} ({_as_of(fact, on)})"


def _as_of(fact: Fact, on: date) -> str:
    return f"{fact.as_of}, old" if fact.stale(on) else f"{fact.as_of}"


def _text(fact: Fact | None) -> str:
    return fact.text if fact else text_of.UNKNOWN


_FACTS: Mapping[str, Callable[[Version], Fact | None]] = {
    "Context": lambda v: v.row.context if v.row and not (v.live and v.live.context_tokens) else None,
    "Status": lambda v: v.row.retires if v.row else None,
    "Successor": lambda v: v.successor,
}
_NUMBERS: Mapping[str, Callable[[Version], Decimal | float | None]] = {
    "$ in": lambda v: Decimal(0) if v.price.kind == "local" else v.price.input,
    "$ out": lambda v: Decimal(0) if v.price.kind == "local" else v.price.output,
    "Context": lambda v: v.context_tokens,
    "First token here": lambda v: _value(v.measured and v.measured.time_to_first_token_s),
    "Tokens/s here": lambda v: _value(v.measured and v.measured.output_tokens_per_s),
}


def _texts(on: date) -> Mapping[str, Callable[[Version], str]]:
    return {
        "Model": lambda v: v.label,
        "Known as": lambda v: (v.row and v.row.notable) or "",
        "Status": lambda v: v.status.text,
        "Successor": lambda v: _text(v.successor),
        "Measured": lambda v: _measured(v.measured),
        "Called best": lambda v: rate_says(v.ratings.wins) if v.ratings else text_of.UNKNOWN,
        "Thumbs": lambda v: thumbs_say(v.ratings.thumbs) if v.ratings else text_of.UNKNOWN,
        "Stars": lambda v: stars_say(v.ratings) if v.ratings else text_of.UNKNOWN,
        "Preferred blind": lambda v: blind_votes_say(v.preferred) if v.preferred else text_of.UNKNOWN,
        "Where": lambda v: v.where,
        "Asked as": lambda v: v.target,
        "Facts from": lambda v: _sources(v, on),
    }


def _sources(version: Version, on: date) -> str:
    heads = {"Context": "context", "Status": "end", "Successor": "successor"}
    parts = [f"price: {version.price.source or version.price.reason}"]
    parts += [f"{heads[head]}: {cited(fact, on)}" for head, read in _FACTS.items() if (fact := read(version))]
    return "; ".join(parts)


def _measured(found: Measured | None) -> str:
    if found is None:
        return NOT_MEASURED
    days = text_of.days(found.first, found.last)
    return f"n = {found.clean}, {days}" if found.clean else f"{found.other} answers, none clean, {days}"


def _measured_said(name: str, found: Measured | None) -> list[Said]:
    if found is None:
        return [Said(name, "measured here", text_of.UNKNOWN, NOT_MEASURED, text_of.UNKNOWN)]
    left_out = f"; {found.other} more left out, their conditions were not clean" if found.other else ""
    days = text_of.days(found.first, found.last)
    figures: tuple[tuple[str, Median | None, Callable[[float | None], str]], ...] = (
        ("first token", found.time_to_first_token_s, text_of.seconds),
        ("duration", found.duration_s, text_of.seconds),
        ("tokens/s", found.output_tokens_per_s, text_of.rate),
    )
    return [
        Said(name, f"{what} here", show(_value(m)), f"measured here, n = {m.n if m else 0}{left_out}", days)
        for what, m, show in figures
    ]


def _prices(version: Version) -> list[tuple[str, Decimal | None]]:
    """Both prices, and the higher ones for long prompts if a prompt of that length fits the context window."""
    price, window = version.price, version.context_tokens
    rows: list[tuple[str, Decimal | None]] = [("$ in per million", price.input), ("$ out per million", price.output)]
    if (long := price.long_prompt) and (window is None or long.above < window):
        above = f"prompt above {text_of.count(long.above)} tokens"
        rows += [(f"$ in, {above}", long.input), (f"$ out, {above}", long.output)]
    return rows


def _price_said(name: str, what: str, value: Decimal | None, price: ListPrice) -> Said:
    text = "no fee" if price.kind == "local" else text_of.unit_price(value)
    dated = price.as_of or ("no date; the source has a version" if price.source else text_of.UNKNOWN)
    return Said(name, what, text, price.source or price.reason or text_of.UNKNOWN, dated)


def _fact(name: str, what: str, value: str, fact: Fact, on: date) -> Said:
    return Said(name, what, value, fact.source, _as_of(fact, on), fact.stale(on))


def _value(found: Median | None) -> float | None:
    return found.value if found else None


def _number(value: Decimal | float | None) -> float:
    return float("nan") if value is None else float(value)


def _price(value: float) -> str:
    return text_of.unit_price(None if pd.isna(value) else Decimal(str(value)))


def _tokens(value: float | None) -> str:
    return text_of.count(None if value is None else int(value))


def _greyed(style: Styler, head: str, rows: list[int]) -> Styler:
    return style.set_properties(subset=pd.IndexSlice[rows, [head]], **STALE) if rows else style
