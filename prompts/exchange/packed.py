"""JSON Lines in a zip, together with the pictures they refer to, each as a file that any program opens.

Owns the names inside the zip. The lines are written last, as each picture is written before the line that names it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO

from prompts.core.unpacked import BEGINS, Kind, Lines, Source, nothing, unpacked
from prompts.core.zip_stream import Sink
from prompts.exchange.formats import FOREIGN, ImportFileError
from providers.files.kinds import GIF, JPEG, PNG, WEBP, media_type

LINES = "collate.jsonl"
KIND = Kind(LINES, FOREIGN, ImportFileError)
Beside = Callable[[str, bytes], str]
"""Stores a picture's data, by its digest, in the zip; returns its name."""
_ENDINGS = {PNG: "png", JPEG: "jpg", WEBP: "webp", GIF: "gif"}
_PIECE = 1 << 20


def packed(lines: Callable[[Beside], Iterable[bytes]], made_at: datetime) -> Iterator[bytes]:
    """The zip in pieces. `lines` must store each picture before it yields the line that names it."""
    sink, date = Sink(), made_at.timetuple()[:6]
    with TemporaryFile() as waiting, zipfile.ZipFile(sink, "w") as archive:

        def beside(digest: str, data: bytes) -> str:
            name = f"pictures/{digest}.{_ENDINGS.get(media_type(data) or '', 'bin')}"
            archive.writestr(zipfile.ZipInfo(name, date), data)  # pictures are compressed already
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


def source(file: BinaryIO) -> Source:
    """Opens `file`, which must be seekable, as lines and the files next to them. Raises `ImportFileError`."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if file.read(4) == BEGINS:
        return unpacked(file, size, KIND)

    def lines() -> Lines:
        file.seek(0)
        return file

    return Source(lines, size, nothing)
