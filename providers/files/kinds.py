"""Recognises a file by its first bytes, not by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping

PDF = "application/pdf"
PNG, JPEG, WEBP, GIF = "image/png", "image/jpeg", "image/webp", "image/gif"
MEDIA_TYPES: tuple[str, ...] = (PNG, JPEG, WEBP, GIF, PDF)
"""What can be attached at all."""
ENDINGS: Mapping[str, tuple[str, ...]] = {
    PNG: (".png",), JPEG: (".jpg", ".jpeg", ".jfif"), WEBP: (".webp",), GIF: (".gif",), PDF: (".pdf",),
}  # fmt: skip
"""File name endings, in lower case; the first is the usual one."""

PDF_STARTS_WITHIN = 1024
"""In how many bytes the header of a PDF may begin: readers search that far, and files from mail and the web need it."""

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (8, b"WEBP", WEBP),
)
"""How a picture is recognised: offset, bytes, media type."""


def media_type(data: bytes) -> str | None:
    """The type of a file, whatever its name; `None` if it cannot be attached."""
    found = next((kind for at, magic, kind in _MAGIC if data[at : at + len(magic)] == magic), None)
    if found is None and b"%PDF-" in data[:PDF_STARTS_WITHIN]:
        return PDF
    return None if found == WEBP and data[:4] != b"RIFF" else found


def otherwise(data: bytes) -> str | None:
    """What a file is that cannot be attached, and what to do, in words; `None`: not known."""
    beginning = data[:_HEAD]
    found = next((said for magic, said in _OTHERS if re.match(magic, beginning, re.DOTALL | re.IGNORECASE)), None)
    return found and f"{found[0]}: {found[1]}"


_HEAD = 4096
_AS_PICTURE = "save it as JPEG or PNG first"
_AS_PDF = "save it as PDF first, or paste its text"
_OTHERS: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (rb".{4}ftyp(?:hei|hev|mif1|msf1)", ("a HEIC picture", _AS_PICTURE)),
    (rb".{4}ftypavif", ("an AVIF picture", _AS_PICTURE)),
    (rb".{4}ftyp|\x1a\x45\xdf\xa3|RIFF.{4}AVI", ("a video", "attach a picture of what matters in it")),
    (rb"ID3|RIFF.{4}WAVE|OggS|fLaC", ("a sound recording", "paste what is said in it")),
    (rb"II\*\0|MM\0\*", ("a TIFF picture", _AS_PICTURE)),
    (rb"BM.{4}\0{4}", ("a BMP picture", _AS_PICTURE)),
    (rb"\xff\x0a|\0{3}\x0cJXL ", ("a JPEG XL picture", _AS_PICTURE)),
    (rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<svg", ("an SVG drawing", _AS_PICTURE)),
    (rb"\s*<(?:!doctype html|html)", ("a web page", "it may have been saved in place of the file")),
    (rb"PK\x03\x04.*?word/", ("a Word document", _AS_PDF)),
    (rb"PK\x03\x04.*?xl/", ("an Excel workbook", _AS_PDF)),
    (rb"PK\x03\x04.*?ppt/", ("a PowerPoint presentation", _AS_PDF)),
    (rb"PK\x03\x04", ("a ZIP archive", "unpack it first")),
    (rb"\xd0\xcf\x11\xe0|\{\\rtf", ("a document of an old Office", _AS_PDF)),
)
"""The beginnings of files that people attach nevertheless; the first that fits applies."""


def named(name: str, media_type: str) -> str:
    """`name` with an ending that fits, as some vendors go by it."""
    endings = ENDINGS[media_type]
    if name.lower().endswith(endings):
        return name
    stem, dot, ending = name.rpartition(".")
    # A word after a dot is only an ending if it is one of ours; "3.12 results" has none.
    known = dot and any(f".{ending.lower()}" in each for each in ENDINGS.values())
    return f"{stem if known and stem else name}{endings[0]}"
