"""From a file to an attachment: what it is called, what was changed, and why it cannot be sent."""

from __future__ import annotations

import zlib

import pytest

from providers.files.intake import FileError, take
from providers.files.kinds import media_type, named
from providers.files.pdfs import read_pdf
from tests.pictures import picture


def pdf(*objects: bytes, trailer: bytes = b"<< /Root 1 0 R >>") -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\ntrailer\n" + trailer + b"\nstartxref\n9\n%%EOF"


PAGES = b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 12 >>\nendobj"
LOCKED = b"<< /Root 1 0 R /Encrypt 5 0 R /ID [<00> <00>] >>"
REFERENCES = b"9 0 obj\n<< /Type /XRef /DecodeParms << /Columns 4 >> %s /Size 3 >>\nstream\nx\nendstream endobj"


@pytest.mark.parametrize(
    ("data", "encrypted", "pages"),
    [
        (pdf(PAGES), False, 12),
        (pdf(PAGES, trailer=LOCKED), True, 12),
        (pdf(REFERENCES % b"/Encrypt 5 0 R"), True, None),
        (pdf(REFERENCES % b""), False, None),
        (pdf(b"4 0 obj << /Length 30 >> stream\n(How to /Encrypt a file)\nendstream endobj"), False, None),
        (pdf(PAGES, b"7 0 obj << /Type/Pages/Count 5 >> endobj", b"<< /Type /Outlines /Count 99 >>"), False, 12),
        (pdf(b"6 0 obj << /Type /ObjStm /N 2 /Filter /FlateDecode >>\nstream\r\n" + zlib.compress(
            b"1 0 2 9 <</Type/Pages/Kids[3 0 R]/Count 700>><</Type/Outlines/Count 9000>>")), False, 700),
        (pdf(b"6 0 obj << /Type /ObjStm /N 2 >>\nstream\nnot packed"), False, None),
    ],
)  # fmt: skip
def test_what_a_pdf_says_of_itself(data: bytes, encrypted: bool, pages: int | None) -> None:
    found = read_pdf(data)
    assert (found.encrypted, found.pages) == (encrypted, pages)


def test_a_stream_that_unpacks_to_gigabytes_is_read_to_a_bound() -> None:
    packed = zlib.compress(bytes(64 * 2**20) + b"<</Type/Pages/Count 5>>")
    streams = [b"%d 0 obj << /Type /ObjStm >>\nstream\n" % index + packed for index in range(50)]
    assert read_pdf(pdf(*streams)).pages is None


def test_what_stands_before_a_pdf_is_left_out() -> None:
    taken = take("mail.pdf", b"\r\n\xef\xbb\xbf" + pdf(PAGES))
    assert taken.file.data == pdf(PAGES)
    assert taken.remarks == ("5 bytes before the beginning of mail.pdf were left out.",)
    assert media_type(b"x" * 1024 + pdf()) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdf(PAGES)[:60], "a.pdf breaks off"),
        (pdf(b"2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj"), "a.pdf has no pages."),
        (pdf(PAGES) + b" " * 1000, None),
    ],
)
def test_a_pdf_that_has_nothing_to_read_is_named(data: bytes, said: str | None) -> None:
    remarks = take("a.pdf", data).remarks
    assert [each.startswith(said) for each in remarks] == [True] if said else remarks == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a.x is a HEIC picture: save it as JPEG or PNG first."),
        (b"\0\0\0\x1cftypavif", "a.x is an AVIF picture"), (b"\0\0\0\x18ftypmp42", "a.x is a video"),
        (b"II*\0", "a.x is a TIFF picture"), (b"BM\x10\0\0\0\0\0\0\0", "a.x is a BMP picture"),
        (b'<?xml version="1.0"?>\n<svg/>', "a.x is an SVG drawing"), (b"<!DOCTYPE html>", "a.x is a web page"),
        (b"PK\x03\x04\x14\0[Content_Types].xml\0word/document.xml", "a.x is a Word document: save it as PDF first"),
        (b"PK\x03\x04abc", "a.x is a ZIP archive"), (b"ID3\x04", "a.x is a sound recording"),
        (b"words", "a.x is not a PNG, JPEG, WebP or GIF picture"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_sent_is_called_what_it_is(data: bytes, said: str) -> None:
    with pytest.raises(FileError) as caught:
        take("a.x", data)
    assert str(caught.value).startswith(said)


def test_an_encrypted_pdf_is_named() -> None:
    (said,) = take("salary.pdf", pdf(PAGES, trailer=LOCKED)).remarks
    assert said.startswith("salary.pdf is encrypted")


@pytest.mark.parametrize(
    ("name", "kind", "fitting"),
    [
        ("a.png", "image/png", "a.png"), ("a.JPEG", "image/jpeg", "a.JPEG"), ("a.jpg", "image/png", "a.png"),
        ("scan", "application/pdf", "scan.pdf"), ("v3.12", "image/png", "v3.12.png"), (".png", "image/gif", ".png.gif"),
        ("a.txt", "application/pdf", "a.txt.pdf"),
    ],
)  # fmt: skip
def test_a_name_ends_as_the_file_is(name: str, kind: str, fitting: str) -> None:
    assert named(name, kind) == fitting


def test_what_was_done_is_told() -> None:
    taken = take("beach.jpg", picture("JPEG", orientation=6, place=True))
    assert taken.remarks == (
        "beach.jpg was turned upright, as its camera says: otherwise models would see it on its side.",
        "beach.jpg is sent without the place where it was taken.",
    )
    assert take("plain.jpg", picture("JPEG")).remarks == ()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.png", picture("PNG")[:33], "a.png is damaged: its end is missing."),
        ("a.png", picture("PNG")[:60], "a.png is damaged: its end is missing."),
        ("a.heic", b"\0\0\0\x18ftypheic", "a.heic is a HEIC picture"),
    ],
)
def test_what_cannot_be_sent_is_said(name: str, data: bytes, said: str) -> None:
    with pytest.raises(FileError) as refused:
        take(name, data)
    assert str(refused.value).startswith(said)
