"""The contents of pictures drawn by models, each stored once under its digest, apart from the rows that refer to it.

With SQLite they are files in a private folder, in PostgreSQL rows of a table; in both cases the table `pictures` lists
them with their sizes. Ensures that a content is stored before a row that refers to it is committed, and that contents
without references are deleted. Does not look into pictures; callers have checked them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from prompts.core.format import number_of
from prompts.record import room
from prompts.record.database import where
from prompts.record.schema import attachments, attempts, completions, pictures

ROOM_FOR_ONE = 16 * 2**20
"""Free bytes needed per picture before it is asked for."""
_SIZES = sa.select(sa.func.coalesce(sa.func.sum(pictures.c.size_bytes), 0))


def folder(engine: sa.Engine) -> Path:
    """The folder of pictures next to a SQLite record."""
    return Path(f"{where(engine)}.pictures")


def put(connection: sa.Connection, contents: Mapping[str, bytes]) -> None:
    """Store contents under their digests; existing ones are kept. Raises `DBAPIError`, also for a full disk."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for digest, data in contents.items():
        row: dict[str, Any] = {"sha256": digest, "size_bytes": len(data)}
        if dialect is sqlite:
            _write(folder(connection.engine) / digest[:2] / digest, data)
        else:
            row["data"] = data
        connection.execute(dialect.insert(pictures).on_conflict_do_nothing(), row)
        connection.execute(attachments.delete().where(attachments.c.sha256 == digest))  # now read from here


def content(connection: sa.Connection, digest: str) -> bytes | None:
    """The content with that digest; `None` if it is not on record."""
    row = connection.execute(sa.select(pictures.c.data).where(pictures.c.sha256 == digest)).one_or_none()
    if row is None or connection.dialect.name != "sqlite":
        return row.data if row else None
    try:
        return (folder(connection.engine) / digest[:2] / digest).read_bytes()
    except OSError:
        return None


def size_beside(connection: sa.Connection) -> int:
    """Bytes stored outside the database itself."""
    return int(connection.scalar(_SIZES) or 0) if connection.dialect.name == "sqlite" else 0


def no_room(engine: sa.Engine, wanted: int) -> str | None:
    """Why so many pictures cannot be stored, in a sentence; `None` if they can, or if that cannot be known."""
    return room.lack(engine, wanted * ROOM_FOR_ONE, number_of(wanted, "picture"))


def digests(rows: Iterable[Any]) -> set[str]:
    """The digests of the contents named in the column `pictures` of some rows."""
    entries = (cast(Mapping[str, Any], entry) for row in rows for entry in row or ())
    return {entry[name] for entry in entries for name in ("sha256", "moving") if entry.get(name)}


def drop_unused(connection: sa.Connection, sent_along: Iterable[str]) -> int:
    """Delete every content that no row refers to, unless it is in `sent_along`; returns how many.

    Needs a transaction that writes and, on PostgreSQL, has locked the table, so that whoever records a result with one
    of the pictures waits, and does not lose it.
    """
    unused = set(connection.scalars(sa.select(pictures.c.sha256))) - set(sent_along)
    for table in (completions, attempts) if unused else ():
        unused -= digests(connection.scalars(sa.select(table.c.pictures).where(table.c.pictures.is_not(None))))
    for digest in sorted(unused):
        connection.execute(pictures.delete().where(pictures.c.sha256 == digest))
        if connection.dialect.name == "sqlite":
            _wipe(folder(connection.engine) / digest[:2] / digest)
    return len(unused)


def _write(path: Path, data: bytes) -> None:
    """Write a file atomically, readable by its owner only."""
    if path.exists():
        return
    partial = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as exc:
        partial.unlink(missing_ok=True)
        raise _as_of_database(exc) from exc


def _as_of_database(exc: OSError) -> OperationalError:
    """An error of a file as a database error, so that a full disk is handled in the same way."""
    full = exc.errno in _FULL
    told = sqlite3.OperationalError("database or disk is full" if full else f"{exc.filename}: {exc.strerror}")
    told.sqlite_errorname = "SQLITE_FULL" if full else "SQLITE_CANTOPEN"
    return OperationalError("a picture beside the record", None, told)


_FULL = (28, 122)  # ENOSPC, EDQUOT


def _wipe(path: Path) -> None:
    """Overwrite a file before deleting it, as SQLite does with deleted rows."""
    try:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        path.parent.rmdir()  # fails if there are other files
    except OSError:
        return
