"""Normalises lines of JSON, one document each, as servers and proxies write them to the form that the SDK reads."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator

from providers.network.documents import as_it_is, documents_apart, parsed
from providers.network.stream_lines import END, PADDING, Lines, Reword, Whole


class JsonLines(Lines):
    """One JSON document per line; blank lines keep a connection alive and mean nothing.

    A line that is not an object is passed on only if no document ever arrives: then it is a body of another kind.
    """

    def __init__(self, reword: Reword = bytes, whole: Whole = as_it_is, *, known: tuple[str, ...] = ()) -> None:
        """`known`: a document of an answer has one of these names, others are skipped; empty: all are accepted."""
        super().__init__(reword, whole)
        self._known = tuple(f'"{name}"'.encode() for name in known)
        self._odd: list[bytes] = []

    def is_plain(self, text: bytes) -> bool:
        """See `Lines.is_plain`."""
        one = text[:1] == b"{" and text[-2:] == b"}\n" and text.count(b"\n") == 1
        return one and self._is_known(text) and self.is_document(text[:-1])

    def line(self, line: bytes) -> Iterator[bytes]:
        """See `Lines.line`. A proxy may have turned the lines into events."""
        line = line.removeprefix(BOM_UTF8).strip(PADDING)
        if line.startswith((b":", b"event:", b"id:", b"retry:")):
            self.pulse(line.partition(b":")[2])
            return
        line = line.removeprefix(b"data:").strip()
        if self.heard is not None and line[:1] != b"{" and line != END:
            self.pulse(line)
            self._odd += [line + b"\n"] if line and not self._documents else []
            return
        for one in documents_apart(line) if b"}{" in line else (line,):
            if one and one != END and (document := self.document(one)):
                if self._is_known(document) or parsed(document) is None:  # a broken one may be part of it
                    yield self.written(document)
                else:
                    self.pulse(document)

    def _is_known(self, document: bytes) -> bool:
        if self.heard is None or not self._known:
            return True
        for name in self._known:  # noqa: SIM110 -- called for every piece of every answer
            if name in document:
                return True
        return False

    def end(self, rest: bytes) -> bytes:
        """See `Lines.end`."""
        if b"}{" in rest:
            return b"".join(self.line(rest))
        if self._odd and not self._documents:
            return b"".join(self._odd) + rest
        rest = rest.removeprefix(b"data:").strip()
        return self.document(rest) if rest and rest != END else b""

    def written(self, document: bytes) -> bytes:
        """See `Lines.written`."""
        return document + b"\n"
