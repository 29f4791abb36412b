"""What asking will read, write and cost, before it is asked: ranges, each with what it rests on.

Owns the rule of thumb for tokens and what earlier answers say. Money goes through the same `Pricer` as a
receipt, so the two cannot differ. Refuses to invent: an answer's length that nothing bounds is unknown,
and a sum that holds it reads "at least". Takes the earlier answers as given; the record reads them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil, floor
from typing import Literal

from prompts.core import format as text_of
from providers.catalogue.catalogue import find
from providers.catalogue.pricing import Bill
from providers.completion import Cost
from providers.config.connections import Connection
from providers.interface import Adjustment, ModelInfo, Request, Usage

Fit = Literal["fits", "tight", "does not fit"]

FEWEST, ENOUGH = 3, 10
"""Below `FEWEST` earlier answers say nothing of a spread; from `ENOUGH` on the outer tenths are left out."""
LONG = 200
"""Characters of a prompt from which its own tokens outweigh what the vendor adds around it."""
TIGHT = 0.9
"""The share of the context window from which it is said to be tight."""
RULE = "2.5 to 5 characters a token in Latin script, 0.5 to 1.5 in Chinese, Japanese and Korean, 1 to 4 in others"
_LATIN, _WIDE, _OTHER = (2.5, 5.0), (0.5, 1.5), (1.0, 4.0)
_FRAME = 15
"""Tokens that a vendor may add around each message."""
_NOT_LATIN = re.compile(r"[^\u0000-\u024f\u1e00-\u1eff\u2000-\u206f\u20a0-\u20cf]+")
_WIDE_RUN = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U0001f000-\U0003ffff]+")


@dataclass(frozen=True, slots=True)
class Past:
    """What one earlier answer of a model took."""

    output_tokens: int
    input_tokens: int | None = None
    characters: int | None = None
    """Of the prompt that took `input_tokens`; `None` where they do not compare: files, other scripts, turns before."""


History = Mapping[tuple[str, str], Sequence[Past]]
"""Earlier answers by provider and model, newest first."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of tokens, ends included."""

    low: int
    high: int | None
    """`None` = nothing bounds it."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one call will probably take."""

    target: str
    input_tokens: Span
    output_tokens: Span | None
    """`None` = nothing is known of it."""
    kind: Literal["amount", "local", "unknown"]
    low: Decimal | None
    """US dollars; `None` unless `kind` is `amount`."""
    high: Decimal | None
    """`None` where nothing bounds it: then the cost is at least `low`."""
    reason: str | None
    """Why the cost, or its upper end, is unknown."""
    fit: Fit | None
    """Whether prompt and answer go into the context window; `None` = unknown."""
    context_tokens: int | None
    basis: tuple[str, ...]
    """What the figures rest on."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What several calls will probably take together, in words."""

    money: str
    """`about $0.003 to $0.0081`, `$0.003 to at most $0.4`, `≥ $0.003`, `no fee` or `cost unknown`.

    Empty where nothing will be asked.
    """
    grounds: tuple[str, ...] = ()
    """What that rests on, and why it, or its upper end, is unknown."""
    misfits: tuple[str, ...] = ()
    """What does not, or may not, go into a context window."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """The most that an answer can be."""

    tokens: int
    whose: str


def forecast(
    request: Request, connection: Connection, price: Callable[[Bill], Cost], history: History, at: datetime,
    info: ModelInfo | None = None, adjustments: Iterable[Adjustment] = (),
) -> Forecast:  # fmt: skip
    """What `request` will take.

    `info`: what the provider's live list says of the model, where there is one. `adjustments`: what will be sent
    otherwise than it is set.
    """
    past = history.get((connection.name, request.model), ())
    reads, read_basis = _input(request, past)
    sent = _sent_limit(request, adjustments)
    writes, write_basis = _output(past, sent or _own_limit(info))
    costs = [price(_bill(connection, request, at, reads.low, writes.low if writes else 0))]
    unbounded: str | None = None
    if reads.high is None:
        unbounded = "how many tokens the attached files take is unknown"
    elif writes is None or writes.high is None:
        unbounded = "it has answered too seldom here to know how long its answers are, and no maximum is set"
    else:
        costs.append(price(_bill(connection, request, at, reads.high, writes.high)))
    known = find(connection.name, request.model)
    window = (info.context_tokens if info else None) or (known.context_tokens if known else None)
    if connection.kind == "ollama":
        window = None  # the model's own window: what the server loads it with is usually far less, and not told here
    kind = costs[0].kind
    return Forecast(
        target=f"{connection.name}:{request.model}", input_tokens=reads, output_tokens=writes, kind=kind,
        low=costs[0].exact, high=costs[1].exact if len(costs) == 2 else None,
        reason=unbounded if kind == "amount" else costs[0].reason,
        fit=_fit(reads, sent.tokens if sent else None, window), context_tokens=window,
        basis=(read_basis, *([write_basis] if write_basis else [])),
    )  # fmt: skip


def outlook(forecasts: Sequence[Forecast]) -> Outlook:
    """What the calls cost together, how that is known, and what does not fit. One forecast a call."""
    if not forecasts:
        return Outlook("")
    return Outlook(_money(forecasts), (*_bases(forecasts), *_unknowns(forecasts)), _misfits(forecasts))


def _money(forecasts: Sequence[Forecast]) -> str:
    priced = [f for f in forecasts if f.low is not None]
    if not priced:
        return "no fee" if all(f.kind == "local" for f in forecasts) else "cost unknown"
    low = text_of.money(sum((f.low for f in priced if f.low is not None), Decimal(0)))
    high = text_of.money(sum((f.high for f in priced if f.high is not None), Decimal(0)))
    if any(f.high is None for f in priced) or any(f.kind == "unknown" for f in forecasts):
        return f"≥ {low}"
    if low != high and any(f.output_tokens and f.output_tokens.low == 0 for f in priced):
        return f"{low} to at most {high}"  # the upper end is what a limit allows, not what is likely
    return f"about {low}" if low == high else f"about {low} to {high}"


def _bases(forecasts: Sequence[Forecast]) -> list[str]:
    """What the figures rest on; named are the models where it does not hold for all."""
    priced = [f for f in forecasts if f.low is not None]
    shared: dict[str, list[str]] = {}
    for each in priced:
        for basis in each.basis:
            shared.setdefault(basis, []).append(each.target)
    return [
        f"{basis}." if len(names) == len(priced) else f"{_names(names)}: {basis}." for basis, names in shared.items()
    ]


def _unknowns(forecasts: Sequence[Forecast]) -> list[str]:
    """Why a cost, or its upper end, is not known: once for all models that share the reason."""
    shared: dict[tuple[bool, str], list[str]] = {}
    for each in forecasts:
        if each.kind != "local" and each.high is None and each.reason:
            shared.setdefault((each.low is None, each.reason), []).append(each.target)
    return [
        f"{_names(names)}: the {'cost' if nothing else 'most it can cost'} is unknown, because {reason}."
        for (nothing, reason), names in shared.items()
    ]


def _misfits(forecasts: Sequence[Forecast]) -> tuple[str, ...]:
    said: dict[str, str] = {}
    for each in forecasts:
        room = f"its context window of {text_of.count(each.context_tokens)} tokens"
        if each.fit == "does not fit":
            said[each.target] = f"{each.target}: this will not fit into {room}."
        elif each.fit == "tight":
            said[each.target] = f"{each.target}: this may not fit into {room}."
    return tuple(said.values())


def _names(targets: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(targets))


def _bill(connection: Connection, request: Request, at: datetime, reads: int, writes: int) -> Bill:
    return Bill(connection.name, request.model, None, Usage(reads, writes), at)


def _input(request: Request, past: Sequence[Past]) -> tuple[Span, str]:
    """The tokens of the whole request, from this model's own prompts where they compare, else by the rule."""
    texts = [message.text for message in request.messages] + [request.settings.system or ""]
    characters = sum(map(len, texts))
    ratios = [p.characters / p.input_tokens for p in past if p.characters and p.input_tokens and p.characters >= LONG]
    if len(ratios) >= FEWEST and characters >= LONG and not any(map(_NOT_LATIN.search, texts)):
        low, high = floor(characters / max(ratios)), ceil(characters / min(ratios))
        basis = f"{_one(min(ratios))} to {_one(max(ratios))} characters a token in {len(ratios)} prompts here"
    else:
        spans = [_thumb(text) for text in texts]
        low, high = floor(sum(a for a, _ in spans)), ceil(sum(b for _, b in spans)) + _FRAME * len(request.messages)
        basis = RULE
    files = any(message.attachments for message in request.messages)
    return Span(max(low, 1), None if files else high), basis


