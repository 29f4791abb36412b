"""A JPEG that was cut in its middle and closed with an end marker: libjpeg fills up what is missing and says nothing.

Owns how that is told: where the picture is whole, nothing is read of what stands between its last part and its end
marker, so that writing something there changes no pixel. Refuses to guess: what cannot be told is not called cut.
"""

from __future__ import annotations

import hashlib
import io

from PIL import Image

from providers.files.bare_picture import DamagedError, bare
from providers.files.kinds import JPEG

_NOISE = bytes(byte for n in range(8) for byte in hashlib.sha256(bytes((n,))).digest() if byte != 0xFF)
_AFTER_THE_END = _NOISE + b"".join(b"\xff" + bytes((0xD0 + n,)) + _NOISE for n in range(8))
"""What a decoder that still waits for parts takes for some; with every restart marker that it may wait for."""
_STRIP = 256


def is_cut(data: bytes, image: Image.Image) -> bool:
    """Whether a part is missing of the JPEG `data`, which `image` was unpacked from.

    One whose missing part is of one plain colour passes as whole, and so does one that is arithmetically coded.
    """
    try:
        plain = bare(data, JPEG)
        if any(b"\xff" + bytes((coded,)) in plain for coded in (0xC9, 0xCA)):
            return False  # such a decoder reads beyond the end where all is well
        with Image.open(io.BytesIO(plain[:-2] + _AFTER_THE_END + plain[-2:]), formats=("JPEG",)) as other:
            other.load()
            return not _same(image, other)
    except (DamagedError, OSError, ValueError, SyntaxError):
        return False


def _same(one: Image.Image, other: Image.Image) -> bool:
    """Dot for dot; from below, where a cut shows first."""
    if one.size != other.size or one.mode != other.mode:
        return True
    strips = ((0, max(0, end - _STRIP), one.width, end) for end in range(one.height, 0, -_STRIP))
    return all(one.crop(strip).tobytes() == other.crop(strip).tobytes() for strip in strips)
