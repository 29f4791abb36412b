"""The address of the record: which database it names, how it is shown, and a file that may be opened as it says.

Owns the default place and the permissions of a new file and its folder. Refuses to show a password.
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
    """`COLLATE_DATABASE_URL`, else a SQLite file in the user's data folder."""
    path = user_data_path("collate", appauthor=False) / "collate.db"
    return os.environ.get(VARIABLE) or f"sqlite:///{path}"


def is_shared() -> bool:
    """Whether the record is a server's, which several people on several computers use."""
    try:
        return sa.make_url(default_url()).get_backend_name() in postgresql.NAMES
    except (ArgumentError, ValueError):
        return False  # whoever opens it says so


def place(url: str | None = None) -> str:
    """Where the record lies, without a password: neither before the host nor among the options behind it."""
    try:
        address = sa.make_url(url or default_url())
    except (ArgumentError, ValueError):
        return f"what {VARIABLE} says, which is no address"
    if address.get_backend_name() != "sqlite":
        return address.set(query={}).render_as_string(hide_password=True)
    file = _at_home(address).database or ""
    return unquote(file.removeprefix("file:")) if file.startswith("file:") else file


def parsed(url: str) -> sa.URL:
    """The address as its parts. Raises `RecordError` for one that names no database which Collate knows."""
    try:
        address = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise RecordError(_UNREADABLE) from None  # what it says of the address may quote the password
    if address.get_backend_name() not in ("sqlite", *postgresql.NAMES):
        raise RecordError(f"{VARIABLE} names a database that Collate does not know. It knows sqlite and postgresql.")
    return _at_home(address)


def _at_home(address: sa.URL) -> sa.URL:
    """`~` is the home of whoever starts Collate; a folder of that name is not what anybody means."""
    if address.get_backend_name() == "sqlite" and (address.database or "").startswith("~"):
        return address.set(database=os.path.expanduser(address.database or ""))
    return address


def prepared_file(address: sa.URL) -> sa.URL:
    """The folder for its owner only and the file likewise, if we are the ones to make them; the address to open."""
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
    # Not even a journal can be made beside it, so nobody else is writing either: it is there to be read.
    return address.set(database=f"file:{quote(path.absolute().as_posix())}", query={"immutable": "1", "uri": "true"})
