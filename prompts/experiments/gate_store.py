"""What gates have learnt, on record: the next start, and another Collate, need not learn it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from prompts.core.sanitize import mended
from prompts.experiments.gate import Gate
from prompts.record.experiment_tables import gates
from prompts.record.writes import either
from providers.interface import Provider

FORGOTTEN = timedelta(hours=1)
"""A limit that old says nothing of today's."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What one refusal taught."""

    at_once: int
    shut_until: datetime | None
    learnt_from: str
    changed_at: datetime


def load(connection: sa.Connection, provider: Provider, now: datetime) -> Learnt | None:
    """What is known of a provider; `None` where it never refused, or long ago."""
    row = connection.execute(
        gates.select().where(gates.c.provider == provider.name, gates.c.account == mended(provider.endpoint))
    ).one_or_none()
    if row is None or row.changed_at < now - FORGOTTEN:
        return None
    return Learnt(row.at_once, row.shut_until, row.learnt_from or "", row.changed_at)


def save(connection: sa.Connection, provider: Provider, gate: Gate, now: datetime) -> None:
    """What its gate has just learnt."""
    known = {
        "at_once": gate.at_once, "learnt_from": mended(gate.learnt_from), "changed_at": now,
        "shut_until": now + timedelta(seconds=gate.shut_s),
    }  # fmt: skip
    insert = either(connection, gates).values(provider=provider.name, account=mended(provider.endpoint), **known)
    connection.execute(insert.on_conflict_do_update(index_elements=["provider", "account"], set_=known))


def apply(gate: Gate, learnt: Learnt, now: datetime) -> None:
    """Let a gate begin with what is known; it recovers from there."""
    shut_s = (learnt.shut_until - now).total_seconds() if learnt.shut_until else 0.0
    gate.learnt(learnt.at_once, (now - learnt.changed_at).total_seconds(), shut_s, learnt.learnt_from)
