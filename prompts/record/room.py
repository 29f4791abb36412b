"""Room on the disk of a SQLite record: whether something fits, and what to free if not.

Knows nothing about the disk of a database server.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa

from prompts.core import format as text_of
from prompts.record.database_url import VARIABLE, place
from prompts.record.schema import completions

FEWEST_BYTES = 2_000
"""What an answer of a few words takes on record with all that belongs to it, as measured: 2.1 kB."""
_USED = (
    "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
)
_FREE_INSIDE = "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"
_ANSWERS = sa.select(sa.func.count()).select_from(completions).where(completions.c.state == "complete")


def folder(engine: sa.Engine) -> Path:
    """The folder that a SQLite record is in."""
    return Path(place(engine.url.render_as_string(hide_password=False))).absolute().parent


def left_text(engine: sa.Engine) -> str:
    """`0 B are left in /data.`; empty if that cannot be known."""
    free = _free(engine)
    return "" if free is None else f"{text_of.size(free)} are left in {folder(engine)}."


def lack(engine: sa.Engine, wanted: int, what: str) -> str | None:
    """Why `what`, of so many bytes, cannot be stored, and how much to free; `None` if it can, or that is not known."""
    if not (more := lacking_bytes(engine, wanted)):
        return None
    return (
        f"The disk has too little to keep {what}: {left_text(engine)} "
        f"Free about {text_of.size(more)} there; {VARIABLE} can name another place."
    )


def lacking_bytes(engine: sa.Engine, wanted: int) -> int:
    """How many of so many bytes do not fit; 0 if all do, or if that cannot be known."""
    free = _free(engine)
    return 0 if free is None else max(0, wanted - free)


def free_inside(connection: sa.Connection) -> int:
    """Bytes inside a SQLite file that were used by what is deleted, and are filled first; 0 for a server."""
    return int(connection.scalar(sa.text(_FREE_INSIDE)) or 0) if connection.dialect.name == "sqlite" else 0


def answer_bytes(connection: sa.Connection) -> int:
    """What an answer took on average in this SQLite record so far, with all that belongs to it."""
    answers = connection.scalar(_ANSWERS) or 0
    used = int(connection.scalar(sa.text(_USED)) or 0)
    return max(FEWEST_BYTES, used // answers if answers else 0)


def _free(engine: sa.Engine) -> int | None:
    if engine.dialect.name != "sqlite":
        return None
    try:
        return shutil.disk_usage(folder(engine)).free
    except OSError:
        return None
