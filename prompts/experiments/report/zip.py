"""An experiment as one zip: the HTML page with small pictures, the JSON Lines, and each picture as a file.

Owns the names inside the zip and how many pictures it has. It is made while it is downloaded: one picture at a time is
in memory, and the page is kept on disk until it is complete. It contains no text that the other formats do not have.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from tempfile import TemporaryFile
from typing import Any

from prompts.core import format as text_of
from prompts.core.embedded import Beside, Embedded
from prompts.core.unpacked import Kind
from prompts.core.zip_stream import Sink
from prompts.experiments.report.contents import Report
from prompts.experiments.report.html import pieces
from prompts.experiments.report.jsonl import ReportError, lines
from providers.files.bare_picture import DamagedError
from providers.files.kinds import ENDINGS, WEBP
from providers.files.pictures import TooManyPixelsError
from providers.files.small_pictures import CARD, small
from providers.pictures import Picture

PAGE, LINES, FOLDER = "report.html", "experiment.jsonl", "pictures"
MOST_BYTES = 1_000_000_000
"""The most bytes of pictures in a zip."""
KIND = Kind(LINES, f"This zip is not a report of an experiment: it has no {LINES}.", ReportError)
_PIECE = 1 << 20


def as_zip(report: Report) -> Iterator[bytes]:
    """The zip in pieces."""
    sink = Sink()
    with TemporaryFile() as page, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        files = _Files(archive, report)
        for piece in pieces(report, Embedded(report.picture, elsewhere="The record", put=files.put)):
            page.write(piece.encode())
            if done := sink.take():
                yield done
        page.seek(0)
        with archive.open(files.member(PAGE), "w") as member:
            while part := page.read(_PIECE):
                member.write(part)
                yield sink.take()
        with archive.open(files.member(LINES), "w", force_zip64=True) as member:
            for line in lines(report, files.row):
                member.write(line)
                if done := sink.take():
                    yield done
    yield sink.take()


class _Files:
    """The pictures of one zip, each content once, as long as there is room."""

    def __init__(self, archive: zipfile.ZipFile, report: Report) -> None:
        self._archive, self._date = archive, report.experiment.created_at.timetuple()[:6]
        self._room = MOST_BYTES
        self._names = dict[str, str]()

    def member(self, name: str) -> zipfile.ZipInfo:
        """The entry for a text file of that name, which is compressed."""
        made = zipfile.ZipInfo(name, self._date)
        made.compress_type = zipfile.ZIP_DEFLATED
        return made

    def put(self, picture: Picture, title: str, data: bytes) -> Beside | None:
        """Store the picture as a file named after its title,
        and return a small one for the page; `None` if it cannot be read."""
        try:
            shown = small(data, CARD)
        except (DamagedError, TooManyPixelsError):
            return None
        name = self._names.get(picture.sha256, "")
        if not name and len(data) <= self._room:
            self._room -= len(data)
            stem, ending = text_of.file_stem(title, "picture"), ENDINGS[picture.media_type][0]
            name = self._names[picture.sha256] = f"{FOLDER}/{len(self._names) + 1:04}-{stem}{ending}"
            self._archive.writestr(zipfile.ZipInfo(name, self._date), data)  # pictures are compressed already
        return Beside(shown, WEBP, name)

    def row(self, picture: Picture) -> dict[str, Any]:
        """The picture in a line of JSON: its facts, and the name of its file."""
        name = self._names.get(picture.sha256)
        return {**asdict(picture), **({"file": name} if name else {})}
