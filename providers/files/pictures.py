"""Prepares pictures to be sent: upright, without metadata, and smaller if somebody asks for it.

Owns what is read from a picture and how it is turned and scaled. Refuses more pixels than this machine should unpack.
"""

from __future__ import annotations

import io
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from math import sqrt
from typing import Any, cast

from PIL import ExifTags, Image, ImageCms, ImageFile, JpegImagePlugin

from providers.files.bare_picture import DamagedError, bare
from providers.files.kinds import PNG

MOST_PIXELS = 64_000_000
"""A picture is unpacked to be turned or scaled: 64 million pixels take 250 MB meanwhile."""
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""What makes a picture upright, by EXIF orientation (CIPA DC-008, 4.6.5)."""
_ONE_AT_A_TIME = threading.Lock()
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, struct.error)
"""The exceptions of Pillow for damaged files."""
_ROUNDS = 12
_LEAST_SIDE = 16


class TooManyPixelsError(ValueError):
    """The picture would unpack to more than `MOST_PIXELS`."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture says about itself, as stored: EXIF orientation may swap width and height."""

    width: int
    height: int
    frames: int = 1


@dataclass(frozen=True, slots=True)
class Room:
    """What a picture has to fit into; `None`: no limit."""

    data: int | None = None
    """The most bytes of the file."""
    side: int | None = None
    pixels: int | None = None
    still: bool = False
    """Whether only one frame is allowed."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A picture as it will be sent, and what was changed."""

    data: bytes
    turned: bool
    place_removed: bool


def read(data: bytes) -> Picture:
    """The facts about the picture in `data`. Raises `DamagedError` and `TooManyPixelsError`."""
    with opened(data) as image:
        return Picture(*image.size, frames=getattr(image, "n_frames", 1))


def cleaned(data: bytes, media_type: str) -> Cleaned:
    """`data` upright and without metadata; pixels stay unchanged unless it has to be turned.

    Models only see pixels, and ignore the camera's orientation. Raises `DamagedError` and `TooManyPixelsError`.
    """
    plain = bare(data, media_type)
    orientation, place = _camera(data, media_type)
    turned = orientation in _TURNS and read(plain).frames == 1
    return Cleaned(_turned(plain, orientation) if turned else plain, turned, place)


def _camera(data: bytes, media_type: str) -> tuple[int, bool]:
    """The EXIF orientation (1 if upright), and whether EXIF contains a place."""
    with opened(data) as image:
        # Pillow would unpack a whole PNG to look for what may follow its pixels.
        if media_type == PNG and b"eXIf" not in data:
            return 1, False
        try:
            exif = image.getexif()
            return exif.get(ExifTags.Base.Orientation, 1), bool(exif.get_ifd(ExifTags.IFD.GPSInfo))
        except (*UNREADABLE, UserWarning):  # a warning, if warnings are errors
            return 1, False


def upright(image: Image.Image) -> Image.Image:
    """The picture turned as its EXIF says; unchanged if that cannot be read."""
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (*UNREADABLE, UserWarning):  # a warning, if warnings are errors
        return image
    return image if turn is None else image.transpose(turn)


def coloured(image: Image.Image) -> Image.Image:
    """The picture converted to screen colours (RGB or RGBA, 8 bits per channel) by its colour profile."""
    if image.mode.startswith("I;16"):
        image = image.point(lambda grey: grey / 256).convert("L")  # Pillow would turn all but the darkest values white
    if image.mode not in ("L", "RGB", "RGBA", "CMYK"):
        image = image.convert("RGBA" if is_clear(image) else "RGB")
    into = "RGBA" if is_clear(image) else "RGB"
    if profile := image.info.get("icc_profile"):
        with suppress(ImageCms.PyCMSError, *UNREADABLE):
            of_picture, of_screen = ImageCms.ImageCmsProfile(io.BytesIO(profile)), _plain_screen()
            image = ImageCms.profileToProfile(image, of_picture, of_screen, outputMode=into) or image
    return image.convert(into)


def _plain_screen() -> Any:
    return cast(Any, ImageCms).createProfile("sRGB")


def is_clear(image: Image.Image) -> bool:
    """Whether parts of it are transparent."""
    return "A" in image.mode or "transparency" in image.info


def fits(picture: Picture, size: int, room: Room) -> bool:
    """Whether a file of `size` bytes with this picture fits as it is."""
    return (
        (room.data is None or size <= room.data)
        and (room.side is None or max(picture.width, picture.height) <= room.side)
        and (room.pixels is None or picture.width * picture.height <= room.pixels)
        and not (room.still and picture.frames > 1)
    )


def fitted(data: bytes, room: Room) -> bytes:
    """The same picture, reduced until it fits; of an animation its first frame, as PNG.

    Raises `DamagedError`, also if no size fits.
    """
    picture = read(data)
    if fits(picture, len(data), room):
        return data
    with _ONE_AT_A_TIME, opened(data) as image:
        kind = "PNG" if image.format == "GIF" or picture.frames > 1 else str(image.format)
        load(image)
        factor = _factor(picture, room)
        for _ in range(_ROUNDS):
            made = _encoded(_resized(image, factor), kind, image)
            if room.data is None or len(made) <= room.data:
                return made
            factor *= min(0.95, sqrt(room.data / len(made)))
            if min(image.size) * factor < _LEAST_SIDE:
                break
    raise DamagedError("it cannot be made small enough")


def _factor(picture: Picture, room: Room) -> float:
    by_side = room.side / max(picture.width, picture.height) if room.side else 1.0
    by_pixels = sqrt(room.pixels / (picture.width * picture.height)) if room.pixels else 1.0
    return min(1.0, by_side, by_pixels)


def _resized(image: Image.Image, factor: float) -> Image.Image:
    if factor == 1.0:
        return image
    # A palette cannot be averaged; colours can.
    source = image.convert("RGBA") if image.mode in ("P", "PA", "1") else image
    size = (max(1, int(image.width * factor)), max(1, int(image.height * factor)))
    return source.resize(size, Image.Resampling.LANCZOS)


def _turned(data: bytes, orientation: int) -> bytes:
    with _ONE_AT_A_TIME, opened(data) as image:
        load(image)
        upright = image.transpose(_TURNS[orientation])
        tables: dict[str, Any] = {}
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            # The camera's own quality settings, so that turning loses as little as possible.
            tables = {"qtables": image.quantization, "subsampling": JpegImagePlugin.get_sampling(image)}
        return _encoded(upright, str(image.format), image, **tables)


def _encoded(image: Image.Image, kind: str, original: Image.Image, **more: Any) -> bytes:
    into = io.BytesIO()
    quality: dict[str, Any] = {"JPEG": {"quality": 90}, "WEBP": {"quality": 90}, "PNG": {}}[kind]
    if kind == "WEBP" and original.info.get("lossless"):
        quality = {"lossless": True}
    if more:
        quality = more
    image.save(into, kind, icc_profile=original.info.get("icc_profile"), exif=b"", **quality)
    return into.getvalue()


def opened(data: bytes) -> ImageFile.ImageFile:
    """Reads the header without unpacking pixels. Raises `DamagedError` and `TooManyPixelsError`."""
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise TooManyPixelsError from exc
    except (*UNREADABLE, UserWarning) as exc:
        raise DamagedError("it cannot be read") from exc
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise TooManyPixelsError
    return image


def load(image: Image.Image) -> None:
    """Unpack its pixels. Raises `DamagedError`."""
    try:
        image.load()
    except UNREADABLE as exc:
        raise DamagedError("it cannot be read") from exc
