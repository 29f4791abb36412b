"""What `collate models` and `collate check` print."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from prompts.cli.setup import load, pricer
from prompts.core.format import size
from prompts.core.plain_json import plain
from prompts.core.printable import printable
from prompts.core.targets import TargetError
from providers import errors
from providers.check import check
from providers.config.connections import Connection
from providers.interface import ModelInfo
from providers.registry import known_models, list_models, open_provider


async def print_models(names: Sequence[str], *, as_json: bool) -> int:
    """Print every provider's models: the live list if reachable, else the catalogue's.

    Returns 0, or 1 if none answered.
    """
    connections = load().connections
    for name in names:
        _known(name, connections)
    answered = False
    for connection in (connections[name] for name in names) if names else _offered(connections):
        live, problem = await _live(connection)
        answered = answered or problem is None
        if not as_json:
            print(printable(f"{connection.name}  {connection.endpoint}" + (f"  ({problem})" if problem else "")))
        for model in known_models(connection.name, live):
            print(
                json.dumps({"provider": connection.name, **plain(model)})
                if as_json
                else printable(f"  {_line(connection, model)}")
            )
    return 0 if answered else 1


async def print_checks(wanted: Sequence[str], *, as_json: bool) -> int:
    """Print the steps of each check. Returns 1 if one failed."""
    setup = load()
    price = pricer(setup)
    chosen = wanted or [c.name for c in _offered(setup.connections) if c.usable]
    good = True
    for text in chosen:
        name, _, model = text.partition(":")
        connection = _known(name, setup.connections)
        provider = open_provider(connection)
        if not as_json:
            print(f"{name}  {connection.endpoint}")
        async for step in check(connection, provider, price, model=model or None):
            good = good and step.ok is not False
            if as_json:
                print(json.dumps({"provider": name, **plain(step)}), flush=True)
                continue
            mark = {True: "ok", False: "FAILED", None: "–"}[step.ok]
            print(printable(f"  {step.name:8} {mark:7} {step.detail}"), flush=True)
            if step.next_step:
                print(printable(f"  {'':16} {step.next_step}"))
        await provider.aclose()
    return 0 if good else 1


def _offered(connections: Mapping[str, Connection]) -> list[Connection]:
    return [connection for connection in connections.values() if connection.offered]


def _known(name: str, connections: Mapping[str, Connection]) -> Connection:
    if name not in connections:
        raise TargetError(f"{name!r} is not set up as a provider; known: {', '.join(connections)}")
    return connections[name]


async def _live(connection: Connection) -> tuple[tuple[ModelInfo, ...], str | None]:
    if not connection.usable:
        return (), connection.problem or f"{connection.key_variable} is not set"
    provider = open_provider(connection)
    try:
        return await list_models(provider), None
    except errors.ProviderError as exc:
        return (), exc.failure.message
    finally:
        await provider.aclose()


def _line(connection: Connection, model: ModelInfo) -> str:
    facts = [
        f"{model.context_tokens:,} tokens" if model.context_tokens else None,
        size(model.size_bytes) if model.size_bytes else None,
        model.parameters,
        model.quantization,
        f"retires {model.retires_on}" if model.retires_on else None,
        "from the catalogue" if model.source == "catalogue" else None,
    ]
    return "  ".join([f"{connection.name}:{model.id}", *(fact for fact in facts if fact)])
