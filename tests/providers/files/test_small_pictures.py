"""Pictures made small for a list, and alike for a vote."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from providers.files.bare_picture import DamagedError
from providers.files.small_pictures import EVEN, SMALL, even, small
from tests.pictures import moving, noise, of_one_colour, picture, swapped_profile


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_small_picture_keeps_its_shape_and_its_colours(kind: str) -> None:
    made = opened(small(picture(kind, (600, 300))))
    assert (made.format, made.size) == ("WEBP", (SMALL, SMALL // 2))
    left, right = (made.convert("RGB").getpixel((x, 30)) for x in (10, 110))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


def test_a_small_picture_takes_a_few_kilobytes_whatever_it_shows() -> None:
    assert len(small(noise((1024, 1024)))) < 20_000


def test_one_that_is_small_already_is_not_blown_up() -> None:
    assert opened(small(picture("PNG", (20, 10)))).size == (20, 10)


@pytest.mark.parametrize("data", [picture("PNG", (1536, 1024)), picture("JPEG", (64, 64)), moving()])
def test_for_a_vote_all_have_one_format_and_one_size(data: bytes) -> None:
    made = opened(even(data))
    assert (made.format, made.size) == ("WEBP", (EVEN, EVEN))
    assert not set(made.info) - {"loop", "background", "timestamp", "duration"}, "nothing is said beside its pixels"


def test_around_a_picture_of_another_shape_it_is_clear() -> None:
    made = opened(even(picture("PNG", (200, 100))))
    assert made.getpixel((EVEN // 2, 5)) == (0, 0, 0, 0)
    corner = made.getpixel((5, EVEN // 2))
    assert isinstance(corner, tuple)
    assert corner[3] == 255


@pytest.mark.parametrize("make", [small, even])
def test_colours_are_those_that_its_profile_means(make) -> None:  # type: ignore[no-untyped-def]
    made = opened(make(of_one_colour("RGB", (255, 0, 0), icc_profile=swapped_profile())))
    colour = made.convert("RGB").getpixel((4, 4))
    assert isinstance(colour, tuple)
    assert colour[1] > 200 > 60 > colour[0], "red is written, and green is meant"


@pytest.mark.parametrize("make", [small, even])
def test_greys_of_sixteen_bits_are_no_white_sheet(make) -> None:  # type: ignore[no-untyped-def]
    colour = opened(make(of_one_colour("I;16", 30_000))).convert("RGB").getpixel((4, 4))
    assert isinstance(colour, tuple)
    assert max(abs(each - 117) for each in colour) <= 3


@pytest.mark.parametrize("make", [small, even])
def test_what_is_no_picture_is_said(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DamagedError):
        make(picture("PNG")[:40])
