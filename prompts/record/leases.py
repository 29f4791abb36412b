"""Who works on which completion, so that the work of a process that died is found and that of a live one left alone.

A process that has unfinished completions is listed in `recorders` and renews its sign of life. One
that is gone (its process on this host, or its lease elsewhere) is struck off, and what it left
behind gets the state it deserves and the time at which it was found, until somebody finishes it.
A mistake is harmless: the owner's own result, should it still come, replaces `unknown`.
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
    """This machine, and on Linux whose numbers its processes have: containers may share the one and not the other."""
    try:
        return f"{socket.gethostname()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return socket.gethostname()


HOST = _host()
_ours: set[str] = set()
_watched: dict[str, tuple[datetime, float]] = {}
"""Of others: their last sign of life as we have seen it, and since when, by the clock that nobody sets."""

_LOST_COST = Cost("unknown", reason="Collate ended before the answer did; it may have been charged")
_GONE: sa.BindParameter[Any] = sa.bindparam("gone", expanding=True)
_MINE = recorders.c.id == sa.bindparam("me")
_BEAT = recorders.update().where(_MINE).values(pid=sa.bindparam("mypid"))
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
"""What becomes of a queued completion that will not be sent: one that was sent once, and lost, stays so."""
_NEVER_SENT = (
    completions.update()
    .where(completions.c.recorder_id.in_(_GONE), completions.c.state == "queued")
    .values(state=sa.case((_IS_CELL, "waiting"), else_=UNASKED), recorder_id=None, interrupted_at=_FOUND_AT)
)
ENDED = "Collate ended while it ran. Resume it to ask for what is missing."
_PAUSED = (
    plans.update()
    .where(plans.c.recorder_id.in_(_GONE), plans.c.asked_as.is_(None))  # what workers share, others go on with
    .values(
        stage=sa.case((plans.c.stage == "running", "paused"), else_=plans.c.stage),
        reason=sa.case((plans.c.stage == "running", ENDED), else_=plans.c.reason),
        recorder_id=None,
    )
)  # fmt: skip


def enlist() -> str:
    """A new recorder's id, known as alive in this process."""
    me = str(uuid4())
    _ours.add(me)
    return me


def beat(connection: sa.Connection, me: str) -> None:
    """A sign of life. Needed before anything can be owned; one is enough for all that a transaction holds."""
    once(connection, ("beat", me), lambda: _beat(connection, me))


def _beat(connection: sa.Connection, me: str) -> None:
    now, pid = clock.stamp(connection), os.getpid()
    if connection.execute(_BEAT.values(seen_at=now), {"me": me, "mypid": pid}).rowcount == 0:
        connection.execute(recorders.insert().values(id=me, host=HOST, pid=pid, seen_at=now))


def prove_writable(connection: sa.Connection) -> None:
    """Write a recorder and take it away again: what refuses this would refuse an intent."""
    id = str(uuid4())
    connection.execute(recorders.insert(), {"id": id, "host": HOST, "pid": os.getpid(), "seen_at": utc_now()})
    connection.execute(recorders.delete().where(recorders.c.id == id))


def strike_off(connection: sa.Connection, gone: list[str]) -> None:
    """What was sent and is unfinished becomes `unknown`, what was not is `cancelled`; nothing is absent.

    An experiment that one process asked is paused, one that workers share goes on; what was not sent waits again.
    """
    if gone:
        found = {"gone": gone, "now": utc_now()}
        connection.execute(_LOST_ATTEMPTS, {"gone": gone})
        connection.execute(_LOST, found)
        connection.execute(_NEVER_SENT, found)
        connection.execute(_PAUSED, {"gone": gone})
        connection.execute(recorders.delete().where(recorders.c.id.in_(_GONE)), {"gone": gone})


def recover(connection: sa.Connection, me: str) -> None:
    """Strike off every recorder that is gone."""
    others = connection.execute(recorders.select().where(recorders.c.id != me)).mappings().all()
    now = clock.now(connection) if others else utc_now()
    gone = [row for row in others if _is_gone(dict(row), now)]
    if connection.dialect.name == "sqlite":
        gone = [row for row in gone if not _may_live_here(row["host"], row["pid"]) or _stands_still(**row)]
    strike_off(connection, [row["id"] for row in gone])


def leave(connection: sa.Connection, me: str) -> None:
    """The end of a recorder that closes properly."""
    strike_off(connection, [me])


def discharge(me: str) -> None:
    """This process no longer answers for `me`."""
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
    """Whether we ourselves have waited in vain for a sign of life.

    On SQLite the time is this machine's, which can be set, and goes on while everything is suspended: either makes
    the last sign of a process that lives look old.
    """
    before, since = _watched.get(id, (None, 0.0))
    if before != seen_at:
        _watched[id] = seen_at, monotonic()
        return False
    return monotonic() - since >= LEASE_S


def _runs(pid: int) -> bool:
    """Whether a process of that number lives. Elsewhere than on POSIX only the lease tells."""
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
    """Whether it is only still listed because nobody has taken note of its end, as in a container without an init."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z"
    except OSError:  # elsewhere than on Linux
        return False
