"""Reduces pictures for a page, or to one size and format if nothing may reveal who drew them.

Such a picture is redrawn within bounds; only one is processed at a time, however many are requested.
"""

from __future__ import annotations

import io
import threading
from typing import cast

from PIL import Image, ImageOps

from providers.files.pictures import coloured, load, opened

SMALL = 128
"""Pixels of the longer side in a list: sharp at 64 on a high-resolution screen."""
CARD = 320
"""Pixels of the longer side on a sheet of many."""
EVEN = 1024
"""Pixels of each side if all must look alike."""
_NOISE = 8
"""How much a JPEG may change a plain colour, of 255."""
_ONE_AT_A_TIME = threading.Lock()


def small(data: bytes, side: int = SMALL) -> bytes:
    """A still picture as WebP within `side` × `side`. Raises `DamagedError` and `TooManyPixelsError`."""
    with _ONE_AT_A_TIME, opened(data) as image:
        image.draft("RGB", (2 * side, 2 * side))  # lets a JPEG be unpacked at a fraction of its size
        load(image)
        plain = coloured(image)
        plain.thumbnail((side, side), Image.Resampling.LANCZOS)
        return _webp(plain, 80)


def even(data: bytes) -> bytes:
    """A WebP of `EVEN` × `EVEN`, scaled to fit, with transparent margins. Raises what `small` raises."""
    with _ONE_AT_A_TIME, opened(data) as image:
        load(image)
        fitted = ImageOps.contain(coloured(image).convert("RGBA"), (EVEN, EVEN), Image.Resampling.LANCZOS)
        ground = Image.new("RGBA", (EVEN, EVEN))
        ground.paste(fitted, ((EVEN - fitted.width) // 2, (EVEN - fitted.height) // 2))
        return _webp(ground, 90)


def is_plain(data: bytes) -> bool:
    """Whether all of it has one colour, as what a safety checker sends in place of a picture: in most cases black.

    Raises what `small` raises.
    """
    with _ONE_AT_A_TIME, opened(data) as image:
        load(image)
        ranges = coloured(image).convert("RGB").getextrema()
    return all(high - low <= _NOISE for low, high in cast(tuple[tuple[int, int], ...], ranges))


def _webp(image: Image.Image, quality: int) -> bytes:
    into = io.BytesIO()
    image.save(into, "WEBP", quality=quality, method=0, exif=b"")  # more effort saves no bytes here
    return into.getvalue()
