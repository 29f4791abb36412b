"""Pictures made by models, as they are imported from a file.

A picture from a file is decoded within bounds and re-encoded before it is kept, so bytes that somebody else wrote are
never stored. Its content, and so its digest, may change; rows that name it are updated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, cast

from providers.files.bare_picture import DamagedError
from providers.files.pictures import TooManyPixelsError
from providers.files.remade import remade, why


class PictureError(ValueError):
    """A picture of the file cannot be kept; the message, part of a sentence, says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture in the form in which it will be stored: `data` has the digest `sha256`."""

    sha256: str
    media_type: str
    width: int
    height: int
    data: bytes = field(repr=False)
    frames: int = 1
    moving: str = ""
    """The digest of the whole animation; empty for a still picture, or if the animation is not kept."""
    whole: bytes = field(default=b"", repr=False)
    """The content of the whole animation, under `moving`; empty if there is none."""

    @property
    def contents(self) -> Mapping[str, bytes]:
        """The contents to store, by digest."""
        return {self.sha256: self.data, **({self.moving: self.whole} if self.moving else {})}


def kept(data: bytes) -> Kept:
    """`data` re-encoded. Raises `PictureError`."""
    try:
        made = remade(data)
    except (DamagedError, TooManyPixelsError) as exc:
        raise PictureError(why(exc)) from exc
    return Kept(
        sha256(made.data).hexdigest(), made.media_type, made.width, made.height, made.data, made.moving.frames,
        made.moving.sha256, made.moving.data,
    )  # fmt: skip


def renamed(entries: Any, known: Mapping[str, Kept]) -> list[dict[str, Any]]:
    """The column `pictures` of a row with digests updated to those in `known`;
    entries whose content is not in the file keep only their facts."""
    found: list[dict[str, Any]] = []
    for entry in cast(list[dict[str, Any]], entries):
        there, whole = known.get(entry["sha256"]), known.get(entry.get("moving", ""))
        now = (
            {"sha256": ""}
            if there is None
            else {
                "sha256": there.sha256, "media_type": there.media_type, "width": there.width, "height": there.height,
            }
        )  # fmt: skip
        moving = {"moving": whole.moving if whole else ""} if entry.get("moving") else {}
        found.append({**entry, **now, **moving})
    return found
