"""Checks whether a connection works: four steps, each with its result and what to do next.

Key found, host reachable, models listed, a one-token answer. Stops at the first step that fails, as the next ones could
only fail too. The last step sends a real request, which may cost a fraction of a cent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from providers import errors
from providers.catalogue.pricing import Pricer
from providers.completion import GOOD_STATES
from providers.config.connections import DRAWING, Connection
from providers.errors import Failure
from providers.interface import Provider, Request, Settings
from providers.measuring.measure import complete
from providers.network.exchange import CONNECT_S
from providers.registry import list_models, usual_model

StepName = Literal["key", "host", "models", "answer"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a check. `ok` is `None` if the step does not apply."""

    name: StepName
    ok: bool | None
    detail: str
    next_step: str | None = None


async def check(
    connection: Connection, provider: Provider, price: Pricer, *, model: str | None = None
) -> AsyncIterator[Step]:
    """The steps as they are completed. `model` is asked for the answer; `None`: use `registry.usual_model`."""
    key = _key(connection)
    yield key
    if key.ok is False:
        return
    host = await _host(connection)
    yield host
    if host.ok is False:
        return
    try:
        models = await list_models(provider)
    except errors.ProviderError as exc:
        yield _failed("models", exc.failure, connection, model or "any model")
        return
    yield Step("models", True, f"{len(models)} listed")
    yield await _answer(connection, provider, price, model or usual_model(connection, models))


def _key(connection: Connection) -> Step:
    if connection.problem:
        what = "key" if connection.key_refused else "address"
        where = "secrets.toml" if connection.key_refused else "collate.toml"
        return Step("key", False, connection.problem, f"Correct the {what} in the environment or in {where}.")
    if not connection.needs_key and connection.key is None:
        return Step(
            "key", None, " ".join(("no key needed.", *connection.notes)) if connection.notes else "no key needed"
        )
    if connection.key is None:
        step = errors.NEXT_STEP["missing_key"].format(key_variable=connection.key_variable)
        return Step("key", False, f"{connection.key_variable} is not set", step)
    return Step("key", True, _with_notes("found", connection))


def _with_notes(said: str, connection: Connection) -> str:
    return " ".join((f"{said}.", *connection.notes)) if connection.notes else said


async def _host(connection: Connection) -> Step:
    if not connection.base_url:
        return Step("host", None, "runs in this program")
    parts = urlsplit(connection.base_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if connection.proxy:
        return Step("host", None, "reached through the proxy")
    try:
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, TimeoutError) as exc:
        failure = errors.from_exception(exc)
        if failure.kind == "protocol":
            # Python's plain OSError: the host is unreachable, or each of several addresses refused (localhost has two).
            failure = errors.failure("connection", f"no connection: {errors.in_words(str(exc))}", retry="yes")
        return _failed("host", errors.as_local_failure(failure, exc) if connection.local else failure, connection, "")
    writer.close()
    return Step("host", True, f"{parts.hostname}:{port} accepts connections")


async def _answer(connection: Connection, provider: Provider, price: Pricer, model: str | None) -> Step:
    if not connection.writes:
        return Step("answer", None, "not asked: it draws pictures, and writes nothing")
    if model is None:
        return Step("answer", False, "no model to ask", "Name one: collate check provider:model")
    # A few tokens more than one, as OpenAI's Responses API refuses a limit below 16.
    request = Request.ask(model, "Say hi.", Settings(max_output_tokens=16))
    outcome = await complete(provider, request, price=price)
    if outcome.error is not None:
        if connection.kind in DRAWING and outcome.error.kind == "not_found" and not outcome.error.is_of_model(model):
            # Its list of models was just found at the same address, so the address is right.
            return Step("answer", None, "no text can be asked for at this address; if the host draws, use Images")
        return _failed("answer", outcome.error, connection, model)
    if outcome.state not in GOOD_STATES:
        return Step("answer", False, f"{model} ended {outcome.state}", "Retry, or ask another model.")
    seconds = outcome.timings.duration_s
    took = "" if seconds is None else f" in {seconds:.2f} s"
    return Step("answer", True, f"{model} answered{took} ({outcome.state})")


def _failed(name: StepName, failure: Failure, connection: Connection, model: str) -> Step:
    step = failure.next_step(
        provider=connection.name, model=model, endpoint=connection.endpoint, key_variable=connection.key_variable
    )
    return Step(name, False, failure.message, step)
