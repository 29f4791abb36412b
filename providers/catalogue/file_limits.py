"""How large a file may be, by vendor: checked before anything is sent, with the size it would have to fit into.

Owns the table of documented limits, one row per vendor, each with its source. No guesses: for a vendor that documents
nothing, nothing is checked.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from providers.files.bare_picture import DamagedError
from providers.files.kinds import PDF
from providers.files.pdfs import Pdf, read_pdf
from providers.files.pictures import Picture, Room, TooManyPixelsError, fits, read
from providers.interface import Attachment

MEGABYTE = 1_000_000
_MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a vendor accepts in one request; `None`: not documented."""

    source: str
    firm: bool = True
    """`False` if the source is old, so that the vendor has the last word."""
    picture: int | None = None
    """The most bytes of one picture."""
    side: int | None = None
    """The most pixels of its longer side."""
    many: tuple[int, int] | None = None
    """(number of pictures, pixels): with more pictures than this, the most pixels of each one's longer side."""
    pixels: int | None = None
    pictures: int | None = None
    request: int | None = None
    """The most bytes of all files together, in base64, as they are sent."""
    moving: bool = True
    """Whether animated GIFs are accepted."""
    pages: int | None = None
    """The most pages of a PDF."""
    pages_of_short: int | None = None
    """The same for models whose context has at most `SHORT` tokens."""
    encrypted: bool | None = None
    """Whether encrypted PDFs are accepted."""


SHORT = 200_000

LIMITS: Mapping[str, FileLimits] = {
    "anthropic": FileLimits(
        "platform.claude.com, pages on vision and PDF support, 2026-11",
        # Its 5 MB are for the picture in base64, as its error message counts.
        picture=5 * _MEBIBYTE * 3 // 4, side=8000, many=(20, 2000), pictures=100, request=32 * MEGABYTE,
        pages=600, pages_of_short=100, encrypted=False,
    ),
    "openai": FileLimits("developers.openai.com, guide on images, 2026-11", moving=False),
    "google": FileLimits("ai.google.dev, input files of the Gemini API, 2026-11", request=20 * MEGABYTE, pages=1000),
    "mistral": FileLimits(
        "docs.mistral.ai, questions on vision, 2025", firm=False, picture=10 * MEGABYTE, pictures=8, moving=False
    ),
    "groq": FileLimits(
        "console.groq.com, page on vision, 2026-11", request=4 * MEGABYTE, pixels=33_177_600, pictures=5
    ),
    "xai": FileLimits("docs.x.ai, guide on image understanding, 2026", firm=False, picture=20 * _MEBIBYTE),
}  # fmt: skip


def objections(limits: FileLimits, files: Sequence[Attachment], context: int | None = None) -> list[str]:
    """Sentences on which `limits` the files exceed; `context`: the model's context in tokens, if known."""
    found = [each for file in files for each in _of_one(limits, file, len(_pictures(files)), context)]
    if limits.pictures is not None and (count := len(_pictures(files))) > limits.pictures:
        found.append(f"{count} pictures are attached, and at most {limits.pictures} are accepted at once.")
    if limits.request is not None and (total := sum(len(file.data) for file in files)) * 4 > limits.request * 3:
        found.append(
            f"The files are {size(total)} together; at most {limit(limits.request * 3 // 4)} fit into one request."
        )
    return found


