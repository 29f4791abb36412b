"""A zip file on its way to whoever fetches it: written as its parts come, and nothing of it is kept."""

from __future__ import annotations

import io


class Sink(io.RawIOBase):
    """A file that is only passed on."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep what is written until it is taken."""
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """What has come since."""
        piece, self._pieces = b"".join(self._pieces), []
        return piece
