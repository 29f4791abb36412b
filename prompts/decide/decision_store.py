"""Decisions in the database. Each function works inside the caller's transaction. A decision is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from prompts.core.decision import Decision, evidence_from, evidence_json
from prompts.core.sanitize import mended, storable
from prompts.record import rights, trail
from prompts.record.decision_tables import decisions
from prompts.record.rights import OPERATOR, Actor

_NEWEST = decisions.select().order_by(decisions.c.decided_at.desc(), decisions.c.id)


def add(connection: sa.Connection, decision: Decision) -> None:
    """Record a new decision."""
    connection.execute(decisions.insert(), {
        "id": decision.id, "decided_at": decision.decided_at, "task": mended(decision.task),
        "chosen": mended(decision.chosen), "person": mended(decision.person) or None,
        "because": mended(decision.because), "evidence": storable(evidence_json(decision.evidence)),
    })  # fmt: skip


def every(connection: sa.Connection) -> list[Decision]:
    """All decisions, newest first."""
    return [_decision(row) for row in connection.execute(_NEWEST).mappings()]


def any_there(connection: sa.Connection) -> bool:
    """Whether there are any decisions."""
    return connection.scalar(sa.select(decisions.c.id).limit(1)) is not None


def find(connection: sa.Connection, id: str) -> Decision | None:
    """The decision with that id; `None` if it is not on record."""
    row = connection.execute(decisions.select().where(decisions.c.id == mended(id))).mappings().one_or_none()
    return None if row is None else _decision(row)


def delete(connection: sa.Connection, id: str, by: Actor = OPERATOR) -> None:
    """Delete a decision, with an entry in the audit trail. Raises `NotAllowedError`."""
    rights.check(by, "delete a decision", connection.scalar(sa.select(decisions.c.person).where(decisions.c.id == id)))
    if connection.execute(decisions.delete().where(decisions.c.id == id)).rowcount:
        trail.note(connection, by, "deleted a decision", {"decision": id})


def current(found: list[Decision]) -> list[Decision]:
    """The newest decision for each task; `found` as from `every`."""
    return list({each.task: each for each in reversed(found)}.values())[::-1]


def _decision(row: Mapping[Any, Any]) -> Decision:
    return Decision(
        row["id"], row["decided_at"], row["task"], row["chosen"], row["person"] or "", row["because"],
        evidence_from(row["evidence"]),
    )  # fmt: skip
