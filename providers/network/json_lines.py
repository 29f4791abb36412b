"""Lines of JSON, one document each, as servers and proxies write them -> as the SDK reads them."""

from __future__ import annotations

from collections.abc import Iterator

from providers.network.stream_lines import END, PADDING, Lines, documents_apart


class JsonLines(Lines):
    """One JSON document a line; blank lines keep a connection alive and mean nothing."""

    def is_plain(self, text: bytes) -> bool:
        """See `Lines.is_plain`."""
        return text[:1] == b"{" and text[-2:] == b"}\n" and text.count(b"\n") == 1 and self.is_document(text[:-1])

    def line(self, line: bytes) -> Iterator[bytes]:
        """See `Lines.line`. A proxy may have made events of the lines."""
        line = line.strip(PADDING)
        if line.startswith((b":", b"event:", b"id:", b"retry:")):
            self.pulse(line.partition(b":")[2])
            return
        line = line.removeprefix(b"data:").strip()
        for one in documents_apart(line) if b"}{" in line else (line,):
            if one and one != END and (document := self.document(one)):
                yield self.written(document)

    def end(self, rest: bytes) -> bytes:
        """See `Lines.end`."""
        if b"}{" in rest:
            return b"".join(self.line(rest))
        rest = rest.removeprefix(b"data:").strip()
        return self.document(rest) if rest and rest != END else b""

    def written(self, document: bytes) -> bytes:
        """See `Lines.written`."""
        return document + b"\n"
