"""The contents of pictures that models made: each once, by its digest, outside of the rows that name it.

Beside SQLite they are files in a folder of its owner's, on PostgreSQL rows of a table; either way the table `pictures`
says which there are and how large. Owns that a content is there before a row that names it is committed, and that
nothing is left of one that no row names. Refuses to look into a picture: whoever hands it over has done that.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from prompts.record.database import where
from prompts.record.schema import attachments, attempts, completions, pictures

ROOM_FOR_ONE = 16 * 2**20
"""Free bytes that a picture needs before it is asked for."""
_SIZES = sa.select(sa.func.coalesce(sa.func.sum(pictures.c.size_bytes), 0))


def folder(engine: sa.Engine) -> Path:
    """Where the files beside a SQLite record lie."""
    return Path(f"{where(engine)}.pictures")


def put(connection: sa.Connection, contents: Mapping[str, bytes]) -> None:
    """Keep contents by their digests; what is there already stays. Raises `DBAPIError`, also for a full disk."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for digest, data in contents.items():
        row: dict[str, Any] = {"sha256": digest, "size_bytes": len(data)}
        if dialect is sqlite:
            _write(folder(connection.engine) / digest[:2] / digest, data)
        else:
            row["data"] = data
        connection.execute(dialect.insert(pictures).on_conflict_do_nothing(), row)
        connection.execute(attachments.delete().where(attachments.c.sha256 == digest))  # it is sent along from here


def content(connection: sa.Connection, digest: str) -> bytes | None:
    """A content by its digest; `None`: it is not there, or no longer."""
    row = connection.execute(sa.select(pictures.c.data).where(pictures.c.sha256 == digest)).one_or_none()
    if row is None or connection.dialect.name != "sqlite":
        return row.data if row else None
    try:
        return (folder(connection.engine) / digest[:2] / digest).read_bytes()
    except OSError:
        return None


def size_beside(connection: sa.Connection) -> int:
    """Bytes that lie outside of the database itself."""
    return int(connection.scalar(_SIZES) or 0) if connection.dialect.name == "sqlite" else 0


def no_room(engine: sa.Engine, wanted: int) -> str | None:
    """Why so many pictures cannot be kept, in a sentence; `None` where they can, or nobody here knows."""
    if engine.dialect.name != "sqlite" or not wanted:
        return None
    try:
        free = shutil.disk_usage(folder(engine).parent).free
    except OSError:
        return None
    if free >= wanted * ROOM_FOR_ONE:
        return None
    word = "picture" if wanted == 1 else "pictures"
    return f"The disk has {free / 2**20:,.0f} MB left: too little to keep {wanted} {word} beside {where(engine)}."


def digests(rows: Iterable[Any]) -> set[str]:
    """The contents that the column `pictures` of some rows names."""
    entries = (cast(Mapping[str, Any], entry) for row in rows for entry in row or ())
    return {entry["sha256"] for entry in entries if entry.get("sha256")}


def drop_unused(connection: sa.Connection, sent_along: Iterable[str]) -> int:
    """Every content that no row names goes for good, unless it was `sent_along`; how many.

    Inside a transaction that writes and, on PostgreSQL, has locked the table: whoever records a result with one of them
    waits, so that it cannot lose what it counts on.
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
    """Whole or not at all, for its owner only."""
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
    """A file beside the database is a part of it: whoever waits for a full disk waits for this one too."""
    full = exc.errno in _FULL
    told = sqlite3.OperationalError("database or disk is full" if full else f"{exc.filename}: {exc.strerror}")
    told.sqlite_errorname = "SQLITE_FULL" if full else "SQLITE_CANTOPEN"
    return OperationalError("a picture beside the record", None, told)


_FULL = (28, 122)  # ENOSPC, EDQUOT


def _wipe(path: Path) -> None:
    """Overwritten first, as SQLite overwrites what is deleted from it."""
    try:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        path.parent.rmdir()  # refused while there are others
    except OSError:
        return
