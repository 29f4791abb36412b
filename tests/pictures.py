"""Pictures that tests attach, made when they are asked for."""

from __future__ import annotations

import io
import random

from PIL import ExifTags, Image, ImageCms


def picture(
    kind: str,
    size: tuple[int, int] = (40, 30),
    *,
    orientation: int | None = None,
    place: bool = False,
    camera: str = "",
) -> bytes:
    """Its left half is red, its right half blue; with what a camera writes beside it."""
    image = Image.new("RGB", size, "blue")
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    if orientation is not None:
        exif[ExifTags.Base.Orientation] = orientation
    if camera:
        exif[ExifTags.Base.Make] = camera
    if place:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (48.0, 8.0, 3.0)})
    into = io.BytesIO()
    image.save(into, kind, **({"exif": exif.tobytes()} if exif else {}))
    return into.getvalue()


def plain(kind: str, size: tuple[int, int], colour: str = "black") -> bytes:
    """One colour all over, as a safety checker sends."""
    into = io.BytesIO()
    Image.new("RGB", size, colour).save(into, kind)
    return into.getvalue()


def noise(size: tuple[int, int]) -> bytes:
    """A PNG that cannot be packed."""
    image = Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3))
    into = io.BytesIO()
    image.save(into, "PNG", compress_level=1)
    return into.getvalue()


def photograph(size: tuple[int, int], kind: str = "JPEG") -> bytes:
    """Soft shapes with a little grain, which packs as a photograph does."""
    soft = Image.frombytes("RGB", (64, 64), random.Random(2).randbytes(64 * 64 * 3)).resize(
        size, Image.Resampling.BICUBIC
    )
    into = io.BytesIO()
    grain = Image.effect_noise(size, 8).convert("RGB")
    Image.blend(soft, grain, 0.06).save(into, kind, **({} if kind == "PNG" else {"quality": 90}))
    return into.getvalue()


def moving(frames: int = 3, comment: bytes = b"", kind: str = "GIF") -> bytes:
    """One of several colours."""
    colours = [Image.new("RGB", (20, 20), (80 * index, 10, 200)) for index in range(frames)]
    into, said = io.BytesIO(), {"comment": comment} if kind == "GIF" else {}
    colours[0].save(into, kind, save_all=True, append_images=colours[1:], **said)
    return into.getvalue()


def swapped_profile() -> bytes:
    """A colour profile by which the number of red means green, and that of green red."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return plain.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def of_one_colour(mode: str, colour: int | tuple[int, ...], kind: str = "PNG", **more: object) -> bytes:
    """Such a picture of 8 × 8, in a mode that Pillow has."""
    into = io.BytesIO()
    Image.new(mode, (8, 8), colour).save(into, kind, **more)
    return into.getvalue()
