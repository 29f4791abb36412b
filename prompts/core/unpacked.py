"""A zip of lines and the files that they name, read within bounds.

Owns the bounds. Refuses a zip that says it is far larger inside than a zip can be; nothing is ever unpacked to a disk.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO, Protocol, cast

Content = Callable[[str], bytes]
"""A file beside the lines by its name. Raises `KeyError` where there is none."""
BEGINS = b"PK\3\4"
"""How a zip is known."""
MOST_TIMES = 200
"""How much larger than itself a zip may be inside; texts that repeat come to thirty."""
ALWAYS = 64_000_000
"""Bytes inside that any zip may have."""
MOST_AT_ONCE = 32 * 2**20
"""Bytes of one picture, and of the list of what is in the zip."""


class Lines(Protocol):
    """What a file's lines are read from."""

    def readline(self, size: int, /) -> bytes:
        """The next line, or so many bytes of it."""
        ...

    def tell(self) -> int:
        """How many bytes have been read."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """A file to take in, however it came."""

    lines: Callable[[], Lines]
    """Its lines, from the first."""
    size: int
    """Bytes of them."""
    beside: Content


@dataclass(frozen=True, slots=True)
class Kind:
    """Which zip is looked for."""

    lines: str
    """The name of the file of lines in it."""
    foreign: str
    """What is said of any other zip."""
    error: type[ValueError]
    """What is raised with it."""


def nothing(name: str) -> bytes:
    """Beside lines alone there is no file. Raises `KeyError`."""
    raise KeyError(name)


def unpacked(file: BinaryIO, size: int, kind: Kind) -> Source:
    """The lines of a zip of so many bytes, and what lies beside them. Raises the error of its kind."""
    with _readable(kind):
        archive = zipfile.ZipFile(cast(BinaryIO, _InParts(file)))
    if kind.lines not in archive.NameToInfo:
        raise kind.error(kind.foreign)
    # No more than a member says of its size is ever read of it.
    if sum(each.file_size for each in archive.infolist()) > max(ALWAYS, MOST_TIMES * size):
        raise kind.error("The zip would unpack to far more than an export holds. Nothing was taken.")

    def lines() -> Lines:
        with _readable(kind):
            return _Member(archive.open(kind.lines), kind)

    def beside(name: str) -> bytes:
        archive.getinfo(name)
        with _readable(kind), archive.open(name) as member:
            return member.read(MOST_AT_ONCE)

    return Source(lines, archive.getinfo(kind.lines).file_size, beside)


class _InParts:
    """A file of which little is read at once: the list of what is in a zip is read as a whole, however long it is."""

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
    """A broken zip makes `zipfile` raise whatever its bytes lead it to. Raises the error of the kind."""
    try:
        yield
    except Exception as exc:
        raise kind.error(f"{kind.foreign} The zip cannot be read: {exc or type(exc).__name__}.") from exc
