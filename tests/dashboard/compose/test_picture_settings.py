"""A size of one's own among the settings for pictures."""

from __future__ import annotations

import pytest

from dashboard.compose.picture_settings import SIZES, read_size


@pytest.mark.parametrize("written", ["832x1216", " 832 × 1216 ", "832X1216", "832*1216"])
def test_a_size_is_read_as_people_write_it(written: str) -> None:
    assert read_size(written) == "832x1216"


@pytest.mark.parametrize("size", SIZES)
def test_the_sizes_that_are_offered_are_sizes(size: str) -> None:
    assert read_size(size) == size


@pytest.mark.parametrize("written", ["", "big", "832", "832x", "15x512", "512x8193", "-64x64", "1e3x1e3", "64x64x64"])
def test_what_is_none_is_none(written: str) -> None:
    assert read_size(written) is None
