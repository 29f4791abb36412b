"""What a model might have said next: the first token of its answer and the likeliest alternatives.

Owns the types, which hosts can report them, and the handling of errors. An adapter that can ask has a method
`next_words`; the built-in models need not be asked (`builtin.next_words`). Nothing is made up: tokens that a host does
not report are missing, and their probability is not distributed over the others.
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
"""The most alternatives that OpenAI, Gemini and Ollama report."""

_NEVER: Mapping[Kind, str] = {
    "anthropic": "Anthropic does not expose next-word probabilities: its API has no field for them.",
}
_WITHOUT = "The answer came without them. Models that think before they answer usually do not expose them."


class Candidate(NamedTuple):
    """One possible next token, as the host splits text: a word, part of one, or a space."""

    token: str
    probability: float


@dataclass(frozen=True, slots=True)
class NextWords:
    """What was reported about the first token of one answer; `candidates` may be empty."""

    candidates: tuple[Candidate, ...]
    """The most probable first. Their probabilities add up to less than 1, as the rest is not reported."""
    usage: Usage | None = None
    response_model: str | None = None
    reported_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The alternatives, and the cost of asking."""

    candidates: tuple[Candidate, ...]
    cost: Cost


@dataclass(frozen=True, slots=True)
class NotExposed:
    """The alternatives are not available from this model; `sentence` is the host's message if there was one."""

    sentence: str
    cost: Cost | None = None
    """The cost of an answer that came without them; `None` if there was none."""


class Teller(Protocol):
    """An adapter that can ask its host for alternatives."""

    async def next_words(self, request: Request, k: int) -> NextWords:
        """Ask once, for as few tokens as the API allows, and for `k` alternatives to the first.

        May raise any exception.
        """
        ...


def why_not(connection: Connection) -> str | None:
    """Why no model of this provider can be asked; `None` if it can, though the model may still refuse."""
    return _NEVER.get(connection.kind)


def candidates(told: Iterable[tuple[object, object]]) -> tuple[Candidate, ...]:
    """(token, natural logarithm of its probability) pairs as candidates: each token once, impossible ones left out."""
    found: dict[str, float] = {}
    for token, logarithm in told:
        if isinstance(token, str) and isinstance(logarithm, int | float) and math.isfinite(logarithm):
            probability = math.exp(min(float(logarithm), 0.0))
            if probability > 0:  # OpenAI uses -9999 for "very unlikely"
                found[_storable(token)] = probability
    return tuple(Candidate(*pair) for pair in sorted(found.items(), key=lambda pair: -pair[1])[:MOST])


async def ask(provider: Provider, request: Request, k: int, *, price: Price) -> Told | NotExposed | Failure:
    """Ask for `k` alternatives with one request that is not recorded. Failures are returned, not raised."""
    tell = getattr(provider, "next_words", None)
    if tell is None:
        return NotExposed(f"{provider.name} does not expose them.")
    limit = asyncio.timeout(_patience(provider, request))
    try:
        async with limit:
            await provider.prepare(request)
            with _one_request():
                told = await cast(Teller, provider).next_words(request, min(k, MOST))
    except Exception as exc:  # noqa: BLE001 -- all errors of this request are handled here
        late = f"no answer within {_patience(provider, request):g} s" if limit.expired() else None
        return _failed(provider, exc, late)
    bill = Bill(provider.name, request.model, told.response_model, told.usage, utc_now(), told.reported_cost)
    cost = price(bill)
    return Told(told.candidates, cost) if told.candidates else NotExposed(_WITHOUT, cost)


@contextmanager
def _one_request() -> Generator[None]:
    """Within this context no SDK can send a second request: the transport counts them in the current exchange."""
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
