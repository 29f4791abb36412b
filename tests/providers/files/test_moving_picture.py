"""Pictures that move: how many frames are told, and what of them is kept."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from providers.files import moving_picture
from providers.files.kinds import GIF, JPEG, PNG, WEBP
from providers.files.moving_picture import STILL, moving
from providers.files.pictures import read
from tests.pictures import moving as film
from tests.pictures import picture

KINDS = [("GIF", GIF), ("PNG", PNG), ("WEBP", WEBP)]


@pytest.mark.parametrize(("kind", "media_type"), KINDS)
def test_the_frames_are_counted_and_the_whole_is_kept_without_what_was_written_beside_it(
    kind: str, media_type: str
) -> None:
    found = moving(film(3, kind=kind), media_type)
    assert found.frames == read(found.data).frames == 3
    commented = film(3, comment=b"SECRET")
    assert b"SECRET" in commented
    assert b"SECRET" not in moving(commented, GIF).data


@pytest.mark.parametrize(("kind", "media_type"), [*KINDS, ("JPEG", JPEG)])
def test_what_stands_still_moves_not(kind: str, media_type: str) -> None:
    assert moving(picture(kind), media_type) == STILL


def test_of_one_that_is_damaged_nothing_is_said() -> None:
    assert moving(film(3)[:-30], GIF) == STILL
    frame = b",\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    head = b"GIF89a\1\0\1\0\x80\0\0" + b"\0\0\0\xff\xff\xff"
    assert moving(head + frame * 200_000 + b";", GIF) == STILL, "more frames than anybody draws"


def test_a_whole_that_is_too_large_is_counted_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving_picture, "MOST_KEPT", 100)
    found = moving(film(3), GIF)
    assert (found.frames, found.data, found.sha256) == (3, b"", "")


def test_what_is_kept_is_kept_the_same_when_it_comes_again() -> None:
    first = moving(film(3, comment=b"hello"), GIF)
    assert moving(first.data, GIF) == first
    with Image.open(io.BytesIO(first.data)) as image:
        image.seek(2)
        image.load()
