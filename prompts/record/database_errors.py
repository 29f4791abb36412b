"""Explains errors of the database drivers: in words, and whether waiting helps.

Owns the messages. Unknown errors are reported as such, with the first line of the driver's message, which never
contains a password.
"""

from __future__ import annotations

import re

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

VARIABLE = "COLLATE_DATABASE_URL"


class RecordError(Exception):
    """The record cannot be opened, read or written; the message is a sentence for people."""


def code(exc: DBAPIError) -> str:
    """SQLite's name of the error, or PostgreSQL's SQLSTATE; empty if the server could not report one."""
    return getattr(exc.orig, "sqlite_errorname", None) or getattr(exc.orig, "sqlstate", None) or ""


def is_locked(exc: DBAPIError) -> bool:
    """Whether another writer holds the database, so that waiting helps."""
    return code(exc).startswith(_LOCKED)


def is_read_only(exc: DBAPIError) -> bool:
    """Whether the database is read-only."""
    return code(exc).startswith(("SQLITE_READONLY", "25006", "42501"))


def is_damaged(exc: DBAPIError) -> bool:
    """Whether the file is not a database, or is damaged."""
    return code(exc).startswith(_DAMAGED)


def is_full(exc: DBAPIError) -> bool:
    """Whether the disk of a SQLite file takes no more: it is full, or what one may use of it."""
    return code(exc).startswith(_FULL)


def is_trouble(exc: Exception) -> bool:
    """Whether the database is unreachable, full, locked or broken, rather than the statement wrong."""
    if not isinstance(exc, DBAPIError):
        return False
    if name := code(exc):
        return name.startswith(_TROUBLE)
    return exc.connection_invalidated or isinstance(exc, OperationalError | InterfaceError)


def sentence(exc: DBAPIError, place: str, more: str = "") -> str:
    """A message for people, naming the database: what is wrong and what to do, then `more` about it."""
    detail = next(iter(str(exc.orig).splitlines()), "")
    said = f"{code(exc)} {detail}"
    known = next((text for pattern, text in _SENTENCES if re.search(pattern, said)), _UNKNOWN)
    return " ".join(filter(None, (known.format(place=place), more, f"({detail})")))


_LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED", "40001", "40P01", "55P03")
_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
# A quota and a limit on the size of files are errors of writing to SQLite, and one of the file that readers share.
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHM")
# Classes of SQLSTATE: connection, authorisation, rollback, resources, intervention, system; then single codes.
_TROUBLE = (
    *_LOCKED, *_DAMAGED, "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR",
    "08", "28", "40", "53", "57", "58", "25006", "3D000", "42501", "55P03",
)  # fmt: skip
_UNKNOWN = "The record {place} cannot be used."
_SENTENCES = (
    ("^SQLITE_(BUSY|LOCKED)", "The record {place} is locked by another program."),
    ("^SQLITE_FULL", "The disk is full: the record {place} cannot grow. Free space, then continue."),
    (
        "^SQLITE_IOERR_(WRITE|SHM)",
        "The record {place} cannot be written to: its disk is full or fails, or a quota or a limit on the size of "
        "files is reached. Change that, then continue.",
    ),
    ("^SQLITE_READONLY", "The record {place} is read-only. Allow writing to the file and its folder."),
    ("^SQLITE_(CANTOPEN|PERM)", "The record {place} cannot be opened. Check the folder and its permissions."),
    (
        "^SQLITE_(NOTADB|CORRUPT)",
        "The record {place} is damaged and was left exactly as it is. "
        f"Move it away or put a backup in its place; {VARIABLE} can name another.",
    ),
    ("^(40|55P03)", "The record {place} is busy with another writer."),
    ("^53100",
     "The disk of the database server is full: the record {place} cannot grow. Free space there, then continue."),
    ("^53300|too many clients|connection slots", "The record {place} has no connection to spare. It is tried again."),
    ("^25006", f"The record {{place}} is read-only, as a standby server is. {VARIABLE} can name the one to write to."),
    (
        "^42501",
        "In the record {place} this role may not do what is needed. Make it the owner of the database, or let the "
        "owner run: GRANT USAGE, CREATE ON SCHEMA public TO the role.",
    ),
    (
        '^28|authentication failed|no password supplied|role ".*" does not exist',
        "The record {place} does not accept this name and password. "
        f"Correct them in {VARIABLE}; there, @ : / and # in a password are written %40 %3A %2F and %23.",
    ),
    ("pg_hba.conf", "The record {place} does not let this role in from here: its server's pg_hba.conf decides."),
    (
        '^3D000|database ".*" does not exist',
        f"There is no database at {{place}}. Create it on that server, with createdb; {VARIABLE} can name another.",
    ),
    ("invalid .*option|invalid .*value", f"The options behind {{place}} in {VARIABLE} cannot be applied."),
    (
        "does not support SSL",
        "The record {place} is on another machine and its server offers no TLS: prompts would cross the network "
        "for anyone to read. Switch TLS on there; on a network of your own, sslmode=disable in the address will do.",
    ),
    ("SSL|certificate", "The TLS connection to the record {place} cannot be trusted or made. Check its certificate."),
    (
        "^(08|57P)|refused|No such file|[Tt]imeout|timed out|resolve host|unreachable|No route|closed|reset|connection",
        "The record {place} cannot be reached. Check that its server is running and that the address is right.",
    ),
)  # fmt: skip
