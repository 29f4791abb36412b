"""Turns bytes from the network into bytes that every SDK reads in the same way, within the size budget.

Owns what is decompressed, dropped, repaired and counted on the way, and what is remembered for errors.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from providers import errors
from providers.network.exchange import Exchange
from providers.network.unpacking import Unpacker

WIRE_BYTES = 16 * 2**20
"""The most bytes of one text answer that are read, after decompression."""


class Cleaner:
    """Cleans the bytes of one answer, within the size budget.

    Decompresses piece by piece, so that a decompression bomb meets the budget first. Drops a byte order mark, turns CR
    and CRLF into LF, replaces invalid UTF-8 by U+FFFD and says so, and writes U+0085, U+2028 and U+2029 as JSON
    escapes: JSON allows them raw, but line splitters cut there.
    """

    def __init__(self, seen: Exchange | None, encoding: str) -> None:
        self.seen = seen or Exchange(clock=float)
        self._unpack = Unpacker(encoding)
        self._utf8 = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._after_cr, self._at_start = False, True
        self._in_character = False

    def feed(self, raw: bytes, *, final: bool = False) -> Iterable[bytes]:
        """The clean bytes of one read. Raises `too_long` past the budget, `protocol` for bad compression."""
        if self._unpack.plain and not final:  # the usual case
            self._count(raw)
            return (text,) if (text := self._clean(raw)) else ()
        return self._feed(raw, final=final)

    def _feed(self, raw: bytes, *, final: bool) -> Iterator[bytes]:
        for piece in (raw,) if self._unpack.plain else self._unpack.feed(raw, final=final):
            self._count(piece)
            if text := self._clean(piece):
                yield text
        if final and (rest := self._repair(self._utf8.decode(b"", final=True))):
            self._remember(rest)
            yield rest

    def _count(self, piece: bytes) -> None:
        self.seen.received += len(piece)
        most = self.seen.most_bytes or WIRE_BYTES
        if self.seen.received > most:
            raise errors.error("too_long", f"the answer exceeded {most // 2**20} MB and was stopped")

    def _clean(self, piece: bytes) -> bytes:
        text = piece
        if self._after_cr or self._at_start or self._in_character or not piece.isascii():
            text = self._mended(piece)
        elif b"\r" in piece:
            text = piece.replace(b"\r\n", b"\n")  # as Google writes; a CR alone is very rare
            text = self._mended(piece) if b"\r" in text else text
        if text:
            self._remember(text)
        return text

    def _mended(self, piece: bytes) -> bytes:
        if not piece:
            return b""
        if self._after_cr:
            piece = piece.removeprefix(b"\n")
        self._after_cr = piece.endswith(b"\r")
        if b"\r" in piece:
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        text = self._utf8.decode(piece)
        self._in_character = bool(self._utf8.getstate()[0])
        if self._at_start and text:
            text, self._at_start = text.removeprefix("\ufeff"), False
        return self._repair(text)

    def _repair(self, text: str) -> bytes:
        if text.isascii():
            return text.encode("ascii")
        for line_end, escape in _LINE_ENDS:
            text = text.replace(line_end, escape)
        text, replaced = _ESCAPED_BYTES.subn("\ufffd", text)
        self.seen.repaired = self.seen.repaired or replaced > 0
        return text.encode()

    def _remember(self, text: bytes) -> None:
        if len(self.seen.head) < 4096:
            self.seen.head += text[: 4096 - len(self.seen.head)]
        self.seen.tail = text[-64:] if len(text) >= 64 else (self.seen.tail + text)[-64:]


_LINE_ENDS = (("\u0085", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
_ESCAPED_BYTES = re.compile("[\udc80-\udcff]")
