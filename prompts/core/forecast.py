"""What asking will read, write and cost, estimated before anything is sent: ranges, each with its basis.

Combines the rules for tokens (`token_rules`) with earlier answers (`answer_length`). Costs come from the same `Pricer`
as receipts, so the two cannot differ. Each range says what it is based on, even if that is an assumption; without an
upper bound (files) it reads "at least". Earlier answers are passed in; the record reads them.
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
from prompts.core.answer_length import FEWEST, expected
from prompts.core.context_room import Room, loaded_room
from prompts.core.picture_cost import picture_cost
from prompts.core.token_rules import RULE, token_bounds
from providers.catalogue.catalogue import find
from providers.catalogue.pricing import Bill
from providers.completion import Cost
from providers.config.connections import Connection
from providers.interface import Adjustment, ModelInfo, Request, Usage

Fit = Literal["fits", "tight", "does not fit"]

LONG = 200
"""From so many characters on, the prompt's own tokens outweigh what the vendor adds around it."""
TIGHT = 0.9
"""Above this share of the context window a prompt is said to fit tightly."""
_MORE: Mapping[str, float] = {"claude": 1.35}
"""Factor on tokens for models whose tokenizer is not published: Anthropic says up to 1.35 times, of Opus 4.7."""
_FRAME = 15
"""The most tokens a vendor may add around each message."""
_NOT_LATIN = re.compile(r"[^\u0000-\u024f\u1e00-\u1eff\u2000-\u206f\u20a0-\u20cf]+")


@dataclass(frozen=True, slots=True)
class Past:
    """The size of one earlier answer and its prompt."""

    output_tokens: int
    input_tokens: int | None = None
    characters: int | None = None
    """The length of the prompt that took `input_tokens`;
    `None` if they cannot be compared: files, other scripts, history."""


History = Mapping[tuple[str, str], Sequence[Past]]
"""Earlier answers by provider and model, newest first."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of tokens, both ends included."""

    low: int
    high: int | None
    """`None` if there is no upper bound."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The estimate for one call."""

    target: str
    input_tokens: Span
    output_tokens: Span
    """Thinking included; four of five answers lie within it."""
    kind: Literal["amount", "local", "unknown"]
    low: Decimal | None
    """US dollars; `None` unless `kind` is `amount`."""
    high: Decimal | None
    """US dollars; `None` if there is no upper bound: the cost is at least `low`."""
    reason: str | None
    """Why the cost, or its upper end, is unknown."""
    fit: Fit | None
    """Whether prompt and answer fit into the context window; `None` if unknown."""
    context_tokens: int | None
    basis: tuple[str, ...]
    """What the figures are based on."""
    room: str = ""
    """Words for what the prompt does not fit into, if that is not the model's own window; else empty."""
    advice: str = ""
    """What happens to the part that does not fit, and what to do about it; empty if it fits."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The estimate for several calls together, in words."""

    money: str
    """`about $0.003 to $0.0081`, `≥ $0.003`, `no fee` or `cost unknown`.

    Empty where nothing will be asked.
    """
    grounds: tuple[str, ...] = ()
    """What the estimate is based on, and why it or its upper end is unknown."""
    misfits: tuple[str, ...] = ()
    """What does not, or may not, go into a context window."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """The upper bound of an answer's length."""

    tokens: int
    whose: str


def forecast(
    request: Request, connection: Connection, price: Callable[[Bill], Cost], history: History, at: datetime,
    info: ModelInfo | None = None, adjustments: Iterable[Adjustment] = (),
) -> Forecast:  # fmt: skip
    """The estimate for `request`.

    `info`: the model's entry in the provider's live list, if there is one. `adjustments`: what will be sent differently
    from the settings.
    """
    reads, read_basis = _input(request, history.get((connection.name, request.model), ()))
    if request.settings.picture is not None:
        return _of_picture(request, connection, price, at, reads, read_basis)
    sent = _sent_limit(request, adjustments)
    writes, write_basis = _output(connection, request, history, sent or _own_limit(info))
    costs = [price(_bill(connection, request, at, reads.low, writes.low))]
    unbounded: str | None = None
    if reads.high is None or writes.high is None:
        unbounded = "how many tokens the attached files take is unknown"
    else:
        costs.append(price(_bill(connection, request, at, reads.high, writes.high)))
    known = find(connection.name, request.model)
    window = (info.context_tokens if info else None) or (known.context_tokens if known else None)
    place = loaded_room(request, info, reads.low) if connection.kind == "ollama" else Room(window)
    kind = costs[0].kind
    return Forecast(
        target=f"{connection.name}:{request.model}", input_tokens=reads, output_tokens=writes, kind=kind,
        low=costs[0].exact, high=costs[1].exact if len(costs) == 2 else None,
        reason=unbounded if kind == "amount" else costs[0].reason,
        fit=_fit(reads, sent.tokens if sent else None, place), context_tokens=place.tokens,
        basis=(read_basis, write_basis), room=place.words, advice=place.advice,
    )  # fmt: skip


