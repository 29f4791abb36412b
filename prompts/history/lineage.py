"""How runs derive from one another: what followed from a run, and all runs with the same request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa

from prompts.core.plan import Relation
from prompts.record.schema import completions, runs

MOST_ASKINGS = 100
MOST_CHILDREN = 12


@dataclass(frozen=True, slots=True)
class Asking:
    """One run, with what a link to it shows."""

    run_id: str
    created_at: datetime
    relation: Relation | None = None
    """How it derives from the run in question; `None` for that run itself."""


_WANTED: sa.BindParameter[list[str]] = sa.bindparam("wanted", expanding=True)
_CHILDREN = (
    sa.select(runs.c.id, runs.c.created_at, runs.c.link_kind)
    .where(runs.c.link_id == sa.bindparam("parent"))
    .order_by(runs.c.created_at.desc(), runs.c.id)
    .limit(MOST_CHILDREN)
)
_LINKS = sa.select(runs.c.id, runs.c.link_id).where(
    runs.c.link_kind == "again", sa.or_(runs.c.id.in_(_WANTED), runs.c.link_id.in_(_WANTED))
)
_DATED = (
    sa.select(runs.c.id, runs.c.created_at)
    .where(runs.c.id.in_(_WANTED))
    .order_by(runs.c.created_at.desc(), runs.c.id)
    .limit(MOST_ASKINGS)
)


def children(connection: sa.Connection, run_id: str) -> tuple[Asking, ...]:
    """The runs that derive directly from a run, oldest first; if there are very many, the newest of them."""
    found = connection.execute(_CHILDREN, {"parent": run_id}).all()
    return tuple(Asking(row.id, row.created_at, cast(Relation, row.link_kind)) for row in reversed(found))


def run_of(connection: sa.Connection, completion_id: str) -> str | None:
    """The id of the run that a completion belongs to; `None` if it is not on record."""
    return connection.scalar(sa.select(completions.c.run_id).where(completions.c.id == completion_id))


def askings(connection: sa.Connection, run_id: str) -> tuple[Asking, ...]:
    """Every run with the same request, including `run_id`, oldest first; if there are very many, the newest of them.

    Runs that repeat a deleted one still belong together.
    """
    known, new = {run_id}, {run_id}
    # Follows the links one step at a time; imported runs may form a cycle, so known runs are not visited again.
    while new and len(known) < 10 * MOST_ASKINGS:
        links = connection.execute(_LINKS, {"wanted": sorted(new)}).all()
        new = {each for link in links for each in link} - known
        known |= new
    found = connection.execute(_DATED, {"wanted": sorted(known)}).all()
    return tuple(Asking(row.id, row.created_at) for row in reversed(found))
