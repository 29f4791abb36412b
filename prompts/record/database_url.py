"""The address of the record: which database it names, how it is shown, and preparing a file to be opened.

Owns the default place, and the permissions of a new file and its folder. Never shows a password.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from urllib.parse import quote, unquote

import sqlalchemy as sa
from platformdirs import user_data_path
from sqlalchemy.exc import ArgumentError

from prompts.record import postgresql
from prompts.record.database_errors import VARIABLE, RecordError

_UNREADABLE = (
    f"{VARIABLE} is not the address of a database. It looks like sqlite:////home/ada/collate.db or "
    "postgresql://ada:password@host/collate; in a password, @ : / and # are written %40 %3A %2F and %23."
)


def default_url() -> str:
    """`COLLATE_DATABASE_URL`, or else a SQLite file in the user's data folder."""
    path = user_data_path("collate", appauthor=False) / "collate.db"
    return os.environ.get(VARIABLE) or f"sqlite:///{path}"


def is_shared() -> bool:
    """Whether the record is on a database server, which several people can use from several computers."""
    try:
        return sa.make_url(default_url()).get_backend_name() in postgresql.NAMES
    except (ArgumentError, ValueError):
        return False  # reported when it is opened


def place(url: str | None = None) -> str:
    """The address of the record without passwords, whether in front of the host or among the options."""
    try:
        address = sa.make_url(url or default_url())
    except (ArgumentError, ValueError):
        return f"what {VARIABLE} says, which is not an address"
    if address.get_backend_name() != "sqlite":
        return address.set(query={}).render_as_string(hide_password=True)
    file = _at_home(address).database or ""
    return unquote(file.removeprefix("file:")) if file.startswith("file:") else file


def parsed(url: str) -> sa.URL:
    """The address in its parts. Raises `RecordError` if it names no database that we support."""
    try:
        address = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise RecordError(_UNREADABLE) from None  # the original message may quote the password
    if address.get_backend_name() not in ("sqlite", *postgresql.NAMES):
        raise RecordError(f"{VARIABLE} names a database that Collate does not know. It knows sqlite and postgresql.")
    return _at_home(address)


def _at_home(address: sa.URL) -> sa.URL:
    """The address with a leading `~` expanded to the home folder."""
    if address.get_backend_name() == "sqlite" and (address.database or "").startswith("~"):
        return address.set(database=os.path.expanduser(address.database or ""))
    return address


def prepared_file(address: sa.URL) -> sa.URL:
    """Create the folder and the file for their owner only, if they do not exist; returns the address to open."""
    if not address.database or address.database == ":memory:":
        raise RecordError("A record in memory keeps nothing. Name a file, or ask without a record.")
    if address.database.startswith("file:"):
        return address
    path = Path(address.database)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as exc:
        if exc.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise RecordError(
                f"The record {path} cannot be made: {exc.strerror}. {VARIABLE} can name another."
            ) from exc
        if not path.exists():
            raise RecordError(f"The folder {path.parent} cannot be written to. Allow it, or set {VARIABLE}.") from None
    if os.access(path.parent, os.W_OK) or path.with_name(f"{path.name}-wal").exists():
        return address
    # If no journal can be created next to it, nobody else writes either: open it read-only.
    return address.set(database=f"file:{quote(path.absolute().as_posix())}", query={"immutable": "1", "uri": "true"})
