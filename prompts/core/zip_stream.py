"""Writes a zip file as a stream, part by part, without keeping any of it."""

from __future__ import annotations

import io


class Sink(io.RawIOBase):
    """A write-only file whose content is taken away as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Always true."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep `data` until it is taken."""
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """What was written since the last call."""
        piece, self._pieces = b"".join(self._pieces), []
        return piece
