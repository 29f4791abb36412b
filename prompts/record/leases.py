"""Which process works on which completion, so that unfinished work of a dead process is found, and that of a live one
is left alone.

A process with unfinished completions is listed in `recorders` and regularly renews a timestamp (a lease). If it is gone
(its process on this host, or its lease elsewhere), it is removed, and what it left gets its proper state and the time
when it was found, until somebody finishes it. A mistake is harmless: if the owner's result arrives after all, it
replaces `unknown`.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from prompts.record import clock
from prompts.record.column_types import Instant
from prompts.record.experiment_tables import cells, plans
from prompts.record.once import once
from prompts.record.schema import attempts, completions, recorders
from providers.completion import Cost
from providers.measuring.measure import utc_now

BEAT_S = 10.0
LEASE_S = 60.0


def _host() -> str:
    """The name of this machine and, on Linux, the PID namespace,
    as containers may share the former but not the latter."""
    try:
        return f"{socket.gethostname()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return socket.gethostname()


HOST = _host()
_ours: set[str] = set()
_watched: dict[str, tuple[datetime, float]] = {}
"""For other recorders: the last timestamp seen, and since when by the monotonic clock."""

_LOST_COST = Cost("unknown", reason="Collate ended before the answer did; it may have been charged")
_GONE: sa.BindParameter[Any] = sa.bindparam("gone", expanding=True)
_MINE = recorders.c.id == sa.bindparam("me")
_BEAT = recorders.update().where(_MINE).values(pid=sa.bindparam("mypid"), seen_at=sa.bindparam("now"))
_SENT = completions.select().where(completions.c.recorder_id.in_(_GONE), completions.c.state.in_(("sent", "streaming")))
_LOST_ATTEMPTS = (
    attempts.update()
    .where(attempts.c.completion_id.in_(_SENT.with_only_columns(completions.c.id)))
    .where(attempts.c.state.in_(("sent", "streaming")))
    .values(state="unknown")
)
_IS_CELL = sa.exists().where(cells.c.completion_id == completions.c.id)
# An experiment is resumed as a whole, so nobody is asked to finish its runs one by one.
_FOUND_AT = sa.case((_IS_CELL, sa.null()), else_=sa.bindparam("now", type_=Instant))
_LOST = (
    completions.update()
    .where(completions.c.recorder_id.in_(_GONE), completions.c.state.in_(("sent", "streaming")))
    .values(
        state="unknown", recorder_id=None, cost_kind="unknown", cost={"reason": _LOST_COST.reason},
        interrupted_at=_FOUND_AT,
    )
)  # fmt: skip
UNASKED = sa.case((sa.exists().where(attempts.c.completion_id == completions.c.id), "unknown"), else_="cancelled")
"""The state for a queued completion that will not be sent:
`unknown` if an attempt was sent and lost, else `cancelled`."""
_NEVER_SENT = (
    completions.update()
    .where(completions.c.recorder_id.in_(_GONE), completions.c.state == "queued")
    .values(state=sa.case((_IS_CELL, "waiting"), else_=UNASKED), recorder_id=None, interrupted_at=_FOUND_AT)
)
ENDED = "Collate ended while it ran. Resume it to ask for the missing answers."
_PAUSED = (
    plans.update()
    .where(plans.c.recorder_id.in_(_GONE), plans.c.asked_as.is_(None))  # others go on with shared ones
    .values(
        stage=sa.case((plans.c.stage == "running", "paused"), else_=plans.c.stage),
        reason=sa.case((plans.c.stage == "running", ENDED), else_=plans.c.reason),
        recorder_id=None,
    )
)  # fmt: skip


def enlist() -> str:
    """A new recorder's id, registered as alive in this process."""
    me = str(uuid4())
    _ours.add(me)
    return me


def beat(connection: sa.Connection, me: str) -> None:
    """Renew the lease. Needed before anything can be owned; done once per transaction."""
    once(connection, ("beat", me), lambda: _beat(connection, me))


def _beat(connection: sa.Connection, me: str) -> None:
    now, pid = clock.stamp(connection), os.getpid()
    # A value can be passed to a statement that was compiled once; an expression is part of it.
    beat = _BEAT if isinstance(now, datetime) else _BEAT.values(seen_at=now)
    if connection.execute(beat, {"me": me, "mypid": pid, "now": now}).rowcount == 0:
        connection.execute(recorders.insert().values(id=me, host=HOST, pid=pid, seen_at=now))


def prove_writable(connection: sa.Connection) -> None:
    """Insert and delete a recorder: an error that prevents this would also prevent recording an intent."""
    id = str(uuid4())
    connection.execute(recorders.insert(), {"id": id, "host": HOST, "pid": os.getpid(), "seen_at": utc_now()})
    connection.execute(recorders.delete().where(recorders.c.id == id))


def strike_off(connection: sa.Connection, gone: list[str]) -> None:
    """Remove recorders and settle what they left: `unknown` if it was sent, else `cancelled`.

    An experiment asked by one process is paused, a shared one goes on; cells that were not sent wait again.
    """
    if gone:
        found = {"gone": gone, "now": utc_now()}
        connection.execute(_LOST_ATTEMPTS, {"gone": gone})
        connection.execute(_LOST, found)
        connection.execute(_NEVER_SENT, found)
        connection.execute(_PAUSED, {"gone": gone})
        connection.execute(recorders.delete().where(recorders.c.id.in_(_GONE)), {"gone": gone})


def recover(connection: sa.Connection, me: str) -> None:
    """Remove every recorder that is gone."""
    others = connection.execute(recorders.select().where(recorders.c.id != me)).mappings().all()
    now = clock.now(connection) if others else utc_now()
    gone = [row for row in others if _is_gone(dict(row), now)]
    if connection.dialect.name == "sqlite":
        gone = [row for row in gone if not _may_live_here(row["host"], row["pid"]) or _stands_still(**row)]
    strike_off(connection, [row["id"] for row in gone])


def leave(connection: sa.Connection, me: str) -> None:
    """Remove a recorder that closes properly."""
    strike_off(connection, [me])


def discharge(me: str) -> None:
    """Note that `me` is no longer alive in this process."""
    _ours.discard(me)


def _is_gone(row: dict[str, Any], now: datetime) -> bool:
    if row["id"] in _ours:
        return False
    if row["host"] == HOST and (row["pid"] == os.getpid() or not _runs(row["pid"])):
        return True
    return row["seen_at"] < now - timedelta(seconds=LEASE_S)


def _may_live_here(host: str, pid: int) -> bool:
    return host == HOST and pid != os.getpid() and _runs(pid)


def _stands_still(id: str, seen_at: datetime, **_: object) -> bool:
    """Whether we have seen no new timestamp during a whole lease.

    On SQLite timestamps are by this machine's clock, which can be changed, and which goes on while everything is
    suspended; either makes the timestamp of a live process look old.
    """
    before, since = _watched.get(id, (None, 0.0))
    if before != seen_at:
        _watched[id] = seen_at, monotonic()
        return False
    return monotonic() - since >= LEASE_S


def _runs(pid: int) -> bool:
    """Whether a process with that id exists. Except on POSIX always true, so that only the lease counts."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _has_ended(pid)


def _has_ended(pid: int) -> bool:
    """Whether it is a zombie, listed only because its parent has not waited for it,
    as in a container without an init."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z"
    except OSError:  # not on Linux
        return False
