"""Runs that were unfinished when their process died: finding them, or leaving them as they are for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from prompts.core.run_summaries import PROMPT_SHOWN
from prompts.record import rights
from prompts.record.rights import Actor
from prompts.record.schema import completions, runs

MOST = 20


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A run that lacks answers."""

    run_id: str
    prompt: str
    """The first `PROMPT_SHOWN` characters."""
    asked_at: datetime
    missing: int
    of: int
    """How many answers it would have, including warm-ups."""


_LEFT = completions.c.interrupted_at.is_not(None)
_found = sa.func.max(completions.c.interrupted_at)
_NEWEST = (
    sa.select(completions.c.run_id, sa.func.count().label("missing"))
    .join(runs, runs.c.id == completions.c.run_id)
    .where(_LEFT, sa.func.coalesce(runs.c.person, "") == sa.bindparam("whose"))
    .group_by(completions.c.run_id)
    .order_by(_found.desc(), completions.c.run_id)
    .limit(MOST)
)
_ABOUT = (
    sa.select(
        runs.c.id, runs.c.created_at, sa.func.substr(runs.c.prompt, 1, PROMPT_SHOWN).label("prompt"),
        sa.func.count().label("of"),
    )
    .join(completions, completions.c.run_id == runs.c.id)
    .where(runs.c.id.in_(sa.bindparam("wanted", expanding=True)))
    .group_by(runs.c.id, runs.c.created_at, runs.c.prompt)
)  # fmt: skip
_LEAVE = completions.update().where(completions.c.run_id == sa.bindparam("wanted"), _LEFT).values(interrupted_at=None)


def interrupted(connection: sa.Connection, person: str) -> tuple[Interrupted, ...]:
    """The newest runs of `person` that lack answers, newest first."""
    found = connection.execute(_NEWEST, {"whose": person}).all()
    about = {row.id: row for row in connection.execute(_ABOUT, {"wanted": [row.run_id for row in found]})}
    return tuple(
        Interrupted(run_id, about[run_id].prompt, about[run_id].created_at, missing, about[run_id].of)
        for run_id, missing in found
        if run_id in about  # otherwise it has just been deleted
    )


def leave(connection: sa.Connection, run_id: str, by: Actor) -> None:
    """Leave the run as it is, so that nobody is asked again whether to finish it. Raises `NotAllowedError`."""
    owner = connection.scalar(sa.select(runs.c.person).where(runs.c.id == run_id))
    rights.check(by, "stop, ask again or finish a run", owner)
    connection.execute(_LEAVE, {"wanted": run_id})
