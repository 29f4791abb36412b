"""Recognises a file by its first bytes, not by its name."""

from __future__ import annotations

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


def named(name: str, media_type: str) -> str:
    """`name` with an ending that fits, as some vendors go by it."""
    endings = ENDINGS[media_type]
    if name.lower().endswith(endings):
        return name
    stem, dot, ending = name.rpartition(".")
    # A word after a dot is only an ending if it is one of ours; "3.12 results" has none.
    known = dot and any(f".{ending.lower()}" in each for each in ENDINGS.values())
    return f"{stem if known and stem else name}{endings[0]}"
