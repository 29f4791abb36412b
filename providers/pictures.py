"""Pictures as they are asked for, as they arrive, and as they are shown and kept.

Owns the words of them, as `interface.py` owns those of text. Refuses behaviour: decoding is `files/remade.py`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Quality = Literal["low", "medium", "high"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """How to draw. `None`: not sent, the vendor's default holds. The seed is `Settings.seed`."""

    width: int | None = None
    """Pixels; set together with `height`, or not at all."""
    height: int | None = None
    quality: Quality | None = None
    steps: int | None = None
    """How often a diffusion model goes over the picture."""
    guidance: float | None = None
    """How closely a diffusion model keeps to the prompt: the scale of classifier-free guidance."""
    avoid: str | None = None
    """What is not to be seen: the negative prompt."""
    sampler: str | None = None
    """By which rule a diffusion model goes from step to step, by the name that its server has for it."""

    @property
    def size(self) -> str | None:
        """`1024x1024`, as most vendors write it."""
        return None if self.width is None or self.height is None else f"{self.width}x{self.height}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it arrives: bytes that nobody has looked into."""

    data: bytes = field(repr=False)
    partial: bool = False
    """A glimpse of it on its way; the picture itself follows."""
    seed: int | None = None
    """What its noise was made from; `None` = not told."""
    revised_prompt: str | None = None
    """The prompt as the vendor rewrote it before drawing; `None` = not told."""
    drawn_with: Mapping[str, str] = field(default_factory=dict[str, str])
    """The settings that its server says it was drawn with, by name; what is not told is absent."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a diffusion model has come with a picture, where its server says so."""

    done: int
    of: int | None = None
    """How many there will be; `None` = not told."""
    late: bool = False
    """It was asked after, so it may be over for a while: no rate comes of it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of one picture of an answer. Its content is kept apart, once, under `sha256`."""

    sha256: str
    """Of the picture as it is shown and kept, made anew and bare of metadata. Empty: only figures were kept."""
    media_type: str
    width: int
    height: int
    arrived_type: str
    """The media type as it came."""
    arrived_bytes: int
    """The size of the file as it came."""
    partial: bool = False
    """Only a glimpse came, the picture itself never did."""
    seed: int | None = None
    revised_prompt: str | None = None
    drawn_with: Mapping[str, str] = field(default_factory=dict[str, str])
    """As `Drawn.drawn_with`."""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the file said beside the picture, by name: shown nowhere unless it is asked for."""
    described: str = ""
    """What is to be seen in it, as somebody wrote for whoever does not see it; empty: nobody has."""
    described_by: str = ""
    """Who wrote that; empty where nobody logs in."""
    frames: int = 1
    """Of a picture that moves, of which only the first is shown."""
    moving: str = ""
    """The digest of the whole of such a picture, as it is kept; empty: it is not."""

    @property
    def contents(self) -> tuple[str, ...]:
        """The digests of what is kept of it."""
        return tuple(filter(None, (self.sha256, self.moving)))


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that may be shown, with its content."""

    picture: Picture
    data: bytes = field(repr=False)
    moving: bytes = field(default=b"", repr=False)
    """The whole of one that moves; empty: see `Picture.moving`."""

    @property
    def contents(self) -> Mapping[str, bytes]:
        """What is kept of it, by digest."""
        found = {self.picture.sha256: self.data, self.picture.moving: self.moving}
        return {digest: found[digest] for digest in self.picture.contents}
