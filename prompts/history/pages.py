"""Runs found by words and filters, a page at a time, newest first."""

from __future__ import annotations

import sqlalchemy as sa

from prompts.history.filters import conditions
from prompts.history.lines import Filter, Page
from prompts.history.listed import lines
from prompts.schema import Instant, completions, runs


def page(connection: sa.Connection, wanted: Filter, after: str | None, limit: int) -> Page:
    """The next `limit` runs that have what is wanted."""
    query = sa.select(runs.c.id, runs.c.created_at).join(completions, completions.c.run_id == runs.c.id)
    query = query.where(*conditions(connection, wanted)).distinct()
    if after:
        at, _, run_id = after.partition(" ")
        moment = sa.literal(_moment(at), Instant)
        query = query.where(sa.or_(runs.c.created_at < moment, (runs.c.created_at == moment) & (runs.c.id < run_id)))
    found = connection.execute(query.order_by(runs.c.created_at.desc(), runs.c.id.desc()).limit(limit + 1)).all()
    more = f"{found[limit - 1].created_at.isoformat()} {found[limit - 1].id}" if len(found) > limit else None
    return Page(lines(connection, [row.id for row in found[:limit]]), more)


def _moment(text: str):
    from datetime import datetime

    return datetime.fromisoformat(text)