def _of_picture(
    request: Request, connection: Connection, price: Callable[[Bill], Cost], at: datetime, reads: Span, read_basis: str
) -> Forecast:
    """The estimate for a picture, from the vendor's published price; lengths of texts say nothing about it."""
    found = picture_cost(request, connection, price, at, reads.low)
    return Forecast(
        target=f"{connection.name}:{request.model}", input_tokens=reads, output_tokens=Span(0, None), kind=found.kind,
        low=found.low, high=found.high, reason=found.reason, fit=None, context_tokens=None,
        basis=(read_basis, found.basis),
    )  # fmt: skip


def outlook(forecasts: Sequence[Forecast]) -> Outlook:
    """The calls together: cost, basis, and what does not fit. One forecast per call."""
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
    return f"about {low}" if low == high else f"about {low} to {high}"


def _bases(forecasts: Sequence[Forecast]) -> list[str]:
    """What the figures are based on; models are named where a basis does not apply to all."""
    priced = [f for f in forecasts if f.low is not None]
    shared: dict[str, list[str]] = {}
    for each in priced:
        for basis in each.basis:
            shared.setdefault(basis, []).append(each.target)
    return [
        f"{basis}." if len(names) == len(priced) else f"{_names(names)}: {basis}." for basis, names in shared.items()
    ]


def _unknowns(forecasts: Sequence[Forecast]) -> list[str]:
    """Why a cost or its upper end is not known, with one sentence for all models that share the reason."""
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
        room = each.room or f"its context window of {text_of.count(each.context_tokens)} tokens"
        if each.fit in ("does not fit", "tight"):
            will = "will" if each.fit == "does not fit" else "may"
            said[each.target] = f"{each.target}: this {will} not fit into {room}.{each.advice}"
    return tuple(said.values())


def _names(targets: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(targets))


def _bill(connection: Connection, request: Request, at: datetime, reads: int, writes: int) -> Bill:
    return Bill(connection.name, request.model, None, Usage(reads, writes), at)


def _input(request: Request, past: Sequence[Past]) -> tuple[Span, str]:
    """Input tokens of the whole request: from this model's own prompts if comparable, else by the token rules."""
    texts = [message.text for message in request.messages] + [request.settings.system or ""]
    characters = sum(map(len, texts))
    ratios = [p.characters / p.input_tokens for p in past if p.characters and p.input_tokens and p.characters >= LONG]
    bounds = [token_bounds(text) for text in texts]
    more = _MORE.get(next((name for name in _MORE if name in request.model.lower()), ""), 1.0)
    fewest, most = sum(low for low, _ in bounds), sum(high for _, high in bounds) * more
    low, high, basis = floor(fewest), ceil(most) + _FRAME * len(request.messages), RULE
    if len(ratios) >= FEWEST and characters >= LONG:
        own = floor(characters / max(ratios)), ceil(characters / min(ratios))
        if fewest <= own[0] and own[1] <= most:  # else this text differs in kind from those prompts
            low, high = own
            basis = f"{_one(min(ratios))} to {_one(max(ratios))} characters a token in {len(ratios)} prompts here"
    files = any(message.attachments for message in request.messages)
    return Span(max(low, 1), None if files else high), basis


def plain_latin(text: str) -> bool:
    """Whether `text` is all in Latin script,
    so that its characters per token are comparable with other such prompts."""
    return _NOT_LATIN.search(text) is None


def _sent_limit(request: Request, adjustments: Iterable[Adjustment]) -> _Limit | None:
    """The maximum of output tokens that is sent: as set, or as added by the provider; `None` if none is sent."""
    if (most := request.settings.max_output_tokens) is not None:
        return _Limit(most, "as set")
    for each in adjustments:
        if each.setting == "max_output_tokens" and each.sent is not None:
            return _Limit(int(each.sent), f"as {each.reason}")
    return None


def _own_limit(info: ModelInfo | None) -> _Limit | None:
    most = info.max_output_tokens if info else None
    return _Limit(most, "the model's own limit") if most else None


def _output(connection: Connection, request: Request, history: History, limit: _Limit | None) -> tuple[Span, str]:
    """Output tokens of the answer, thinking included, within `limit`; and what that is based on."""
    lengths = {who: [past.output_tokens for past in answers] for who, answers in history.items()}
    found = expected(connection.name, request.model, request.settings.effort, lengths)
    if limit is None or limit.tokens >= found.high:
        return Span(found.low, found.high), found.basis
    basis = f"{found.basis}, at most {text_of.count(limit.tokens)} {limit.whose}"
    return Span(min(found.low, limit.tokens), limit.tokens), basis


def _fit(reads: Span, most: int | None, place: Room) -> Fit | None:
    window = place.tokens
    if window is None:
        return None
    if reads.low + (most or 0) > window:
        return "tight" if place.assumed else "does not fit"
    if reads.high is None or place.assumed:
        return None
    return "tight" if reads.high + (most or 0) > TIGHT * window else "fits"


def _one(value: float) -> str:
    return f"{value:.1f}"
