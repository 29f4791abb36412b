"""The gates of all providers, and what they have learnt on record, so that the next start knows it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from prompts.asking.runner import Connections, Runner
from prompts.core import format as text_of
from prompts.core.sanitize import mended
from prompts.experiments import worker_store
from prompts.experiments.admission import FORGOTTEN, UNLIMITED, account_of, at_once_now, limits_of, set_rates, under_way
from prompts.experiments.asked_as import asked_as
from prompts.experiments.gate import AT_ONCE, Gate
from prompts.experiments.throughput import Throughput, told_rates
from prompts.history.archive import Archive
from prompts.record import clock
from prompts.record.experiment_tables import gates
from prompts.record.turns import take_turn
from prompts.record.writes import either
from providers.config.connections import Connection
from providers.interface import Provider


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt from a refusal."""

    at_once: int
    shut_until: datetime | None
    learnt_from: str
    changed_at: datetime
    per_minute: int | None = None
    tokens_per_minute: int | None = None


class Gates:
    """One gate for each provider, for one event loop. `at_once`: calls to each hosted provider at the same time."""

    def __init__(self, runner: Runner, archive: Archive, at_once: int) -> None:
        self._runner, self._archive, self._at_once = runner, archive, at_once
        self._gates: dict[Provider, Gate] = {}

    def of(self, provider: Provider) -> Gate:
        """The gate of a provider, made on first use."""
        if provider not in self._gates:
            self._gates[provider] = Gate(asyncio.get_running_loop().time, self._at_once)
        return self._gates[provider]

    async def remember(self, names: Iterable[str], connections: Connections) -> None:
        """Load what was learnt earlier about these providers,
        except for keys typed in this process, which are other accounts."""
        for name in names:
            provider = self._runner.provider(connections[name])
            if provider in self._gates or provider.local:
                continue
            gate = self.of(provider)
            gate.most = min(gate.most, connections[name].at_once or gate.most)
            if connections[name] == self._runner.configuration.connections.get(name):
                learnt, now = await asyncio.to_thread(self._archive.read, lambda c, p=provider: _known(c, p))
                gate.shared = True
                if learnt is not None:
                    apply(gate, learnt, now)


def _known(connection: sa.Connection, provider: Provider) -> tuple[Learnt | None, datetime]:
    now = clock.now(connection)
    return load(connection, provider, now), now


def load(connection: sa.Connection, provider: Provider, now: datetime) -> Learnt | None:
    """What is known of a provider; `None` if it never refused, or only long ago."""
    row = connection.execute(
        gates.select().where(gates.c.provider == provider.name, gates.c.account == mended(provider.endpoint))
    ).one_or_none()
    if row is None or row.changed_at < now - FORGOTTEN or row.at_once >= UNLIMITED:
        return None
    return Learnt(
        row.at_once, row.shut_until, row.learnt_from or "", row.changed_at, row.per_minute, row.tokens_per_minute
    )


def save(connection: sa.Connection, provider: Provider, gate: Gate, now: datetime, me: str = "") -> None:
    """Record what the gate of `me` has learnt, for all processes; the calls of the others count towards what is halved.

    A process never allows more than another has just forbidden.
    """
    take_turn(connection)
    at_once = gate.at_once + under_way(connection, provider.name, provider.endpoint, me) // 2 if me else gate.at_once
    shut_until = now + timedelta(seconds=gate.shut_s)
    if (learnt := load(connection, provider, now)) is not None and me:
        at_once = min(at_once, at_once_now(learnt.at_once, learnt.changed_at, now))
        shut_until = max(shut_until, learnt.shut_until or shut_until)
    known = {
        "at_once": at_once, "per_minute": gate.per_minute,
        "tokens_per_minute": gate.tokens_per_minute, "learnt_from": mended(gate.learnt_from),
        "changed_at": now, "shut_until": shut_until,
    }  # fmt: skip
    insert = either(connection, gates).values(provider=provider.name, account=mended(provider.endpoint), **known)
    connection.execute(insert.on_conflict_do_update(index_elements=["provider", "account"], set_=known))


def throughput(connection: sa.Connection, asked: Connection, at_once: int) -> Throughput:
    """The present limits of a provider: those set by people, and those learnt within the last hour.

    `at_once`: calls that the asking process would send at the same time.
    """
    limits, now = limits_of(asked), clock.now(connection)
    most = min(limits.at_once or UNLIMITED, worker_store.at_once(connection, asked_as(asked)) or at_once)
    row = connection.execute(
        gates.select().where(gates.c.provider == asked.name, gates.c.account == account_of(asked))
    ).one_or_none()
    known = Throughput(most) if row is None else _learnt(row, most, now)
    return replace(known, rates=(*set_rates(limits), *known.rates))


def throughputs(connection: sa.Connection, served: Mapping[str, str]) -> dict[str, Throughput]:
    """The present limits, as far as learnt, of these providers for all workers that listen for them.

    `served`: for each provider the name under which workers listen for it.
    """
    now = clock.now(connection)
    found = {name: Throughput(worker_store.at_once(connection, its) or AT_ONCE) for name, its in served.items()}
    for row in connection.execute(gates.select().where(gates.c.provider.in_(list(served)))):
        found[row.provider] = _learnt(row, found[row.provider].at_once, now)
    return found


def _learnt(row: Any, most: int, now: datetime) -> Throughput:
    if row.changed_at < now - FORGOTTEN:
        return Throughput(most)
    wait_s = (row.shut_until - now).total_seconds() if row.shut_until else 0.0
    rates = told_rates(row.per_minute, row.tokens_per_minute)
    return Throughput(most, min(most, at_once_now(row.at_once, row.changed_at, now)), rates, max(0.0, wait_s))


def told(connection: sa.Connection, names: Iterable[str]) -> dict[str, str]:
    """For those of these providers that limit everybody at present, a sentence each."""
    now, found = clock.now(connection), dict[str, str]()
    for row in connection.execute(gates.select().where(gates.c.provider.in_(list(names)))):
        at_once = at_once_now(row.at_once, row.changed_at, now)
        if not row.learnt_from or row.changed_at < now - FORGOTTEN or at_once >= AT_ONCE:
            continue
        left_s = (row.shut_until - now).total_seconds() if row.shut_until else 0.0
        goes_on = f"continues in {text_of.rough_time(left_s)}, " if left_s > 0 else ""
        found[row.provider] = f"Rate limited: {goes_on}{text_of.number_of(at_once, 'call')} at once for all workers."
    return found


def apply(gate: Gate, learnt: Learnt, now: datetime) -> None:
    """Set up a gate with what is known; it recovers from there."""
    # If the clock was set back, wait no longer than the provider asked for.
    since = max(now, learnt.changed_at)
    shut_s = (learnt.shut_until - since).total_seconds() if learnt.shut_until else 0.0
    gate.per_minute, gate.tokens_per_minute = learnt.per_minute, learnt.tokens_per_minute
    gate.learnt(learnt.at_once, (now - learnt.changed_at).total_seconds(), shut_s, learnt.learnt_from)
