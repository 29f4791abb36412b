"""Pictures before they are sent: bare, upright, bounded, scaled."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from providers.files.bare_picture import DamagedError, bare
from providers.files.kinds import GIF, JPEG, PNG, WEBP
from providers.files.pictures import MOST_PIXELS, Room, TooManyPixelsError, cleaned, fits, fitted, read
from tests.pictures import moving, noise, picture

KINDS = [("JPEG", JPEG), ("PNG", PNG), ("WEBP", WEBP)]
RED, BLUE = (254, 0, 0), (0, 0, 254)


def pixels(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(int(a) - b) < 12 for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize(("kind", "media_type"), KINDS)
def test_what_a_camera_wrote_is_left_out_and_no_pixel_changes(kind: str, media_type: str) -> None:
    taken = picture(kind, camera="SECRET-CAMERA", place=True)
    assert b"SECRET-CAMERA" in taken
    clean = cleaned(taken + b"a film of a moving photo", media_type)
    assert clean.place_removed
    assert not clean.turned
    assert b"SECRET" not in clean.data
    assert b"film" not in clean.data
    assert not cleaned(clean.data, media_type).place_removed
    assert pixels(clean.data).tobytes() == pixels(taken).tobytes()


def test_texts_of_programs_are_left_out() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SECRET", zip=False)
    notes.add_itxt("XML:com.adobe.xmp", "SECRET")
    into = io.BytesIO()
    pixels(picture("PNG")).save(into, "PNG", pnginfo=notes)
    assert b"SECRET" in into.getvalue()
    assert b"SECRET" not in bare(into.getvalue(), PNG)
    commented = moving(comment=b"SECRET")
    assert b"SECRET" in commented
    assert b"SECRET" not in bare(commented, GIF)
    assert read(bare(commented, GIF)).frames == read(commented).frames == 3
    with_xmp = io.BytesIO()
    pixels(picture("PNG")).save(with_xmp, "WEBP", xmp=b"SECRET", exif=b"Exif\0\0SECRET")
    assert b"SECRET" not in bare(with_xmp.getvalue(), WEBP)
    assert len(bare(with_xmp.getvalue(), WEBP)) == 8 + struct.unpack("<I", bare(with_xmp.getvalue(), WEBP)[4:8])[0]
    with_comment = io.BytesIO()
    pixels(picture("PNG")).save(with_comment, "JPEG", comment=b"SECRET", progressive=True)
    assert b"SECRET" not in bare(with_comment.getvalue(), JPEG)


def test_colours_are_kept() -> None:
    into = io.BytesIO()
    pixels(picture("PNG")).save(into, "JPEG", icc_profile=b"a profile")
    assert Image.open(io.BytesIO(bare(into.getvalue(), JPEG))).info["icc_profile"] == b"a profile"


@pytest.mark.parametrize(("kind", "media_type"), KINDS)
@pytest.mark.parametrize(
    ("orientation", "size", "red", "blue"),
    [
        (2, (40, 30), (35, 15), (5, 15)), (3, (40, 30), (35, 15), (5, 15)), (4, (40, 30), (5, 15), (35, 15)),
        (5, (30, 40), (15, 5), (15, 35)), (6, (30, 40), (15, 5), (15, 35)), (7, (30, 40), (15, 35), (15, 5)),
        (8, (30, 40), (15, 35), (15, 5)),
    ],
)  # fmt: skip
def test_a_photo_is_turned_upright(
    kind: str, media_type: str, orientation: int, size: tuple[int, int], red: tuple[int, int], blue: tuple[int, int]
) -> None:
    clean = cleaned(picture(kind, orientation=orientation), media_type)
    assert clean.turned
    upright = pixels(clean.data)
    assert upright.size == size
    assert near(upright.getpixel(red), RED)
    assert near(upright.getpixel(blue), BLUE)
    assert not cleaned(clean.data, media_type).turned


@pytest.mark.parametrize("orientation", [0, 1, 9, 300])
def test_an_orientation_that_says_nothing_changes_nothing(orientation: int) -> None:
    taken = picture("PNG", orientation=orientation)
    assert not cleaned(taken, PNG).turned


@pytest.mark.parametrize(("kind", "media_type"), [*KINDS, ("GIF", GIF)])
def test_a_file_that_breaks_off_anywhere_is_damaged(kind: str, media_type: str) -> None:
    whole = moving(1) if kind == "GIF" else picture(kind, camera="x")
    least = len(whole) - (1 if kind == "GIF" else 0)  # many programs leave the last byte of a GIF out
    for length in range(16, least, 7):
        with pytest.raises(DamagedError):
            cleaned(whole[:length], media_type)


def test_a_wrong_check_sum_is_damage() -> None:
    whole = bytearray(picture("PNG"))
    whole[whole.index(b"IDAT") + 6] ^= 1
    with pytest.raises(DamagedError, match="check sum"):
        bare(bytes(whole), PNG)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("side", [8_001, 20_000, 100_000, 2**31 - 1])
def test_a_picture_that_would_fill_the_memory_is_not_unpacked(side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    assert side * side > MOST_PIXELS
    with pytest.raises(TooManyPixelsError):
        cleaned(bomb, PNG)


def test_a_text_that_unpacks_to_gigabytes_is_left_out_unread() -> None:
    packed = zlib.compress(bytes(64 * 2**20))
    at = 8 + 25
    whole = picture("PNG")
    bomb = whole[:at] + chunk(b"zTXt", b"Comment\0\0" + packed) + whole[at:]
    assert bare(bomb, PNG) == whole


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_to_fit_and_stays_what_it_is(kind: str) -> None:
    whole = picture(kind, (3000, 1000))
    small = fitted(whole, Room(side=1200))
    assert (read(small).width, read(small).height) == (1200, 400)
    assert Image.open(io.BytesIO(small)).format == kind
    assert fitted(small, Room(side=1200)) == small
    assert read(fitted(whole, Room(pixels=30_000))).width <= 300


def test_a_picture_is_made_to_fit_by_bytes() -> None:
    whole = noise((400, 400))
    small = fitted(whole, Room(data=100_000))
    assert 20_000 < len(small) <= 100_000
    with pytest.raises(DamagedError, match="small enough"):
        fitted(whole, Room(data=100))


def test_of_a_moving_picture_the_first_frame_is_sent() -> None:
    room = Room(still=True)
    assert not fits(read(moving()), 1, room)
    assert fits(read(moving(1)), 1, room)
    still = fitted(moving(), room)
    assert Image.open(io.BytesIO(still)).format == "PNG"
    assert read(still).frames == 1


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colour_can_be_scaled(mode: str) -> None:
    into = io.BytesIO()
    Image.new(mode, (200, 100)).save(into, "JPEG" if mode == "CMYK" else "PNG")
    assert read(fitted(into.getvalue(), Room(side=50))).width == 50
