"""What the browser says was dropped: only what has the shape of a file is one."""

from __future__ import annotations

import pytest

from dashboard.compose.drop import _files
from providers.catalogue.modalities import LARGEST


@pytest.mark.parametrize("sent", [None, "x", {}, [None], [{"name": 1, "size": 1, "data": ""}], [{"name": "a"}]])
def test_what_has_another_shape_is_no_file(sent: object) -> None:
    assert list(_files(sent)) == []


def test_names_and_contents_come_through_and_what_is_too_large_is_named_only() -> None:
    small = {"name": "a.txt", "size": 2, "data": "aGk="}
    large = {"name": "b.png", "size": LARGEST + 1, "data": ""}
    assert list(_files([small, large])) == [("a.txt", b"hi"), ("b.png", None)]
