"""Re-encodes pictures made by models before anybody sees them: decoded within bounds, then written from their pixels
alone.

Owns which formats are accepted and what each becomes. What a browser gets was written here, so no damage or trick in
the original file can reach it. Refuses SVG and everything else that is not made of pixels.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import ExifTags, Image, PngImagePlugin

from providers.files.bare_picture import DamagedError
from providers.files.cut_jpeg import is_cut
from providers.files.kinds import JPEG, PDF, PNG, WEBP, media_type
from providers.files.moving_picture import STILL, Moving, moving
from providers.files.pictures import UNREADABLE, TooManyPixelsError, coloured, is_clear, load, opened, upright

MOST_BYTES = 64 * 2**20
"""The largest picture file that is decoded."""
_SHOWN = {JPEG: "JPEG", WEBP: "WEBP", PNG: "PNG"}
_QUALITY = 95
_PNG_LEVEL = 3
"""Compression level: takes a quarter of the time of the default, for a tenth more bytes."""
_METADATA_CHARACTERS = 32_768


@dataclass(frozen=True, slots=True)
class Remade:
    """A picture as it may be shown."""

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    arrived_type: str
    metadata: Mapping[str, str]
    """The texts in the file besides its pixels, by name."""
    moving: Moving = STILL
    """The animation of which this is the first frame; `STILL` if there is none."""


def remade(data: bytes, *, quick: bool = False, early: Callable[[Remade], object] | None = None) -> Remade:
    """`data` as an upright still picture in PNG, WebP or JPEG; of an animation its first frame.

    PNG, GIF and lossless WebP keep every pixel, JPEG its own quality; print colours are converted to screen colours.
    `quick`: as JPEG, for a preview that the picture itself follows. `early` is called with such a preview as soon as a
    large picture is decoded, if encoding it takes several times as long. Raises `DamagedError` and
    `TooManyPixelsError`; `why` explains them.
    """
    kind = media_type(data)
    if len(data) > MOST_BYTES:
        raise DamagedError(f"it is larger than {MOST_BYTES // 2**20} MB")
    if kind is None or kind == PDF:
        raise DamagedError(_what_else(data))
    if _ENDS.get(kind, b"") not in data:
        raise DamagedError("its end is missing")  # Pillow raises no error if only the end marker is missing
    with opened(data) as image:
        load(image)
        if kind == JPEG and not quick and is_cut(data, image):
            raise DamagedError("a part of it is missing")
        shown, into = PNG if kind not in _SHOWN else kind, io.BytesIO()
        plain, profile = upright(image), image.info.get("icc_profile")
        if quick and not is_clear(plain):
            return _preview(plain, kind, _metadata(image))
        if early and shown != JPEG and plain.width * plain.height >= _LARGE and not is_clear(plain):
            early(_preview(plain, kind, {}))
        if plain.mode not in _MODES[shown]:
            plain, profile = coloured(plain), None
        plain.save(into, _SHOWN[shown], exif=b"", icc_profile=profile or None, **_manner(plain, shown))
        moves = STILL if quick else moving(data, kind)
        return Remade(into.getvalue(), shown, *plain.size, kind, _metadata(image), moves)


def _preview(image: Image.Image, kind: str, metadata: Mapping[str, str]) -> Remade:
    into = io.BytesIO()
    coloured(image).save(into, "JPEG", quality=85)
    return Remade(into.getvalue(), JPEG, *image.size, kind, metadata)


_LARGE = 512 * 512
"""Pixels from which encoding a picture without loss keeps its viewer waiting."""
_ENDS = {PNG: b"\0\0\0\0IEND\xaeB`\x82", JPEG: b"\xff\xd9"}


_MODES: Mapping[str, tuple[str, ...]] = {
    PNG: ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"), JPEG: ("L", "RGB"), WEBP: ("RGB", "RGBA"),
}  # fmt: skip


def _manner(image: Image.Image, kind: str) -> dict[str, Any]:
    if kind == PNG:
        return {"compress_level": _PNG_LEVEL, "pnginfo": None}
    if kind == WEBP:
        return {"lossless": True, "method": 0} if image.info.get("lossless") else {"quality": _QUALITY, "method": 2}
    return {"quality": "keep", "comment": b""} if image.format == "JPEG" else {"quality": _QUALITY}


def _metadata(image: Image.Image) -> Mapping[str, str]:
    """Texts only, and a limited number: many programs store the prompt and the settings in the picture."""
    said = {str(name): value for name, value in image.info.items() if isinstance(value, str)}
    try:
        said |= {
            ExifTags.TAGS.get(tag, str(tag)): value for tag, value in image.getexif().items() if isinstance(value, str)
        }
    except (*UNREADABLE, UserWarning):  # Pillow only warns, but warnings may have been turned into errors
        said |= {"Exif": "it cannot be read"}
    found, room = dict[str, str](), _METADATA_CHARACTERS
    for name, value in said.items():
        found[name[:80]] = value[:room]
        room -= len(found[name[:80]])
    return found


def _what_else(data: bytes) -> str:
    start = data[:512].lstrip().lower()
    if not data:
        return "it is empty"
    if start.startswith((b"<svg", b"<?xml")):
        return "it is SVG, which can contain scripts and is not shown"
    known = next((name for at, marks, name in _OTHERS if data[at : at + len(marks)] == marks), "")
    return f"it is {known}; PNG, JPEG, WebP and GIF can be shown" if known else "it is neither PNG, JPEG, WebP nor GIF"


_OTHERS = (
    (4, b"ftypavi", "AVIF"), (4, b"ftyphei", "HEIC"), (4, b"ftypmif1", "HEIF or AVIF"), (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"), (0, b"II*\0", "TIFF"), (0, b"MM\0*", "TIFF"), (0, b"BM", "BMP"),
)  # fmt: skip
"""Other kinds of pictures: offset, bytes, name."""


def with_words(data: bytes, words: Mapping[str, str]) -> bytes:
    """A re-encoded picture as a PNG with `words` added as text fields, by name."""
    texts = PngImagePlugin.PngInfo()
    for name, value in words.items():
        texts.add_itxt(name.encode("latin-1", "replace").decode("latin-1")[:79], value)
    with opened(data) as image:
        load(image)
        into = io.BytesIO()
        image.save(into, "PNG", pnginfo=texts, compress_level=_PNG_LEVEL)
        return into.getvalue()


def why(exc: DamagedError | TooManyPixelsError) -> str:
    """What is wrong with a picture, as part of a sentence."""
    return str(exc) if isinstance(exc, DamagedError) else "it has more pixels than this machine should unpack"
