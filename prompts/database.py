"""Opening the database: where it lies, who may read it, which schema it has.

Owns the address, the file's permissions, SQLite's manners and the migrations. Refuses what it does
not understand: a damaged file, another program's, a newer Collate's. Those are never written to.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from platformdirs import user_data_path
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from prompts.schema import REVISION

VARIABLE = "COLLATE_DATABASE_URL"
BUSY_S = 1.0  # SQLite's own wait for another writer; short, for the writing thread waits on by itself
OPEN_PATIENCE_S = 15.0
_MIGRATIONS = Path(__file__).parent / "migrations"
T = TypeVar("T")


class RecordError(Exception):
    """The record cannot be opened, read or kept; the message is a sentence for people."""


def default_url() -> str:
    """`COLLATE_DATABASE_URL`, else a SQLite file in the user's data folder."""
    path = user_data_path("collate", appauthor=False) / "collate.db"
    return os.environ.get(VARIABLE) or f"sqlite:///{path}"


def place(url: str | None = None) -> str:
    """Where the record lies, without a password: neither before the host nor among the options behind it."""
    address = sa.make_url(url or default_url())
    is_file = address.get_backend_name() == "sqlite"
    return (address.database or "") if is_file else address.set(query={}).render_as_string(hide_password=True)


def open_database(url: str | None = None) -> sa.Engine:
    """An engine on a record of the current schema, made or migrated where needed. Raises `RecordError`."""
    url = url or default_url()
    try:
        address = sa.make_url(url)
        if address.get_backend_name() == "sqlite":
            _prepare_file(address)
        engine = _engine(address)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as exc:
        raise RecordError(f"{VARIABLE} cannot be used: {exc}") from exc
    try:
        patiently(partial(_bring_up_to_date, engine))
    except DBAPIError as exc:
        engine.dispose()
        raise RecordError(sentence(exc, engine)) from exc
    except RecordError:
        engine.dispose()
        raise
    return engine


def writing(engine: sa.Engine) -> sa.Engine:
    """The same database, for transactions that will write: they queue for the lock at their start, not half-way."""
    return engine.execution_options(writes=True)


def where(engine: sa.Engine) -> str:
    """The database's file or address, without its password."""
    return place(engine.url.render_as_string(hide_password=False))


def is_locked(exc: DBAPIError) -> bool:
    """Another writer holds the database: waiting helps."""
    return _code(exc).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def is_trouble(exc: Exception) -> bool:
    """The database is away, full, locked or broken, rather than the statement wrong."""
    if not isinstance(exc, DBAPIError):
        return False
    if code := _code(exc):
        return code.startswith((*_SENTENCES, "SQLITE_IOERR"))
    return exc.connection_invalidated or isinstance(exc, OperationalError | InterfaceError)


def sentence(exc: DBAPIError, engine: sa.Engine) -> str:
    """What is wrong with the database and what to do, naming it."""
    place, detail = where(engine), next(iter(str(exc.orig).splitlines()), "")
    known = next((text for code, text in _SENTENCES.items() if _code(exc).startswith(code)), None)
    return (known or "The record {place} cannot be used.").format(place=place) + f" ({detail})"


_DAMAGED = (
    "The record {place} is damaged and was left exactly as it is. "
    f"Move it away or put a backup in its place; {VARIABLE} can name another."
)
_NEWER = (
    "The record {place} was made by a newer Collate (its schema is {theirs}, this one knows {ours}). "
    f"Bring Collate up to date; {VARIABLE} can name another file."
)
_SENTENCES = {
    "SQLITE_BUSY": "The record {place} is locked by another program.",
    "SQLITE_LOCKED": "The record {place} is locked by another program.",
    "SQLITE_FULL": "The disk is full: the record {place} cannot grow. Make room, then go on.",
    "SQLITE_READONLY": "The record {place} is read-only. Allow writing to the file and its folder.",
    "SQLITE_CANTOPEN": "The record {place} cannot be opened. Check the folder and its permissions.",
    "SQLITE_PERM": "The record {place} cannot be opened. Check the folder and its permissions.",
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_CORRUPT": _DAMAGED,
}


def _code(exc: DBAPIError) -> str:
    return getattr(exc.orig, "sqlite_errorname", "")


def _prepare_file(address: sa.URL) -> None:
    """The folder for its owner only and the file likewise, if we are the ones to make them."""
    if not address.database or address.database == ":memory:":
        raise RecordError("A record in memory keeps nothing. Name a file, or ask without a record.")
    if address.database.startswith("file:"):
        return
    path = Path(address.database)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except PermissionError:
        if path.exists():
            return  # perhaps readable: SQLite says what is missing
        raise RecordError(f"The folder {path.parent} cannot be written to. Allow it, or set {VARIABLE}.") from None
    except OSError as exc:
        raise RecordError(f"The record {path} cannot be made: {exc.strerror}. {VARIABLE} can name another.") from exc


def _engine(address: sa.URL) -> sa.Engine:
    serializer = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    if address.get_backend_name() != "sqlite":
        return sa.create_engine(address, json_serializer=serializer, pool_pre_ping=True, hide_parameters=True)
    engine = sa.create_engine(
        address, json_serializer=serializer, hide_parameters=True, connect_args={"timeout": BUSY_S}
    )
    event.listen(engine, "connect", _greet)
    event.listen(engine, "begin", _begin)
    return engine


def _greet(connection: Any, _record: object) -> None:
    """FULL: every commit reaches the disk, so not even a power cut loses the intent of a request that was paid."""
    connection.isolation_level = None  # transactions begin where `_begin` says, also around DDL
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def patiently(action: Callable[[], T]) -> T:
    """Two processes may make the same file at once; the later one waits for the first."""
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
    if engine.dialect.name == "sqlite":
        _pragma(engine, "journal_mode=WAL")  # only now: it may write, and the file has proved to be ours
    if revision != REVISION:
        _migrate(engine)


def _revision(connection: sa.Connection) -> str | None:
    """The schema that is there; `None` in an empty database. Raises `RecordError` for another program's."""
    tables = sa.inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    if tables:
        raise RecordError(f"{where(connection.engine)} belongs to another program; {VARIABLE} can name another.")
    return None


def _migrate(engine: sa.Engine) -> None:
    """One transaction: it happens wholly or not at all, and a second process waits for it and finds it done."""
    from alembic import command  # a quarter of a second, spent only when a step must run
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with writing(engine).connect() as connection:
        if engine.dialect.name == "sqlite":
            # Altering a table copies and drops it, which must not delete what refers to it.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            revision = _revision(connection)
            if revision is not None and revision not in known:
                raise RecordError(_NEWER.format(place=where(engine), theirs=revision, ours=REVISION))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        connection.invalidate()  # the next connection checks foreign keys again


def _pragma(engine: sa.Engine, pragma: str) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute(f"PRAGMA {pragma}")
    finally:
        connection.close()