def _thumb(text: str) -> tuple[float, float]:
    """Tokens of a text by the rule of thumb."""
    foreign = "" if text.isascii() else "".join(_NOT_LATIN.findall(text))
    wide = sum(map(len, _WIDE_RUN.findall(foreign)))
    counts = ((len(text) - len(foreign), _LATIN), (wide, _WIDE), (len(foreign) - wide, _OTHER))
    return sum(n / most for n, (_, most) in counts), sum(n / least for n, (least, _) in counts)


def plain_latin(text: str) -> bool:
    """Whether `text` is all in Latin script, so that its characters a token compare with other such prompts."""
    return _NOT_LATIN.search(text) is None


def _sent_limit(request: Request, adjustments: Iterable[Adjustment]) -> _Limit | None:
    """The maximum that goes along with the request: one that is set, or one that the provider adds."""
    if (most := request.settings.max_output_tokens) is not None:
        return _Limit(most, "as set")
    for each in adjustments:
        if each.setting == "max_output_tokens" and each.sent is not None:
            return _Limit(int(each.sent), f"as {each.reason}")
    return None


def _own_limit(info: ModelInfo | None) -> _Limit | None:
    most = info.max_output_tokens if info else None
    return _Limit(most, "the model's own limit") if most else None


def _output(past: Sequence[Past], limit: _Limit | None) -> tuple[Span | None, str | None]:
    """The tokens of the answer, thinking included, from earlier answers of this model and what bounds it."""
    most = f"at most {text_of.count(limit.tokens)}" if limit else ""
    lengths = sorted(p.output_tokens for p in past)
    if len(lengths) < FEWEST:
        return (Span(0, limit.tokens), f"{most} tokens out, {limit.whose}") if limit else (None, None)
    left_out = len(lengths) // 10 if len(lengths) >= ENOUGH else 0
    low, high = lengths[left_out], lengths[-1 - left_out]
    which = "10th to 90th percentile" if left_out else "smallest to largest"
    told = text_of.count(low) + (f" to {text_of.count(high)}" if high > low else "")
    basis = f"{told} tokens out, the {which} of {len(lengths)} answers here"
    if limit is not None and limit.tokens < high:
        low, high, basis = min(low, limit.tokens), limit.tokens, f"{basis}, {most} {limit.whose}"
    return Span(low, high), basis


def _fit(reads: Span, most: int | None, window: int | None) -> Fit | None:
    if window is None:
        return None
    if reads.low + (most or 0) > window:
        return "does not fit"
    if reads.high is None:
        return None
    return "tight" if reads.high + (most or 0) > TIGHT * window else "fits"


def _one(value: float) -> str:
    return f"{value:.1f}"
