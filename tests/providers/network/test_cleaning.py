"""What is taken out of a body before an SDK reads it: compression, line ends, broken characters, too many bytes."""

import gzip
import tracemalloc
import zlib

import pytest

from providers import errors
from providers.network import cleaning
from providers.network.cleaning import Cleaner
from providers.network.exchange import Exchange
from tests.providers.network.getting import CLEAN, TEXT


def clean(*pieces: bytes, encoding: str = "") -> tuple[bytes, Exchange]:
    """All that comes out of a cleaner, and what it noted."""
    seen = Exchange(clock=float)
    cleaner = Cleaner(seen, encoding)
    out = [part for piece in pieces for part in cleaner.feed(piece)]
    return b"".join(out + list(cleaner.feed(b"", final=True))), seen


def one_by_one(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["bare", "BOM"])
def test_line_ends_and_marks_are_cleaned_wherever_the_bytes_are_cut(mark: bytes) -> None:
    stream = mark + TEXT
    assert clean(stream)[0] == CLEAN
    assert clean(*one_by_one(stream))[0] == CLEAN
    for cut in range(len(stream)):
        out, seen = clean(stream[:cut], b"", stream[cut:])
        assert out == CLEAN
        assert not seen.repaired


def test_a_mark_inside_the_text_stays() -> None:
    assert clean("a\ufeffb".encode())[0] == "a\ufeffb".encode()


@pytest.mark.parametrize(("raw", "escaped"), [("\u0085", b"\\u0085"), ("\u2028", b"\\u2028"), ("\u2029", b"\\u2029")])
def test_what_line_splitters_take_for_a_line_end_becomes_a_json_escape(raw: str, escaped: bytes) -> None:
    assert clean(f"a{raw}b".encode())[0] == b"a" + escaped + b"b"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"a\xffb", "a\ufffdb"),
        (b"a\xc3", "a\ufffd"),  # cut inside a character
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),  # a surrogate has no UTF-8
        (b"\xc0\xaf", "\ufffd\ufffd"),  # overlong
    ],
)
def test_invalid_utf8_is_replaced_and_flagged(raw: bytes, text: str) -> None:
    for pieces in ([raw], one_by_one(raw)):
        out, seen = clean(*pieces)
        assert (out.decode(), seen.repaired) == (text, True)


def test_valid_text_is_kept_to_the_byte() -> None:
    text = "a\x00\x1f\u00a0e\u0301\ufffd\U0010ffff".encode()
    out, seen = clean(*one_by_one(text))
    assert (out, seen.repaired) == (text, False)


def test_the_first_and_last_bytes_are_remembered() -> None:
    out, seen = clean(*[b"%04d" % n for n in range(2000)])
    assert (seen.head, seen.tail) == (out[:4096], out[-64:])
    assert seen.received == 8000


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT, mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("gzip", TEXT),
        ("", gzip.compress(TEXT, mtime=0)),
        ("identity, gzip", gzip.compress(TEXT, mtime=0)),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT), mtime=0)),
    ],
)
def test_compressed_answers_are_read_in_any_cut(encoding: str, packed: bytes) -> None:
    assert clean(packed, encoding=encoding)[0] == CLEAN
    assert clean(*one_by_one(packed), encoding=encoding)[0] == CLEAN


def failing(*pieces: bytes, encoding: str) -> errors.Failure:
    with pytest.raises(errors.ProviderError) as caught:
        clean(*pieces, encoding=encoding)
    return caught.value.failure


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(TEXT, mtime=0)[:12] + b"\xff\xff\xff\xff" + gzip.compress(TEXT, mtime=0)[16:], "gzip"),
        (TEXT, "br"),
        (TEXT, "zstd"),
        (gzip.compress(b"\x1f\x8b no more of it", mtime=0), "gzip, gzip"),
    ],
)
def test_damaged_or_unasked_compression_is_a_protocol_error(packed: bytes, encoding: str) -> None:
    assert failing(packed, encoding=encoding).kind == "protocol"


def test_a_compression_bomb_meets_the_budget_in_little_memory() -> None:
    bomb = gzip.compress(bytes(512 * 2**20), 9, mtime=0)
    tracemalloc.start()
    failure = failing(bomb, encoding="gzip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert failure.kind == "too_long"
    assert peak < 4 * 2**20 + cleaning.WIRE_BYTES  # the test's own list of clean pieces is as large as the budget


def test_the_budget_counts_plain_bytes_too() -> None:
    piece = b"x" * 2**20
    assert clean(*[piece] * 16)[1].received == cleaning.WIRE_BYTES
    assert failing(*[piece] * 16, b"x", encoding="").kind == "too_long"


def test_gzip_may_have_many_members_and_padding() -> None:
    packed = gzip.compress(TEXT[:20], mtime=0) + gzip.compress(TEXT[20:], mtime=0) + bytes(100)
    assert clean(packed, encoding="gzip")[0] == CLEAN
    assert clean(*one_by_one(packed), encoding="gzip")[0] == CLEAN
    assert failing(gzip.compress(TEXT, mtime=0) + b"no more of it", encoding="gzip").kind == "protocol"