def room(limits: FileLimits, files: Sequence[Attachment]) -> Room:
    """What each picture in `files` has to fit into."""
    pictures = _pictures(files)
    share = None
    if limits.request is not None and pictures:
        rest = limits.request * 3 // 4 - sum(len(file.data) for file in files if file.media_type == PDF)
        share = max(1, rest // len(pictures))
    crowded = limits.many is not None and len(pictures) > limits.many[0]
    return Room(
        _least(limits.picture, share), limits.many[1] if limits.many and crowded else limits.side, limits.pixels,
        still=not limits.moving,
    )  # fmt: skip


def common(rooms: Sequence[Room]) -> Room:
    """What fits into all of them."""
    return Room(
        _least(*(each.data for each in rooms)), _least(*(each.side for each in rooms)),
        _least(*(each.pixels for each in rooms)), any(each.still for each in rooms),
    )  # fmt: skip


def too_large(file: Attachment, wanted: Room) -> bool:
    """Whether a picture would have to be made smaller to fit."""
    if file.media_type == PDF:
        return False
    picture = facts(file)
    return isinstance(picture, Picture) and not fits(picture, len(file.data), wanted)


def facts(file: Attachment) -> Picture | Pdf | None:
    """What a file says about itself; `None` if it cannot be read, such as one from an older record."""
    key = (hash(file.data), len(file.data), file.media_type)
    with suppress(KeyError):
        return _facts[key]
    read = _read(file)
    with _keeping:
        _facts[key] = read
        while len(_facts) > _MOST_FACTS:
            del _facts[next(iter(_facts))]
    return read


# Cached by hash, so that the text is not kept; rereading a large PDF at every rerun would be slow.
_facts: dict[tuple[int, int, str], Picture | Pdf | None] = {}
_MOST_FACTS = 256
_keeping = threading.Lock()  # pages are drawn in threads


def _read(file: Attachment) -> Picture | Pdf | None:
    if file.media_type == PDF:
        return read_pdf(file.data)
    try:
        return read(file.data)
    except (DamagedError, TooManyPixelsError):
        return None


def _of_one(limits: FileLimits, file: Attachment, pictures: int, context: int | None) -> Iterator[str]:
    about = facts(file)
    if isinstance(about, Pdf):
        yield from _of_pdf(limits, file.name, about, context)
    elif isinstance(about, Picture):
        if limits.picture is not None and len(file.data) > limits.picture:
            yield f"{file.name} has {size(len(file.data))}; at most {limit(limits.picture)} per picture are accepted."
        yield from _of_picture(limits, file.name, about, pictures)


def _of_picture(limits: FileLimits, name: str, picture: Picture, pictures: int) -> Iterator[str]:
    has = f"{name} has {picture.width:,} × {picture.height:,} pixels"
    side = max(picture.width, picture.height)
    if limits.side is not None and side > limits.side:
        yield f"{has}; at most {limits.side:,} per side are accepted."
    elif limits.many is not None and pictures > limits.many[0] and side > limits.many[1]:
        yield f"{has}; with more than {limits.many[0]} pictures, at most {limits.many[1]:,} per side are accepted."
    if limits.pixels is not None and picture.width * picture.height > limits.pixels:
        yield f"{has}; at most {limits.pixels / MEGABYTE:.0f} million are accepted."
    if not limits.moving and picture.frames > 1:
        yield f"{name} is animated; only still pictures are accepted."


def _of_pdf(limits: FileLimits, name: str, pdf: Pdf, context: int | None) -> Iterator[str]:
    if pdf.encrypted and limits.encrypted is False:
        yield f"{name} is encrypted; only PDFs without a password are accepted."
    short = context is not None and context <= SHORT and limits.pages_of_short is not None
    most = limits.pages_of_short if short else limits.pages
    if most is not None and pdf.pages is not None and pdf.pages > most:
        yield f"{name} has {pdf.pages:,} pages; at most {most:,} are accepted."


def size(count: int) -> str:
    """The size of a file, rounded up, so that one above a limit never looks equal to it: `4 MB`."""
    return _megabytes(-(-count * 10 // MEGABYTE))


def limit(count: int) -> str:
    """A limit in bytes, rounded down: `3.9 MB`."""
    return _megabytes(count * 10 // MEGABYTE)


def _megabytes(tenths: int) -> str:
    return f"{tenths // 10} MB" if tenths % 10 == 0 else f"{tenths / 10:.1f} MB"


def _pictures(files: Sequence[Attachment]) -> list[Attachment]:
    return [file for file in files if file.media_type != PDF]


def _least(*several: int | None) -> int | None:
    return min((each for each in several if each is not None), default=None)
