"""Files that are text, as they stand in a prompt."""

from __future__ import annotations

import pytest

from providers.files.intake import FileError
from providers.files.text_files import LONGEST, is_text, read

MAIL = b"""From: Ada <ada@example.com>\r\nTo: bob@example.com\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r
MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\nReceived: from secret\r\n\r
--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello.\r
--x\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r
\r\nPDF\r\n--x--\r\n"""


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.txt", "Grüße".encode(), "Grüße"),
        ("a.md", b"\xef\xbb\xbf# Head", "# Head"),
        ("a.csv", "a;b\r\n1;2".encode("utf-16"), "a;b\n1;2"),
        ("a.json", b'{"a": 1}', '{"a": 1}'),
        ("old.txt", "Grüße".encode("cp1252"), "Grüße"),
    ],
)
def test_text_is_read_however_it_was_written(name: str, data: bytes, text: str) -> None:
    assert read(name, data).text == text


def test_a_mail_is_its_head_and_its_words() -> None:
    said = read("mail.eml", MAIL).text
    assert said.splitlines()[:3] == ["From: Ada <ada@example.com>", "To: bob@example.com", "Subject: Grüße"]
    assert "Hello." in said
    assert "[attached: a.pdf]" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "is empty"), (b"\x00\x01", "is not text"), (b"x" * (LONGEST + 1), "can be put into a prompt")],
)
def test_what_cannot_be_taken_is_said(data: bytes, why: str) -> None:
    with pytest.raises(FileError, match=why):
        read("a.txt", data)


def test_a_fence_is_longer_than_any_within() -> None:
    assert read("C:\\x\\a.md", b"```py\n1\n```").quoted == "a.md:\n````\n```py\n1\n```\n````"


def test_the_end_of_the_name_says_what_is_text() -> None:
    assert [is_text(name) for name in ("a.TXT", "b.eml", "c.png", "txt")] == [True, True, False, False]
