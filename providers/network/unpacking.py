"""Decompresses bodies in pieces of bounded size, so that a decompression bomb meets the budget first.

Nothing compressed is requested, yet some gateways send it: gzip and deflate are decoded here, in both forms of deflate
and several layers deep; if header and bytes disagree, the bytes are believed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from providers import errors

_PIECE = 256 * 2**10
_GZIP = b"\x1f\x8b"
_KNOWN = ("gzip", "x-gzip", "deflate")


class Unpacker:
    """Decodes what the header `encoding` says, or what the first bytes show."""

    def __init__(self, encoding: str) -> None:
        names = [name.strip() for name in encoding.lower().split(",")]
        self._layers: Sequence[_Layer] | None = None
        self._names = [name for name in names if name not in ("", "identity")]
        self._begun = b""
        self.plain = False
        """Whether nothing is compressed, so that bytes may be taken as they are."""

    def feed(self, raw: bytes, *, final: bool = False) -> Iterator[bytes]:
        """The decompressed bytes. Raises `protocol` for damage, and for an unknown encoding."""
        if self._layers is None:
            self._begun += raw
            if len(self._begun) < len(_GZIP) and not final:
                return
            raw, self._begun = self._begun, b""
            self._layers = self._found(raw)
            self.plain = not self._layers
        yield from _through(self._layers, raw) if raw else ()

    def _found(self, first: bytes) -> Sequence[_Layer]:
        if unknown := next((name for name in self._names if name not in _KNOWN), None):
            raise errors.error("protocol", f"the answer is encoded as {unknown!r}, which was not asked for")
        packed = first.startswith(_GZIP) or "deflate" in self._names
        names = (self._names or ["gzip"]) if packed else []
        return [_Layer(name) for name in reversed(names)]


class _Layer:
    """One layer of compression."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._inflate: Any = None

    def feed(self, raw: bytes) -> Iterator[bytes]:
        self._inflate = self._inflate or self._new(raw)
        try:
            while raw and (not self._inflate.eof or raw.strip(b"\0")):  # zeros after the end are padding
                if self._inflate.eof:
                    self._inflate = self._new(raw)  # gzip may have several members, one after another
                yield self._inflate.decompress(raw, _PIECE)
                raw = self._inflate.unconsumed_tail or self._inflate.unused_data
        except zlib.error as exc:
            raise errors.error("protocol", f"the compressed answer is damaged ({exc})") from exc

    def _new(self, first: bytes) -> Any:
        """A decoder. RFC 9110, 8.4.1.2: deflate has a zlib header, which some servers omit."""
        bare = self._name == "deflate" and first[:1] != _GZIP[:1] and first[0] & 0x0F != zlib.DEFLATED
        return zlib.decompressobj(wbits=-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)


def _through(layers: Sequence[_Layer], raw: bytes) -> Iterator[bytes]:
    if not layers:
        yield raw
        return
    for piece in layers[0].feed(raw):
        if piece:
            yield from _through(layers[1:], piece)
