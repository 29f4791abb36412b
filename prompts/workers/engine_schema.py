"""The tables of the workers' engine: created, migrated, or written out as a script for an administrator.

They are in a PostgreSQL schema of their own, with a list of the migrations applied. The statements are those the engine
ships; each migration is one transaction together with its entry in the list, and a second process waits and finds it
done. Knows the engine only through its parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from prompts.record.database import RecordError, patiently, sentence
from prompts.record.postgresql import MIGRATING

SCHEMA = "collate_workers"
LIST = f"{SCHEMA}.collate_steps"
_THERE = sa.text("SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = :schema AND tablename = 'collate_steps'")
NOT_ALLOWED = (
    "This role may not make the tables that workers need. Have whoever administers the database run what "
    "`collate worker --sql` prints, then start again."
)
NEWER = (
    "The tables of the workers were made by a newer release of their engine ({names}). Update it on this "
    "machine: pip install --upgrade 'collate[workers]'."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One migration of the engine's tables."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The tables that the installed engine needs."""

    whole: str
    """The statements that create them from nothing."""
    since: tuple[Step, ...]
    """All migrations so far, which `whole` already includes; oldest first."""


class NotAllowedError(RecordError):
    """The database role may not create or change the tables."""


def bring_up_to_date(database: sa.Engine, steps: Steps) -> None:
    """Create the tables, or apply missing migrations. Raises `RecordError` with a message for people."""
    try:
        while todo := _missing(database, steps):
            patiently(partial(_take, database, steps, todo))
    except psycopg.errors.InsufficientPrivilege as exc:
        raise NotAllowedError(NOT_ALLOWED) from exc
    except psycopg.Error as exc:
        said = str(exc).partition("\n")[0]
        raise RecordError(f"The tables of the workers could not be updated: {said}") from exc
    except DBAPIError as exc:
        raise RecordError(sentence(exc, database)) from exc


def for_administrator(database: sa.Engine, steps: Steps) -> str:
    """The same as a script for another role, ending with the permissions for this role. Empty if nothing is missing."""
    try:
        todo = _missing(database, steps)
        if not todo:
            return ""
        with database.connect() as connection:
            fresh, role = _known(connection) is None, connection.scalar(sa.text("SELECT quote_ident(current_user)"))
    except DBAPIError as exc:
        raise RecordError(sentence(exc, database)) from exc
    script = _beginning(steps) if fresh else "\n".join(f"{step.sql}\n;\n{_noted([step])}" for step in todo)
    parts = ["BEGIN;", f"SET LOCAL search_path TO {SCHEMA};" if not fresh else "", script, _GRANTS.format(role=role)]
    return "\n".join([*(part for part in parts if part), "COMMIT;", ""])


_GRANTS = (
    f"GRANT USAGE ON SCHEMA {SCHEMA} TO {{role}};\n"
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {{role}};\n"
    f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {{role}};\n"
    f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO {{role}};"
)


def _known(connection: sa.Connection) -> set[str] | None:
    """The names of applied migrations; `None` if there are no tables."""
    # Not to_regclass: after waiting for another's commit it may still return a cached answer.
    if connection.scalar(_THERE, {"schema": SCHEMA}) is None:
        return None
    return set(connection.scalars(sa.text(f"SELECT name FROM {LIST}")))  # noqa: S608 -- a constant


def _missing(database: sa.Engine, steps: Steps) -> tuple[Step, ...]:
    with database.connect() as connection:
        known = _known(connection)
    if known is None:
        return steps.since
    if newer := sorted(known - {step.name for step in steps.since}):
        raise RecordError(NEWER.format(names=", ".join(newer)))
    return tuple(step for step in steps.since if step.name not in known)


def _take(database: sa.Engine, steps: Steps, todo: Sequence[Step]) -> None:
    """Create everything if there are no tables, else apply the first migration;
    the caller looks again for what is missing."""
    with database.begin() as connection:
        connection.execute(MIGRATING)
        known, raw = _known(connection), _raw(connection)
        if known is None:
            raw.execute(_beginning(steps))
        elif todo[0].name not in known:
            raw.execute(f"SET LOCAL search_path TO {SCHEMA}")
            raw.execute(todo[0].sql)
            raw.execute(_noted(todo[:1]))


def _raw(connection: sa.Connection) -> Any:
    """The driver's connection, which accepts several statements at once, and plain per cent signs."""
    return connection.connection.driver_connection


def _beginning(steps: Steps) -> str:
    return (
        f"CREATE SCHEMA IF NOT EXISTS {SCHEMA};\nSET LOCAL search_path TO {SCHEMA};\n{steps.whole}\n"
        "CREATE TABLE collate_steps (name text PRIMARY KEY, taken_at timestamptz NOT NULL DEFAULT now());\n"
        f"{_noted(steps.since)}"
    )


def _noted(taken: Sequence[Step]) -> str:
    values = ", ".join("('{}')".format(step.name.replace("'", "''")) for step in taken)
    return f"INSERT INTO {LIST} (name) VALUES {values};"  # noqa: S608 -- names of files that the engine ships
