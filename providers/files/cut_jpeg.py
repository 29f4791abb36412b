"""Finds JPEGs that lost a part but still end with an end marker: libjpeg fills in what is missing without an error.

A decoder that has read the whole picture ignores data between its last part and the end marker. So noise is inserted
there: if that changes a pixel, a part was missing. In cases of doubt a picture counts as whole.
"""

from __future__ import annotations

import hashlib
import io

from PIL import Image

from providers.files.bare_picture import DamagedError, bare
from providers.files.kinds import JPEG

_NOISE = bytes(byte for n in range(8) for byte in hashlib.sha256(bytes((n,))).digest() if byte != 0xFF)
_AFTER_THE_END = _NOISE + b"".join(b"\xff" + bytes((0xD0 + n,)) + _NOISE for n in range(8))
"""Noise that a decoder still waiting for data takes for it; with every restart marker it may be waiting for."""
_STRIP = 256


def is_cut(data: bytes, image: Image.Image) -> bool:
    """Whether a part of the JPEG `data` is missing; `image` is the picture as decoded from it.

    Not detected if the missing part is of one plain colour, or if the file is arithmetically coded.
    """
    try:
        plain = bare(data, JPEG)
        if any(b"\xff" + bytes((coded,)) in plain for coded in (0xC9, 0xCA)):
            return False  # such a decoder reads past the end even in a whole picture
        with Image.open(io.BytesIO(plain[:-2] + _AFTER_THE_END + plain[-2:]), formats=("JPEG",)) as other:
            other.load()
            return not _same(image, other)
    except (DamagedError, OSError, ValueError, SyntaxError):
        return False


def _same(one: Image.Image, other: Image.Image) -> bool:
    """Whether all pixels are equal; compared from the bottom, where a missing part shows first."""
    if one.size != other.size or one.mode != other.mode:
        return True
    strips = ((0, max(0, end - _STRIP), one.width, end) for end in range(one.height, 0, -_STRIP))
    return all(one.crop(strip).tobytes() == other.crop(strip).tobytes() for strip in strips)
