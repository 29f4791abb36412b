"""Mail whose charset is broken, and text made of fences: read as it is written, in bounded work."""

import pytest

from providers.files.text_files import LONGEST, TextFile, read
from tests.counting import calls

BROKEN = (
    b"From: a\nContent-Type: text/plain; charset=no-such-charset\n\nHello you\n",
    b"From: a\nContent-Type: text/plain; charset=\xff\n\nHello you\n",
)


@pytest.mark.parametrize("data", BROKEN)
def test_mail_that_pythons_reader_fails_at_is_read_as_it_is_written(data: bytes) -> None:
    assert "Hello you" in read("a.eml", data).text


def test_a_text_of_fences_is_quoted_at_once() -> None:
    file = TextFile("a.md", "`" * LONGEST)
    assert calls(lambda: file.quoted) < 100
    assert file.quoted.count("`" * (LONGEST + 1)) == 2
