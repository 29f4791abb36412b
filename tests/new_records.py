"""Records that are new in a file: the first of a process is made by all the steps, the others are copies of it.

The steps take a tenth of a second, which many hundred tests would each spend before their own first line.
"""

from __future__ import annotations

import sqlite3
import tempfile
from typing import Any

import sqlalchemy as sa

from prompts.record import database

_by_steps = database._migrate
_first: list[bytes] = []


def ready() -> None:
    """In a process that others are forks of: all of them begin new records as copies."""
    database._migrate = make
    with tempfile.TemporaryDirectory() as folder:
        database.open_database(f"sqlite:///{folder}/first.db").dispose()


def make(engine: sa.Engine) -> None:
    """What brings a record up to date, in a test that is not about just that."""
    with engine.connect() as connection:
        is_new = engine.dialect.name == "sqlite" and database._revision(connection) is None
    if is_new and _first:
        _fill(engine, _first[0])
    else:
        _by_steps(engine)
        if is_new:
            _first.append(_image(engine))


def _image(engine: sa.Engine) -> bytes:
    connection = engine.raw_connection()
    try:
        file: Any = connection.driver_connection
        image = bytearray(file.serialize())
    finally:
        connection.close()
    image[18:20] = b"\1\1"  # a database in memory has no log to write ahead, as SQLite's header says files of ours do
    return bytes(image)


def _fill(engine: sa.Engine, image: bytes) -> None:
    memory, connection = sqlite3.connect(":memory:"), engine.raw_connection()
    try:
        memory.deserialize(image)
        file: Any = connection.driver_connection
        memory.backup(file)
    finally:
        memory.close()
        connection.close()
