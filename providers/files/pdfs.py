"""What can be told about a PDF without a PDF parser: where it begins, whether it is encrypted, how many pages it has.

Only looks at uncompressed dictionaries; the answer is `None` if they are compressed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice

from providers.files.kinds import PDF_STARTS_WITHIN

_MOST_UNPACKED = 8 * 2**20
_MOST_PACKED = 2**20
_MOST_PLACES = 2000
"""How many occurrences of a word are examined, so that a malicious file takes bounded time."""
_TRAILER = re.compile(rb"(?<=trailer)\s*<<")
_CROSS_REFERENCES = re.compile(rb"/Type\s*/XRef\b")
_PAGES = re.compile(rb"/Type\s*/Pages\b")
_COUNT = re.compile(rb"/Count\s+(\d{1,7})\b")
_PACKED = re.compile(rb"/Type\s*/ObjStm\b")
_BEGINNING = re.compile(rb"stream\r?\n")
_NEAR = 2048
_END = 4096
"""In how many bytes before its end a PDF says where its contents are listed; some programs add to it."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """What a PDF says about itself."""

    encrypted: bool
    """Whether its contents are encrypted, even with an empty password."""
    pages: int | None
    complete: bool
    """Whether it has the end that says where its contents are listed."""


def whole(data: bytes) -> bytes:
    """`data` from its header on: anything before it is from a mail or a server, and offsets count without it."""
    return data[data.index(b"%PDF-", 0, PDF_STARTS_WITHIN + 5) :]


def read_pdf(data: bytes) -> Pdf:
    """What `data` says, in bounded time and memory."""
    trailers = (_around(data, found, b"trailer", b"startxref") for found in _places(_TRAILER, data))
    streams = (_around(data, found, b"obj", b"stream") for found in _places(_CROSS_REFERENCES, data))
    return Pdf(
        any(b"/Encrypt" in each for each in chain(trailers, streams)), _pages(data), b"startxref" in data[-_END:]
    )


def _pages(data: bytes) -> int | None:
    counts = _counts(data)
    left = _MOST_UNPACKED
    for found in _places(_PACKED, data):
        if counts or left <= 0:
            break
        if stream := _BEGINNING.search(data, found.end(), found.end() + _NEAR):
            unpacked = _unpacked(data[stream.end() : stream.end() + _MOST_PACKED], left)
            left -= len(unpacked)
            counts = _counts(unpacked)
    return max(counts, default=None)


def _counts(text: bytes) -> list[int]:
    """The count of each node in the page tree; the root has the largest."""
    near = (_around(text, found, b">>", b">>") for found in _places(_PAGES, text))
    return [int(count) for each in near for count in _COUNT.findall(each)]


def _places(pattern: re.Pattern[bytes], text: bytes) -> Iterable[re.Match[bytes]]:
    return islice(pattern.finditer(text), _MOST_PLACES)


def _around(text: bytes, found: re.Match[bytes], opening: bytes, closing: bytes) -> bytes:
    """The text between the nearest of two words around a place."""
    start, end = found.span()
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return before[before.rfind(opening) + 1 :] + after[: after.find(closing) if closing in after else _NEAR]


def _unpacked(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""
