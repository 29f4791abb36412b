"""What may be attached: by content, not by name, and within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.compose.files import checked
from providers.catalogue.modalities import LARGEST
from providers.interface import Attachment

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
PDF = b"%PDF-1.7 text"
SCRIPT = "from dashboard.compose.files import attach\nimport streamlit as st\nst.text(repr(attach()))\n"


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.png", b"", "a.png is empty."),
        ("a.png", b"MZ\x90", "a.png is not a PNG, JPEG, WebP or GIF picture and not a PDF, whatever its name says."),
        ("a.pdf", PDF + bytes(LARGEST), "a.pdf is too large: all files together may have 20 MB."),
        ("again.png", PNG, "again.png is attached already."),
        ("../../etc/passwd", b"root", "passwd is not a PNG"),
    ],
)
def test_what_cannot_be_sent_is_said(name: str, data: bytes, problem: str) -> None:
    already = (Attachment("first.png", "image/png", PNG),)
    files, problems = checked([(name, data)], already)
    assert files == already
    (said,) = problems
    assert said.startswith(problem)


def test_a_file_is_what_it_is_and_not_what_it_is_called() -> None:
    files, problems = checked([("photo.jpg", PDF), ("C:\\x\\b.pdf", PNG), ("bad.gif", b"?")], ())
    assert files == (
        Attachment("photo.jpg", "application/pdf", PDF), Attachment("b.pdf", "image/png", PNG),
    )  # fmt: skip
    assert len(problems) == 1


def test_what_was_attached_survives_reruns_and_can_be_taken_away(tmp_path: Path) -> None:
    page = tmp_path / "page.py"
    page.write_text(SCRIPT)
    app = AppTest.from_file(str(page)).run()
    app.file_uploader[0].set_value([("a.png", PNG, "image/png"), ("b.png", b"no", "image/png")]).run()
    for _ in range(2):
        assert not app.exception
        assert "a.png" in app.text[0].value
        assert "b\\.png is not a PNG" in app.error[0].value
        app.run()
    app.file_uploader[0].set_value([("c.pdf", PDF, "application/pdf")]).run()
    assert "c.pdf" in app.text[0].value
    assert not app.error
    app.button(key="remove-file-0").click().run()
    assert "a.png" not in app.text[0].value
    assert "c.pdf" in app.text[0].value
