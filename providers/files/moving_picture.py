"""A picture that moves: how many frames it has, and the whole of it as it may be kept.

Owns what is told of GIF, animated WebP and APNG beside the first frame that is shown. Refuses to play it: what is kept
is bare of everything but its frames, for whoever takes it home as a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from providers.files.bare_picture import DamagedError, bare
from providers.files.kinds import GIF, PNG, WEBP
from providers.files.pictures import UNREADABLE, TooManyPixelsError, read

MOST_KEPT = 16 * 2**20
"""Bytes of the whole that are kept beside the frame that is shown."""
_SIGNS = {GIF: b"", PNG: b"acTL", WEBP: b"ANIM"}


@dataclass(frozen=True, slots=True)
class Moving:
    """What moves."""

    frames: int = 1
    """Of one that stands still, or of which it cannot be told: 1."""
    data: bytes = field(default=b"", repr=False)
    """The whole, without metadata; empty: it stands still, or is larger than `MOST_KEPT`."""

    @property
    def sha256(self) -> str:
        """The digest of `data`; empty where there is none."""
        return sha256(self.data).hexdigest() if self.data else ""


STILL = Moving()


def moving(data: bytes, media_type: str) -> Moving:
    """What moves in a picture that can be shown."""
    sign = _SIGNS.get(media_type)
    if sign is None or sign not in data:
        return STILL
    try:
        plain = bare(data, media_type)
        frames = read(plain).frames
    except (DamagedError, TooManyPixelsError, *UNREADABLE):
        return STILL
    return Moving(frames, plain if len(plain) <= MOST_KEPT else b"") if frames > 1 else STILL
