"""A zip file with a file of lines and further files that they name, read within bounds.

Owns the bounds. Refuses a zip that claims to unpack to far more than is plausible; nothing is ever unpacked to disk.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO, Protocol, cast

Content = Callable[[str], bytes]
"""Returns the content of a file in the zip by its name. Raises `KeyError` if there is none."""
BEGINS = b"PK\3\4"
"""The first bytes of every zip file."""
MOST_TIMES = 200
"""The most times its own size that a zip may unpack to; repetitive texts reach about thirty."""
ALWAYS = 64_000_000
"""Bytes that any zip may unpack to, whatever its own size."""
MOST_AT_ONCE = 32 * 2**20
"""The most bytes read at once: of one picture, or of the zip's directory."""


class Lines(Protocol):
    """What lines are read from."""

    def readline(self, size: int, /) -> bytes:
        """The next line, or its first `size` bytes."""
        ...

    def tell(self) -> int:
        """How many bytes have been read so far."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """A file to import, zipped or plain."""

    lines: Callable[[], Lines]
    """Opens the lines from the beginning."""
    size: int
    """The size of the lines in bytes."""
    beside: Content


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of zip that is expected."""

    lines: str
    """The name of the file of lines inside it."""
    foreign: str
    """The message for any other zip."""
    error: type[ValueError]
    """The exception raised with that message."""


def nothing(name: str) -> bytes:
    """The `Content` of a plain file of lines: there are no other files. Raises `KeyError`."""
    raise KeyError(name)


def unpacked(file: BinaryIO, size: int, kind: Kind) -> Source:
    """The lines of a zip of `size` bytes, and its other files. Raises `kind.error`."""
    with _readable(kind):
        archive = zipfile.ZipFile(cast(BinaryIO, _InParts(file)))
    if kind.lines not in archive.NameToInfo:
        raise kind.error(kind.foreign)
    # Never more is read of a member than the size it states.
    if sum(each.file_size for each in archive.infolist()) > max(ALWAYS, MOST_TIMES * size):
        raise kind.error("The zip would unpack to far more than an export contains. Nothing was imported.")

    def lines() -> Lines:
        with _readable(kind):
            return _Member(archive.open(kind.lines), kind)

    def beside(name: str) -> bytes:
        archive.getinfo(name)
        with _readable(kind), archive.open(name) as member:
            return member.read(MOST_AT_ONCE)

    return Source(lines, archive.getinfo(kind.lines).file_size, beside)


class _InParts:
    """A file that returns little per read:
    `zipfile` would read the zip's directory in one piece, however long it is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(min(size, MOST_AT_ONCE + 1) if size >= 0 else MOST_AT_ONCE + 1)
        if len(data) > MOST_AT_ONCE:
            raise zipfile.BadZipFile("its list of files is too long")
        return data


class _Member:
    """The lines inside a zip."""

    def __init__(self, member: IO[bytes], kind: Kind) -> None:
        self._member, self.tell, self._kind = member, member.tell, kind

    def readline(self, size: int, /) -> bytes:
        with _readable(self._kind):
            return self._member.readline(size)


@contextmanager
def _readable(kind: Kind) -> Generator[None]:
    """Turns whatever `zipfile` raises for a broken zip into `kind.error`."""
    try:
        yield
    except Exception as exc:
        raise kind.error(f"{kind.foreign} The zip cannot be read: {exc or type(exc).__name__}.") from exc
