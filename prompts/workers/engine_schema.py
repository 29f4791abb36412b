"""The tables of the workers' engine: made, brought up to date, or written out for whoever may make them.

They lie in a PostgreSQL schema of their own, with a list of the steps that were taken. The statements are the
engine's, as it ships them; each step is one transaction together with its line in that list, and whoever comes second
waits and finds it done. Knows the engine only by what it is handed.
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
    "The tables of the workers were made by a newer release of their engine ({names}). Bring it up to date on this "
    "machine: pip install --upgrade 'collate[workers]'."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the engine's tables."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Steps:
    """What the installed engine wants its tables to be."""

    whole: str
    """The statements that make them where there are none."""
    since: tuple[Step, ...]
    """All changes so far, which `whole` holds already; the oldest first."""


class NotAllowedError(RecordError):
    """The role may not make or change the tables."""


def bring_up_to_date(database: sa.Engine, steps: Steps) -> None:
    """Make the tables, or take the steps that are missing. Raises `RecordError` in words for people."""
    try:
        while todo := _missing(database, steps):
            patiently(partial(_take, database, steps, todo))
    except psycopg.errors.InsufficientPrivilege as exc:
        raise NotAllowedError(NOT_ALLOWED) from exc
    except psycopg.Error as exc:
        said = str(exc).partition("\n")[0]
        raise RecordError(f"The tables of the workers could not be brought up to date: {said}") from exc
    except DBAPIError as exc:
        raise RecordError(sentence(exc, database)) from exc


def for_administrator(database: sa.Engine, steps: Steps) -> str:
    """The same as one script, for another role to run; it ends with what this role is allowed. Empty: all is there."""
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
    """The steps that were taken; `None` where there are no tables."""
    # Not to_regclass: after waiting for another's commit it may still answer from what it looked up before.
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
    """All of them where there are no tables, else the first: the next look finds what is still missing."""
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
    """The driver's own connection: it takes several statements at once, and per cent signs as they are."""
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
