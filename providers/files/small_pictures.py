"""Pictures made small for a page, or of one size and format where nothing may tell who drew them.

Owns that such a picture is drawn anew within bounds: one at a time, however many are asked for.
"""

from __future__ import annotations

import io
import threading

from PIL import Image, ImageOps

from providers.files.pictures import coloured, load, opened

SMALL = 128
"""Pixels of the longer side in a list: sharp at 64 on a fine screen."""
CARD = 320
"""Likewise on a sheet of many."""
EVEN = 1024
"""Pixels of each side where all are alike."""
_ONE_AT_A_TIME = threading.Lock()


def small(data: bytes, side: int = SMALL) -> bytes:
    """A still picture as WebP within `side` × `side`. Raises `DamagedError` and `TooManyPixelsError`."""
    with _ONE_AT_A_TIME, opened(data) as image:
        image.draft("RGB", (2 * side, 2 * side))  # a JPEG is unpacked at a fraction of its size
        load(image)
        plain = coloured(image)
        plain.thumbnail((side, side), Image.Resampling.LANCZOS)
        return _webp(plain, 80)


def even(data: bytes) -> bytes:
    """As WebP of `EVEN` × `EVEN`, whatever it was: scaled to fit, clear around it. Raises what `small` raises."""
    with _ONE_AT_A_TIME, opened(data) as image:
        load(image)
        fitted = ImageOps.contain(coloured(image).convert("RGBA"), (EVEN, EVEN), Image.Resampling.LANCZOS)
        ground = Image.new("RGBA", (EVEN, EVEN))
        ground.paste(fitted, ((EVEN - fitted.width) // 2, (EVEN - fitted.height) // 2))
        return _webp(ground, 90)


def _webp(image: Image.Image, quality: int) -> bytes:
    into = io.BytesIO()
    image.save(into, "WEBP", quality=quality, method=0, exif=b"")  # more effort saves no bytes here
    return into.getvalue()
