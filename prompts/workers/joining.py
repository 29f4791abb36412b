"""Whether this process can share experiments with others, and if not, why, in a sentence that says what to do."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING

import sqlalchemy as sa

from prompts.record.database_errors import RecordError
from prompts.workers.engine_schema import Steps, bring_up_to_date, for_administrator

if TYPE_CHECKING:
    from prompts.workers.engine import Engine

ON_FILE = (
    "The record is a file of this computer, so each experiment is asked by the one process that began it. Workers "
    "share a record on PostgreSQL: set COLLATE_DATABASE_URL."
)
NO_EXTRA = (
    "Workers are not installed here, so this process asks by itself what it begins. To ask together with others: "
    "pip install 'collate[workers]'."
)


class AloneError(RecordError):
    """This process asks alone; the message says why."""


def why_alone(*, shared: bool) -> str:
    """Why experiments are asked by one process each, as far as is known without connecting; empty if they need not be.

    `shared`: the record is on PostgreSQL.
    """
    if not shared:
        return ON_FILE
    return "" if find_spec("procrastinate") else NO_EXTRA


async def open_engine(database: sa.Engine) -> Engine:
    """The engine, connected, with its tables up to date.

    Raises `AloneError`, or `RecordError` if the database is unreachable.
    """
    if why := why_alone(shared=database.dialect.name == "postgresql"):
        raise AloneError(why)
    from prompts.workers import engine

    engine.quiet()
    await asyncio.to_thread(bring_up_to_date, database, _steps())
    made = engine.Engine(database)
    try:
        await made.open()
    except engine.ENGINE_ERRORS as exc:
        raise RecordError(f"The workers' tables cannot be reached: {exc}") from exc
    return made


def script(database: sa.Engine) -> str:
    """A script for an administrator if this role may not create the tables; empty if nothing is missing.

    Raises `AloneError`.
    """
    if why := why_alone(shared=database.dialect.name == "postgresql"):
        raise AloneError(why)
    return for_administrator(database, _steps())


def _steps() -> Steps:
    from prompts.workers import engine

    return Steps(engine.whole(), engine.steps())
