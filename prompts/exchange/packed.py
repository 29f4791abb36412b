"""JSON Lines in one zip with the pictures that they name, each a file that any program opens.

Owns the names inside the zip and the bounds within which one is unpacked. The lines are written last, for each picture
is on its way before the line that names it. Refuses a zip that says it is far larger inside than a zip can be, and
every name that no line names: nothing is ever unpacked to a disk.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Protocol, cast

from prompts.exchange.formats import FOREIGN, ImportFileError
from prompts.exchange.zip_stream import Sink
from providers.files.kinds import JPEG, PNG, WEBP, media_type

LINES = "collate.jsonl"
Beside = Callable[[str, bytes], str]
"""Puts a picture, by its digest, beside the lines; under which name."""
Content = Callable[[str], bytes]
"""A file beside the lines by its name. Raises `KeyError` where there is none."""
MOST_TIMES = 200
"""How much larger than itself a zip may be inside; texts that repeat come to thirty."""
ALWAYS = 64_000_000
"""Bytes inside that any zip may have."""
MOST_AT_ONCE = 32 * 2**20
"""Bytes of one picture, and of the list of what is in the zip."""
_ENDINGS = {PNG: "png", JPEG: "jpg", WEBP: "webp"}
_PIECE = 1 << 20


def packed(lines: Callable[[Beside], Iterable[bytes]], made_at: datetime) -> Iterator[bytes]:
    """The zip in pieces. `lines` puts each picture beside before it yields the line that names it."""
    sink, date = Sink(), made_at.timetuple()[:6]
    with TemporaryFile() as waiting, zipfile.ZipFile(sink, "w") as archive:

        def beside(digest: str, data: bytes) -> str:
            name = f"pictures/{digest}.{_ENDINGS.get(media_type(data) or '', 'bin')}"
            archive.writestr(zipfile.ZipInfo(name, date), data)  # pictures are packed as they are
            return name

        for line in lines(beside):
            waiting.write(line)
            if piece := sink.take():
                yield piece
        waiting.seek(0)
        head = zipfile.ZipInfo(LINES, date)
        head.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(head, "w", force_zip64=True) as member:
            while piece := waiting.read(_PIECE):
                member.write(piece)
                yield sink.take()
    yield sink.take()


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


def source(file: BinaryIO) -> Source:
    """`file`, which can be wound back, as lines and what lies beside them. Raises `ImportFileError`."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if file.read(4) == b"PK\3\4":
        return _unpacked(cast(BinaryIO, _InParts(file)), size)

    def lines() -> Lines:
        file.seek(0)
        return file

    return Source(lines, size, nothing)


def nothing(name: str) -> bytes:
    """Beside lines alone there is no file. Raises `KeyError`."""
    raise KeyError(name)


def _unpacked(file: BinaryIO, size: int) -> Source:
    with _readable():
        archive = zipfile.ZipFile(file)
    if LINES not in archive.NameToInfo:
        raise ImportFileError(FOREIGN)
    # No more than a member says of its size is ever read of it.
    if sum(each.file_size for each in archive.infolist()) > max(ALWAYS, MOST_TIMES * size):
        raise ImportFileError("The zip would unpack to far more than an export holds. Nothing was taken.")

    def lines() -> Lines:
        with _readable():
            return _Member(archive.open(LINES))

    def beside(name: str) -> bytes:
        archive.getinfo(name)
        with _readable(), archive.open(name) as member:
            return member.read(MOST_AT_ONCE)

    return Source(lines, archive.getinfo(LINES).file_size, beside)


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

    def __init__(self, member: IO[bytes]) -> None:
        self._member, self.tell = member, member.tell

    def readline(self, size: int, /) -> bytes:
        with _readable():
            return self._member.readline(size)


@contextmanager
def _readable() -> Generator[None]:
    """A broken zip makes `zipfile` raise whatever its bytes lead it to. Raises `ImportFileError`."""
    try:
        yield
    except Exception as exc:
        raise ImportFileError(f"{FOREIGN} The zip cannot be read: {exc or type(exc).__name__}.") from exc
