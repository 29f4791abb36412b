"""What becomes of a picture before anybody sees it: nothing of the file that came, everything of its pixels."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from providers.files import pictures
from providers.files.bare_picture import DamagedError
from providers.files.pictures import TooManyPixelsError
from providers.files.remade import remade, why
from tests.pictures import moving, noise, picture

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


def test_a_glimpse_is_made_quickly_as_jpeg_unless_one_can_see_through_it() -> None:
    assert remade(picture("PNG"), quick=True).media_type == "image/jpeg"
    into = io.BytesIO()
    Image.new("RGBA", (8, 8), (1, 2, 3, 4)).save(into, "PNG")
    assert remade(into.getvalue(), quick=True).media_type == "image/png"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (SVG, "it is SVG, which can hold scripts and is not shown"),
        (b"<svg onload=alert(1)>", "it is SVG, which can hold scripts and is not shown"),
        (b"%PDF-1.7", "it is neither PNG, JPEG, WebP nor GIF"),
        (b"<html>", "it is neither PNG, JPEG, WebP nor GIF"),
        (picture("PNG")[:60], "it cannot be read"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "it cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(DamagedError) as refused:
        remade(data)
    assert why(refused.value) == reason


def test_more_pixels_than_this_machine_should_unpack_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    with pytest.raises(TooManyPixelsError) as refused:
        remade(picture("PNG"))
    assert "pixels" in why(refused.value)


def test_more_bytes_than_a_picture_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.files.remade.MOST_BYTES", 100)
    with pytest.raises(DamagedError, match="larger than"):
        remade(picture("PNG"))
