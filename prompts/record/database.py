"""Opens the database: its engine, the version of its schema, and bringing it up to date.

Owns SQLite's settings and the migrations; addresses are handled by `database_url`. Files it does not understand
(damaged, another program's, a newer version's) are refused and never written to. A database that is read-only can still
be read.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import random
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from prompts.record import backup, database_errors, postgresql, room
from prompts.record.database_errors import VARIABLE, RecordError, is_locked
from prompts.record.database_url import default_url, parsed, place, prepared_file
from prompts.record.progress_log import telling
from prompts.record.schema import REVISION
from prompts.record.search_terms import spaced

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = [
    "VARIABLE",
    "RecordError",
    "default_url",
    "open_database",
    "patiently",
    "place",
    "sentence",
    "where",
    "writing",
]

log = logging.getLogger("collate")

BUSY_S = 1.0  # SQLite's own wait for another writer; short, as the writing thread retries itself
GLANCE_S = 0.01
OPEN_PATIENCE_S = 15.0
_MIGRATIONS = Path(__file__).parent / "migrations"
_BEFORE = frozenset({"0001", "0002", "0003"})
"""Revisions from before the first release; their migrations have been combined into one."""
T = TypeVar("T")


def open_database(url: str | None = None) -> sa.Engine:
    """An engine for a record with the current schema, created or migrated if needed. Raises `RecordError`."""
    address = parsed(url or default_url())
    try:
        engine = _sqlite(prepared_file(address)) if address.get_backend_name() == "sqlite" else _postgresql(address)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as exc:
        raise RecordError(f"{VARIABLE} cannot be used: {exc}") from exc
    try:
        patiently(partial(_bring_up_to_date, engine))
    except DBAPIError as exc:
        said = _CHANGING.format(place=where(engine)) if is_locked(exc) and _is_older(engine) else sentence(exc, engine)
        engine.dispose()
        raise RecordError(said) from exc
    except RecordError:
        engine.dispose()
        raise
    return engine


def writing(engine: sa.Engine) -> sa.Engine:
    """The same database for transactions that write: they wait for the lock at their start rather than half-way."""
    return engine.execution_options(writes=True)


def hasty(engine: sa.Engine) -> sa.Engine:
    """Like `writing`, but a commit need not reach the disk before the next commit of another kind: a power cut may lose
    it.

    It is visible to every reader at once, and survives the death of the process. Only on SQLite; elsewhere as usual.
    """
    return engine.execution_options(writes=True, hasty=True)


def where(engine: sa.Engine) -> str:
    """The database's file or address, without its password."""
    return place(engine.url.render_as_string(hide_password=False))


def sentence(exc: DBAPIError, engine: sa.Engine) -> str:
    """What is wrong with the database and what to do, naming it, and the newest backup if that would help."""
    left = room.left_text(engine) if database_errors.is_full(exc) else ""
    said = database_errors.sentence(exc, where(engine), left)
    copy = backup.newest(Path(engine.url.database or "")) if database_errors.is_damaged(exc) else None
    return f"{said} The newest backup is {copy}." if copy else said


_NEWER = (
    "The record {place} was made by a newer Collate (its schema is {theirs}, this one knows {ours}). "
    f"Update Collate; {VARIABLE} can name another file."
)
_CHANGING = (
    "The record {place} was made by an older Collate, and another program is using it: most likely one that is "
    "updating it, which takes minutes with a million answers on record. Start again once that is done."
)
_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def _postgresql(address: sa.URL) -> sa.Engine:
    return sa.create_engine(
        postgresql.prepared(address), json_serializer=_json, pool_pre_ping=True, hide_parameters=True
    )


def _sqlite(address: sa.URL) -> sa.Engine:
    engine = sa.create_engine(address, json_serializer=_json, hide_parameters=True, connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _greet)
    event.listen(engine, "begin", _begin)
    return engine


def _greet(connection: Any, _record: object) -> None:
    """Settings of a new connection. FULL: every commit reaches the disk, so that even a power cut does not lose the
    intent of a request that may be charged."""
    connection.isolation_level = None  # transactions begin in `_begin`, also for changes of the schema
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("spaced", 1, spaced, deterministic=True)  # used by the triggers of the full-text index


