"""A JPEG that was cut in its middle and closed: told from one that is whole, in every way of packing it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from providers.files.bare_picture import DamagedError
from providers.files.remade import remade
from tests.pictures import noise, picture

WAYS: dict[str, dict[str, Any]] = {
    "plain": {}, "progressive": {"progressive": True}, "full colour": {"subsampling": 0}, "coarse": {"quality": 20},
    "restarts": {"restart_marker_blocks": 3}, "rows of restarts": {"restart_marker_rows": 1},
    "progressive restarts": {"progressive": True, "restart_marker_rows": 1}, "tight": {"optimize": True},
}  # fmt: skip


def jpeg(mode: str, way: dict[str, Any], size: tuple[int, int] = (300, 200)) -> bytes:
    into = io.BytesIO()
    Image.open(io.BytesIO(noise(size))).convert(mode).save(into, "JPEG", **way)
    return into.getvalue()


def cut(data: bytes, share: float) -> bytes:
    """The first part of its scans, and an end marker."""
    begins = data.index(b"\xff\xda") + 20
    return data[: begins + int(share * (len(data) - begins))].removesuffix(b"\xff") + b"\xff\xd9"


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("way", WAYS)
def test_one_that_is_whole_is_shown(mode: str, way: str) -> None:
    assert remade(jpeg(mode, WAYS[way])).width == 300
    assert remade(jpeg(mode, WAYS[way]) + b"a film of a moving photo").width == 300


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.97])
@pytest.mark.parametrize("way", WAYS)
def test_one_that_was_cut_and_closed_is_damaged(way: str, share: float) -> None:
    data = cut(jpeg("RGB", WAYS[way]), share)
    with Image.open(io.BytesIO(data)) as image:
        image.load()  # Pillow says nothing
    with pytest.raises(DamagedError, match="a part of it is missing"):
        remade(data)


def test_a_preview_may_lack_a_part() -> None:
    assert remade(cut(jpeg("RGB", {}), 0.5), quick=True).width == 300


def test_one_that_is_held_otherwise_is_whole() -> None:
    assert remade(picture("JPEG", (64, 48), orientation=6, camera="A camera")).height == 64
