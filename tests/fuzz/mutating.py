"""Inputs that nobody meant: what is well formed with some bytes of it changed, and plain noise."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

ODD = (
    b"", b"\0", b"\n", b"\r", b"\r\n\r\n", b"{", b"}", b"[", b"]", b'"', b"'", b",", b":", b"-", b"=", b"#", b"&a",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xf0\x9f", "\u2028".encode(), "\u202e".encode(), b"9" * 400, b"-1", b"1e999",
    b"NaN", b"*a", b"null", b"true", b"[" * 300, b'{"a":' * 300, b"<<", b"!!python/object", b"{{", b"}}", b"{%", b"../",
    b"~", b"%00",    b"data: ", b"event: ", b"[DONE]", b"PK\x03\x04", b"%PDF-", b"\x89PNG\r\n\x1a\n",
    b"Content-Type: a/b; charset=\xff",
)  # fmt: skip
Edit = tuple[int, int, bytes]


def edited(data: bytes, edit: Edit) -> bytes:
    """`data` with some bytes, from a place given in parts of 10,000, replaced."""
    place, cut, put = edit
    at = len(data) * place // 10_000
    return data[:at] + put + data[at + cut :]


def mutated(*samples: bytes, noise: bool = True) -> SearchStrategy[bytes]:
    """One of the samples with up to three changes; or, with `noise`, any bytes."""
    put = st.one_of(st.sampled_from(ODD), st.binary(max_size=6))
    edits = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 60), put), max_size=3)
    changed = st.builds(lambda data, changes: reduce(edited, changes, data), st.sampled_from(samples), edits)
    return st.one_of(changed, st.binary(max_size=200)) if noise else changed


def mutated_text(*samples: str) -> SearchStrategy[str]:
    """The same, as text."""
    changed = mutated(*(sample.encode() for sample in samples)).map(lambda data: data.decode("utf-8", "replace"))
    return st.one_of(changed, st.text(max_size=100))


def in_pieces(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """`data` cut at places given in parts of 10,000."""
    at = sorted({len(data) * cut // 10_000 for cut in cuts} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(at)] or [data]
