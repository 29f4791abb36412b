"""Animated pictures: how many frames one has, and the whole animation as it may be stored.

Owns what is kept of GIF, animated WebP and APNG beside the first frame, which is shown. Refuses to play them: the
animation is stored without metadata, for download as a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from providers.files.bare_picture import DamagedError, bare
from providers.files.kinds import GIF, PNG, WEBP
from providers.files.pictures import UNREADABLE, TooManyPixelsError, read

MOST_KEPT = 16 * 2**20
"""The largest animation, in bytes, that is stored beside its first frame."""
_SIGNS = {GIF: b"", PNG: b"acTL", WEBP: b"ANIM"}


@dataclass(frozen=True, slots=True)
class Moving:
    """The frames of a picture, and the whole of it if it is animated."""

    frames: int = 1
    """The number of frames; 1 for a still picture, and where the frames cannot be counted."""
    data: bytes = field(default=b"", repr=False)
    """The whole animation, without metadata; empty for a still picture, or if it is larger than `MOST_KEPT`."""

    @property
    def sha256(self) -> str:
        """The digest of `data`; empty if there is none."""
        return sha256(self.data).hexdigest() if self.data else ""


STILL = Moving()


def moving(data: bytes, media_type: str) -> Moving:
    """The animation in a picture that can be shown; `STILL` if it is not animated or cannot be read."""
    sign = _SIGNS.get(media_type)
    if sign is None or sign not in data:
        return STILL
    try:
        plain = bare(data, media_type)
        frames = read(plain).frames
    except (DamagedError, TooManyPixelsError, *UNREADABLE):
        return STILL
    return Moving(frames, plain if len(plain) <= MOST_KEPT else b"") if frames > 1 else STILL
