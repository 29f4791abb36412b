"""What a model might have said next: the first token of its answer beside the likeliest others.

Owns the types, who can tell at all, and the one boundary around the question. An adapter that can ask
has a method `next_words`; the built-in models need no asking (`builtin.next_words`). Refuses to fill
in: what a host does not tell is missing, and the probabilities of the rest are not shared out.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol, cast

from providers import errors
from providers.catalogue.pricing import Bill
from providers.completion import Cost
from providers.config.connections import Connection, Kind
from providers.config.deadlines import USUAL, Deadlines, in_force, manner
from providers.errors import Failure
from providers.interface import Provider, Request, Usage
from providers.measuring.measure import Price, monotonic, utc_now
from providers.measuring.text_gatherer import Gatherer
from providers.network.exchange import Exchange, exchange

MOST = 20
"""The most alternatives that OpenAI, Gemini and Ollama tell."""

_NEVER: Mapping[Kind, str] = {
    "anthropic": "Anthropic does not expose next-word probabilities: its API has no field for them.",
}
_WITHOUT = "The answer came without them. Models that think before they answer usually do not expose them."


class Candidate(NamedTuple):
    """One token that could come next. Tokens are the host's: a word, a part of one, or a blank."""

    token: str
    probability: float


@dataclass(frozen=True, slots=True)
class NextWords:
    """What one answer told of its first token; `candidates` is empty where it told nothing."""

    candidates: tuple[Candidate, ...]
    """The most probable first. Their probabilities add up to less than 1: the rest is not told."""
    usage: Usage | None = None
    response_model: str | None = None
    reported_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The alternatives, and what the question cost."""

    candidates: tuple[Candidate, ...]
    cost: Cost


@dataclass(frozen=True, slots=True)
class NotExposed:
    """They cannot be had from this model; `sentence` is the host's where it said something."""

    sentence: str
    cost: Cost | None = None
    """What the answer cost that came without them; `None` where there was none."""


class Teller(Protocol):
    """An adapter that can ask its host."""

    async def next_words(self, request: Request, k: int) -> NextWords:
        """Ask once, for as few tokens as the API takes, and for `k` alternatives to the first. Raises anything."""
        ...


def why_not(connection: Connection) -> str | None:
    """Why no model of this provider can be asked; `None` where it can: the model itself may still refuse."""
    return _NEVER.get(connection.kind)


def candidates(told: Iterable[tuple[object, object]]) -> tuple[Candidate, ...]:
    """Tokens and natural logarithms of probabilities as candidates, each token once, what is impossible left out."""
    found: dict[str, float] = {}
    for token, logarithm in told:
        if isinstance(token, str) and isinstance(logarithm, int | float) and math.isfinite(logarithm):
            probability = math.exp(min(float(logarithm), 0.0))
            if probability > 0:  # -9999 is OpenAI's word for "very unlikely"
                found[_storable(token)] = probability
    return tuple(Candidate(*pair) for pair in sorted(found.items(), key=lambda pair: -pair[1])[:MOST])


async def ask(provider: Provider, request: Request, k: int, *, price: Price) -> Told | NotExposed | Failure:
    """Ask for `k` alternatives, by one request that is kept nowhere. A failure is returned, never raised."""
    tell = getattr(provider, "next_words", None)
    if tell is None:
        return NotExposed(f"{provider.name} does not expose them.")
    limit = asyncio.timeout(_patience(provider, request))
    try:
        async with limit:
            await provider.prepare(request)
            with _one_request():
                told = await cast(Teller, provider).next_words(request, min(k, MOST))
    except Exception as exc:  # noqa: BLE001 -- the boundary of this question
        late = f"no answer within {_patience(provider, request):g} s" if limit.expired() else None
        return _failed(provider, exc, late)
    bill = Bill(provider.name, request.model, told.response_model, told.usage, utc_now(), told.reported_cost)
    cost = price(bill)
    return Told(told.candidates, cost) if told.candidates else NotExposed(_WITHOUT, cost)


@contextmanager
def _one_request() -> Generator[None]:
    """No SDK may send a second one: the transport counts them in the running exchange."""
    token = exchange.set(Exchange(monotonic))
    try:
        yield
    finally:
        exchange.reset(token)


def _patience(provider: Provider, request: Request) -> float:
    usual = USUAL[manner(request.model, request.settings.effort, local=provider.local)]
    return in_force(provider.deadlines, Deadlines(), usual).first_byte_s


def _failed(provider: Provider, exc: Exception, late: str | None) -> NotExposed | Failure:
    if late:
        return errors.failure("timeout", late)
    failed = errors.from_exception(exc)
    if failed.kind == "bad_request" and "logprob" in f"{failed.parameter} {failed.message}".lower():
        return NotExposed(failed.message)
    return errors.as_local_failure(failed, exc) if provider.local else failed


def _storable(token: str) -> str:
    gatherer = Gatherer()
    gatherer.add(token)
    gatherer.finish()
    return gatherer.text