def _begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite's own wait soon checks only ten times a second; another process that checks more often would always win.
    file: Any = connection.connection.driver_connection
    until = time.monotonic() + BUSY_S
    file.execute("PRAGMA busy_timeout=0")
    file.execute(f"PRAGMA synchronous={'NORMAL' if options.get('hasty', False) else 'FULL'}")
    try:
        while _is_held(file) and time.monotonic() < until:
            time.sleep(GLANCE_S * random())
        if not file.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # raises the actual error
    finally:
        file.execute(f"PRAGMA busy_timeout={BUSY_S * 1000:.0f}")


def _is_held(file: Any) -> bool:
    """Whether another writer has the lock; if not, it is ours, unless there is an error."""
    try:
        file.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as exc:
        return exc.sqlite_errorname.startswith("SQLITE_BUSY")
    return False


def patiently(action: Callable[[], T]) -> T:
    """Retry `action` while the database is locked, as two processes may create the same file at once."""
    until = time.monotonic() + OPEN_PATIENCE_S
    while True:
        try:
            return action()
        except DBAPIError as exc:
            if not is_locked(exc) or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _bring_up_to_date(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        revision = _revision(connection)
    if revision != REVISION:
        _refuse_newer(engine, revision)
    if engine.dialect.name == "sqlite":
        _pragma(engine, "journal_mode=WAL")  # only here, as it may write, and the file has proved to be ours
    if revision != REVISION:
        _migrate(engine)


def _revision(connection: sa.Connection) -> str | None:
    """The revision of the schema; `None` in an empty database. Raises `RecordError` for another program's."""
    tables = sa.inspect(connection).get_table_names()
    if {"alembic_version", "completions"} <= set(tables):
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    if tables:  # another program may use Alembic too
        raise RecordError(f"{where(connection.engine)} belongs to another program; {VARIABLE} can name another.")
    return None


def _is_older(engine: sa.Engine) -> bool:
    """Whether there is a record with another schema revision, which can be read while another program migrates it."""
    try:
        with engine.connect() as connection:
            return _revision(connection) not in (None, REVISION)
    except DBAPIError:
        return False


def _refuse_newer(engine: sa.Engine, revision: str | None) -> None:
    if revision is None or revision in _BEFORE:
        return
    from alembic.script import ScriptDirectory

    if revision not in {script.revision for script in ScriptDirectory.from_config(_steps()).walk_revisions()}:
        raise RecordError(_NEWER.format(place=where(engine), theirs=revision, ours=REVISION))


def _steps() -> Config:
    from alembic.config import Config  # takes a quarter of a second, so only imported if a migration must run

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _migrate(engine: sa.Engine) -> None:
    """Migrate in one transaction, completely or not at all; a second process waits and finds it done."""
    from alembic import command

    config = _steps()
    with writing(engine).connect() as connection:
        if engine.dialect.name == "sqlite":
            # To alter a table it is copied and dropped, which must not delete rows that refer to it.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(postgresql.MIGRATING)
            revision = _revision(connection)
            _refuse_newer(engine, revision)
            config.attributes["connection"] = connection
            if revision is None:
                command.upgrade(config, "head")
            elif revision != REVISION:
                what = f"the record {where(engine)} is being updated; nothing is lost if this is interrupted"
                with telling(what):
                    if engine.dialect.name == "sqlite":
                        _back_up(connection)
                    if revision in _BEFORE:
                        connection.execute(sa.text("DELETE FROM alembic_version"))  # the first step adds what it lacks
                    command.upgrade(config, "head")
        connection.invalidate()  # the next connection enforces foreign keys again


def _back_up(connection: sa.Connection) -> None:
    """Back up inside the migration's transaction: nobody else writes, and nothing has changed yet."""
    path = Path(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])
    log.warning("before its schema changed, the record was copied to %s", backup.make(path, REVISION))


def _pragma(engine: sa.Engine, pragma: str) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute(f"PRAGMA {pragma}")
    except sqlite3.Error as exc:  # not met as one of SQLAlchemy's, as it is asked around it
        raise OperationalError(f"PRAGMA {pragma}", None, exc) from exc
    finally:
        connection.close()
