"""What becomes of a picture before anybody sees it: nothing of the file that came, everything of its pixels."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from providers.files import pictures
from providers.files.bare_picture import DamagedError
from providers.files.pictures import TooManyPixelsError
from providers.files.remade import remade, why
from tests.pictures import moving, noise, of_one_colour, picture, swapped_profile

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_keeps_its_size_and_kind_and_loses_what_was_written_beside_it(kind: str) -> None:
    made = remade(picture(kind, (64, 48), place=True, camera="Secret Camera"))
    assert (made.width, made.height, made.media_type) == (64, 48, f"image/{kind.lower()}")
    assert b"Secret Camera" not in made.data
    assert not opened(made.data).getexif()
    assert made.metadata["Make"] == "Secret Camera"


def test_every_pixel_of_a_png_stays() -> None:
    data = noise((40, 30))
    assert opened(remade(data).data).tobytes() == opened(data).tobytes()


def test_what_a_program_wrote_beside_a_png_is_kept_apart() -> None:
    into, texts = io.BytesIO(), PngImagePlugin.PngInfo()
    texts.add_text("parameters", "a cat\nSteps: 20")
    Image.new("RGBA", (8, 8), (1, 2, 3, 4)).save(into, "PNG", pnginfo=texts)
    made = remade(into.getvalue())
    assert made.metadata == {"parameters": "a cat\nSteps: 20"}
    assert b"Steps: 20" not in made.data
    assert opened(made.data).getpixel((0, 0)) == (1, 2, 3, 4)


def test_a_film_is_shown_by_its_first_frame_as_png() -> None:
    made = remade(moving(3))
    assert (made.media_type, made.arrived_type) == ("image/png", "image/gif")
    assert getattr(opened(made.data), "n_frames", 1) == 1


def test_a_preview_is_made_quickly_as_jpeg_unless_one_can_see_through_it() -> None:
    assert remade(picture("PNG"), quick=True).media_type == "image/jpeg"
    into = io.BytesIO()
    Image.new("RGBA", (8, 8), (1, 2, 3, 4)).save(into, "PNG")
    assert remade(into.getvalue(), quick=True).media_type == "image/png"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (SVG, "it is SVG, which can contain scripts and is not shown"),
        (b"<svg onload=alert(1)>", "it is SVG, which can contain scripts and is not shown"),
        (b"%PDF-1.7", "it is neither PNG, JPEG, WebP nor GIF"),
        (b"<html>", "it is neither PNG, JPEG, WebP nor GIF"),
        (picture("PNG")[:60], "its end is missing"),
        (picture("JPEG")[:-40], "its end is missing"),
        (picture("WEBP")[:-4], "it cannot be read"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "its end is missing"),
        (picture("AVIF"), "it is AVIF; PNG, JPEG, WebP and GIF can be shown"),
        (picture("TIFF"), "it is TIFF; PNG, JPEG, WebP and GIF can be shown"),
        (picture("BMP"), "it is BMP; PNG, JPEG, WebP and GIF can be shown"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(DamagedError) as refused:
        remade(data)
    assert why(refused.value) == reason


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_no_picture_that_was_cut_anywhere_is_taken_for_a_whole_one(kind: str) -> None:
    whole, taken = picture(kind), list[int]()
    for missing in range(1, len(whole)):
        try:
            remade(whole[:-missing])
        except DamagedError:
            continue
        taken.append(missing)
    assert taken == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_that_is_to_be_held_upright_is_shown_upright(kind: str) -> None:
    made = remade(picture(kind, (64, 48), orientation=6))
    assert (made.width, made.height) == (48, 64) == opened(made.data).size
    assert red(opened(made.data).convert("RGB").getpixel((24, 8))), "what was on the left stands on top"


def red(colour: object) -> bool:
    assert isinstance(colour, tuple)
    return colour[0] > 200 > 60 > colour[2]


def test_colours_of_printers_become_those_of_a_screen_and_their_profile_stays_behind() -> None:
    made = opened(remade(of_one_colour("CMYK", (0, 255, 255, 0), "JPEG", icc_profile=swapped_profile())).data)
    assert made.mode == "RGB"
    assert red(made.getpixel((4, 4)))
    assert "icc_profile" not in made.info


def test_a_profile_stays_with_the_colours_that_it_explains() -> None:
    profile = swapped_profile()  # it contains the second in which it was made
    made = opened(remade(of_one_colour("RGB", (255, 0, 0), icc_profile=profile)).data)
    assert made.info["icc_profile"] == profile
    assert made.getpixel((4, 4)) == (255, 0, 0)


def test_greys_of_sixteen_bits_stay_and_their_preview_is_as_grey() -> None:
    data = of_one_colour("I;16", 30_000)
    assert opened(remade(data).data).getpixel((4, 4)) == 30_000
    assert opened(remade(data, quick=True).data).getpixel((4, 4)) == (117, 117, 117)


def test_more_pixels_than_this_machine_should_unpack_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    with pytest.raises(TooManyPixelsError) as refused:
        remade(picture("PNG"))
    assert "pixels" in why(refused.value)


def test_more_bytes_than_a_picture_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.files.remade.MOST_BYTES", 100)
    with pytest.raises(DamagedError, match="larger than"):
        remade(picture("PNG"))
