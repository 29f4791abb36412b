"""Whether one more call may be sent to a provider, counted over all processes that share the record.

Owns the limits that people set and those learnt from refusals. Asked in the transaction that records the intent, by the
database's clock, so a call let through counts at once for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from prompts.core import format as text_of
from prompts.core.sanitize import mended
from prompts.experiments.asked_as import is_here
from prompts.experiments.gate import RECOVERS_S
from prompts.experiments.throughput import BURST, Rate
from prompts.record import clock, leases
from prompts.record.database_errors import RecordError
from prompts.record.experiment_tables import gates
from prompts.record.once import once
from prompts.record.schema import completions, recorders
from prompts.record.turns import take_turn
from prompts.record.writes import either
from providers.config.connections import Connection

FORGOTTEN = timedelta(hours=1)
"""After so long, what was learnt from a refusal is ignored."""
UNLIMITED = 1_000_000
"""Stored instead of a number of calls at once for a provider that never refused."""
GLANCE_S = 0.05
"""Seconds until a caller should look again for a place that another process may have released."""
MARGIN_S = 1.0
"""Seconds added to a minute, as some time passes between the recorded intent and the server's own clock."""

_ROW = gates.select().where(gates.c.provider == sa.bindparam("its"), gates.c.account == sa.bindparam("at"))
_LOCKED = _ROW.with_for_update()
_DUE = gates.update().where(gates.c.provider == sa.bindparam("its"), gates.c.account == sa.bindparam("at"))
_UNDER_WAY = (
    sa.select(sa.func.count())
    .select_from(completions)
    .where(completions.c.recorder_id.is_not(None), completions.c.state.in_(("sent", "streaming")))
    .where(completions.c.provider == sa.bindparam("its"), completions.c.endpoint == sa.bindparam("endpoint"))
)  # fmt: skip
_HERE = _UNDER_WAY.where(
    completions.c.recorder_id.in_(sa.select(recorders.c.id).where(recorders.c.host == leases.HOST))
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that people set for a provider, for all processes together."""

    at_once: int | None = None
    """Calls at the same time; `None`: no limit."""
    per_minute: int | None = None
    """Calls per minute; `None`: no limit."""


class ShutError(RecordError):
    """The call may not be sent now, and was not. The message says for people what it waits for."""

    def __init__(self, said: str, wait_s: float) -> None:
        super().__init__(said)
        self.wait_s = wait_s
        """Seconds after which to try again."""


def limits_of(connection: Connection) -> Limits:
    """The limits of a connection's configuration; a machine of one's own is asked one call at a time."""
    return Limits(1 if connection.local else connection.at_once, connection.per_minute)


def set_rates(limits: Limits) -> tuple[Rate, ...]:
    """The limit per minute that people set, if any, as a rate."""
    return (Rate(limits.per_minute, own=False),) if limits.per_minute else ()


def account_of(connection: Connection) -> str:
    """What the limits belong to: the address that is asked and,
    for an address of this computer, which computer that is."""
    return f"{mended(connection.endpoint)} on {leases.HOST}" if is_here(connection) else mended(connection.endpoint)


def admit(connection: sa.Connection, asked: Connection, limits: Limits) -> Callable[[], None]:
    """Let one call through, or raise `ShutError`.

    The function returned counts the call, and is to be called in the transaction of its intent.
    """
    key = {"its": asked.name, "at": account_of(asked)}
    if limits == Limits() and not once(connection, ("gate", *key.values()), lambda: _known(connection, key)):
        return _free
    take_turn(connection)
    once(connection, ("gate made", *key.values()), lambda: _make(connection, key))
    row = connection.execute(_LOCKED, key).one()
    now = clock.now(connection)
    if row.changed_at > now:
        row = _counted_from(now, connection, key, row)
    _open(row, now)
    _room(connection, asked, _at_once(row, now, limits))
    per_minute = _least(limits.per_minute, row.per_minute if _fresh(row, now) else None)
    if per_minute is None:
        return _free
    next_at, (burst, gap) = row.next_at, _pace(per_minute)
    if next_at is not None and next_at > now + burst * gap:  # so far ahead only if the clock was set back since
        next_at = now + burst * gap
        connection.execute(_DUE, {**key, "next_at": next_at})
    due = {**key, "next_at": _due(next_at, now, per_minute)}

    def count() -> None:
        connection.execute(_DUE, due)

    return count


def _known(connection: sa.Connection, key: dict[str, str]) -> bool:
    return connection.execute(_ROW, key).one_or_none() is not None


def _make(connection: sa.Connection, key: dict[str, str]) -> None:
    values = {
        "provider": key["its"], "account": key["at"], "at_once": UNLIMITED, "changed_at": clock.now(connection),
    }  # fmt: skip
    connection.execute(either(connection, gates).on_conflict_do_nothing(), values)


def _counted_from(now: datetime, connection: sa.Connection, key: dict[str, str], row: Any) -> Any:
    """The row with its times moved to now if the clock was set back;
    else everybody would wait until it has caught up."""
    ahead = row.changed_at - now
    shut_until = row.shut_until and row.shut_until - ahead
    connection.execute(_DUE, {**key, "changed_at": now, "shut_until": shut_until})
    return connection.execute(_ROW, key).one()


def _free() -> None:
    """Counts a call for which nothing has to be recorded: does nothing."""


def _open(row: Any, now: datetime) -> None:
    if row.shut_until is not None and row.shut_until > now:
        left_s = (row.shut_until - now).total_seconds()
        raise ShutError(
            f"Its rate limit is reached, counting everybody: continues in {text_of.rough_time(left_s)}.", left_s
        )


def _at_once(row: Any, now: datetime, limits: Limits) -> int | None:
    learnt = at_once_now(row.at_once, row.changed_at, now) if _fresh(row, now) and row.at_once < UNLIMITED else None
    return _least(limits.at_once, learnt)


def _room(connection: sa.Connection, asked: Connection, at_once: int | None) -> None:
    if at_once is None:
        return
    query = _HERE if is_here(asked) else _UNDER_WAY
    busy = connection.scalar(query, {"its": asked.name, "endpoint": mended(asked.endpoint)}) or 0
    if busy >= at_once:
        raise ShutError(f"{at_once:,} at once, counting everybody: waits for its turn.", GLANCE_S)


def _due(next_at: datetime | None, now: datetime, per_minute: int) -> datetime:
    """When the next call after this one is due; raises `ShutError` if this one is too early.

    A tenth of a minute's calls may go at once, the rest follow evenly. The generic cell rate algorithm (ITU-T I.371):
    never more than `per_minute` in any minute.
    """
    burst, gap = _pace(per_minute)
    due = now if next_at is None else max(next_at, now)
    early = due - now - (burst - 1) * gap
    if early > timedelta(0):
        left_s = early.total_seconds()
        raise ShutError(f"{per_minute:,} calls a minute, counting everybody: continues in {left_s:.0f} s.", left_s)
    return due + gap


def _pace(per_minute: int) -> tuple[int, timedelta]:
    """How many calls may go at once, and the time between calls after that."""
    burst = max(1, per_minute // BURST)
    return burst, timedelta(seconds=(60 + MARGIN_S) / max(1, per_minute - burst + 1))


def _fresh(row: Any, now: datetime) -> bool:
    return bool(row.changed_at > now - FORGOTTEN)


def at_once_now(at_once: int, changed_at: datetime, now: datetime) -> int:
    """How many calls may go at once now: as many as after the refusal, plus one for each minute since."""
    return at_once + max(0, int((now - changed_at).total_seconds() // RECOVERS_S))


def _least(*limits: int | None) -> int | None:
    return min((each for each in limits if each is not None), default=None)


def under_way(connection: sa.Connection, provider: str, endpoint: str, but: str) -> int:
    """How many calls to it processes other than `but` have in progress."""
    query = _UNDER_WAY.where(completions.c.recorder_id != sa.bindparam("me"))
    return connection.scalar(query, {"its": provider, "endpoint": mended(endpoint), "me": but}) or 0
