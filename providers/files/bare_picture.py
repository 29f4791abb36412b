"""Removes from a picture what a camera or program added: place, time, names, thumbnails, videos.

Owns which parts of JPEG, PNG, WebP and GIF determine how a picture looks; these are copied unchanged, every other part
is left out. Refuses a file without a complete picture.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping

from providers.files.kinds import GIF, JPEG, PNG, WEBP


class DamagedError(ValueError):
    """The file claims to be such a picture but is not, or is incomplete; the message says what is wrong."""


_CUT = "its end is missing"
_MISFIT = "its parts do not fit together"
_MOST_PARTS = 100_000
"""No camera or animation needs as many; a file made of empty parts would take long."""


def bare(data: bytes, media_type: str) -> bytes:
    """The same picture, pixel for pixel. Raises `DamagedError`."""
    return _WALKS[media_type](data)


# Fill bytes before a marker, stuffed zeros and restart markers are parts of a scan.
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
_JFIF_LENGTH = 16


def _jpeg(data: bytes) -> bytes:
    """ITU T.81, annex B. Data after the end of the picture, such as the video of a live photo, is left out."""
    kept, at, scans = [data[:2]], 2, 0
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        marker, length = data[at : at + 2], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == b"\xff\xd9":
            if not scans:
                raise DamagedError("it has no picture in it")
            return b"".join(kept) + marker
        end = at + 2 + length
        if len(marker) < 2 or end > len(data):
            raise DamagedError(_CUT)
        if marker[0] != 0xFF or length < 2 or len(kept) > _MOST_PARTS:
            raise DamagedError(_MISFIT)
        kept.append(_jpeg_part(marker[1], data[at:end]))
        at = end
        if marker == b"\xff\xda":
            scans += 1
            if (found := _NEXT_MARKER.search(data, at)) is None:
                raise DamagedError(_CUT)
            kept.append(data[at : found.start()])
            at = found.start()


def _jpeg_part(marker: int, part: bytes) -> bytes:
    """The part without metadata. Colour information of ICC and Adobe is kept; JFIF is kept without its thumbnail."""
    inside = part[4:]
    if marker == 0xE0 and inside.startswith(b"JFIF\0"):
        return part if len(part) == _JFIF_LENGTH + 2 else part[:2] + b"\0\x10" + inside[:12] + b"\0\0"
    if (marker == 0xE2 and inside.startswith(b"ICC_PROFILE\0")) or (marker == 0xEE and inside.startswith(b"Adobe")):
        return part
    return b"" if 0xE0 <= marker <= 0xEF or marker == 0xFE else part


_PNG_PARTS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)


def _png(data: bytes) -> bytes:
    """W3C, Portable Network Graphics (third edition), chapters 5 and 11."""
    kept, at, kinds = [data[:8]], 8, set[bytes]()
    while b"IEND" not in kinds:
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if len(kind) < 4 or end > len(data):
            raise DamagedError(_CUT)
        if kind in _PNG_PARTS:
            if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
                raise DamagedError("a check sum in it is wrong")
            kept.append(data[at:end])
        kinds.add(kind)
        at = end
    if b"IDAT" not in kinds:
        raise DamagedError("it has no picture in it")
    return b"".join(kept)


_WEBP_PARTS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_EXIF_AND_XMP = 0x08 | 0x04


def _webp(data: bytes) -> bytes:
    """RFC 9649, chapter 2."""
    end_of_all = 8 + int.from_bytes(data[4:8], "little")
    if end_of_all > len(data):
        raise DamagedError(_CUT)
    kept, at, kinds = list[bytes](), 12, set[bytes]()
    while at + 8 <= end_of_all:
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if end > end_of_all + 1:
            raise DamagedError(_CUT)
        if kind == b"VP8X":
            kept.append(data[at : at + 8] + bytes((data[at + 8] & ~_WEBP_EXIF_AND_XMP,)) + data[at + 9 : end])
        elif kind in _WEBP_PARTS:
            kept.append(data[at:end])
        kinds.add(kind)
        at = end
    if not kinds & {b"VP8 ", b"VP8L", b"ANMF"}:
        raise DamagedError("it has no picture in it")
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def _gif(data: bytes) -> bytes:
    """Graphics Interchange Format, version 89a, chapters 15 to 27. Many programs omit the trailer."""
    at = 13 + _colours(data[10:11])
    kept, frames = [data[:at]], 0
    while data[at : at + 1] not in (b";", b""):
        head = data[at : at + 2]
        if len(kept) > _MOST_PARTS:
            raise DamagedError(_MISFIT)
        if head[:1] == b",":
            end = _blocks(data, at + 11 + _colours(data[at + 9 : at + 10]))
            frames += 1
        elif head[:1] == b"!":
            end = _blocks(data, at + 2)
        else:
            raise DamagedError(_MISFIT)
        comment = head == b"!\xfe" or (head == b"!\xff" and data[at + 3 : at + 14] not in _GIF_LOOPS)
        kept.append(b"" if comment else data[at:end])
        at = end
    if not frames:
        raise DamagedError("it has no picture in it")
    return b"".join(kept) + b";"


def _colours(packed: bytes) -> int:
    """The size in bytes of the colour table that these flags announce."""
    return 3 << ((packed[0] & 7) + 1) if packed and packed[0] & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    """The offset after the sub-blocks that begin at `at`."""
    while at < len(data) and data[at]:
        at += 1 + data[at]
    if at >= len(data):
        raise DamagedError(_CUT)
    return at + 1


_WALKS: Mapping[str, Callable[[bytes], bytes]] = {JPEG: _jpeg, PNG: _png, WEBP: _webp, GIF: _gif}
