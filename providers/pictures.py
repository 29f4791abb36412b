"""The types for pictures as they are requested, as they arrive, and as they are shown and kept.

Like `interface.py` for text, without behaviour: decoding is in `files/remade.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Quality = Literal["low", "medium", "high"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """How to draw. `None`: not sent, so that the vendor's default applies. The seed is `Settings.seed`."""

    width: int | None = None
    """In pixels; set together with `height`, or not at all."""
    height: int | None = None
    quality: Quality | None = None
    steps: int | None = None
    """How many steps a diffusion model takes."""
    guidance: float | None = None
    """How closely a diffusion model follows the prompt: the scale of classifier-free guidance."""
    avoid: str | None = None
    """What should not be in the picture: the negative prompt."""
    sampler: str | None = None
    """The sampling method of a diffusion model, by its server's name for it."""

    @property
    def size(self) -> str | None:
        """`1024x1024`, as most vendors write it; `None` if no size is set."""
        return None if self.width is None or self.height is None else f"{self.width}x{self.height}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it arrives: bytes that have not been decoded."""

    data: bytes = field(repr=False)
    partial: bool = False
    """Whether it is only a preview, which the picture itself follows."""
    seed: int | None = None
    """The seed of its noise; `None` if not reported."""
    revised_prompt: str | None = None
    """The prompt as the vendor rewrote it before drawing; `None` if not reported."""
    drawn_with: Mapping[str, str] = field(default_factory=dict[str, str])
    """The settings with which it was drawn according to its server, by name; what is not reported is absent."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a diffusion model has progressed with a picture, if its server reports it."""

    done: int
    of: int | None = None
    """The total number of steps; `None` if not reported."""
    late: bool = False
    """Whether it was polled, so that the step may have ended earlier and gives no rate."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The facts about one picture of an answer. Its content is stored separately, once, under `sha256`."""

    sha256: str
    """The digest of the picture as it is shown and stored,
    re-encoded and without metadata. Empty: only figures were kept."""
    media_type: str
    width: int
    height: int
    arrived_type: str
    """The media type of the file that arrived."""
    arrived_bytes: int
    """The size of the file that arrived."""
    partial: bool = False
    """Whether only a preview arrived, never the picture itself."""
    seed: int | None = None
    revised_prompt: str | None = None
    drawn_with: Mapping[str, str] = field(default_factory=dict[str, str])
    """As `Drawn.drawn_with`."""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    """Texts in the file besides the picture, by name; only shown on request."""
    described: str = ""
    """A description by a person for people who do not see it; empty if there is none."""
    described_by: str = ""
    """The author of the description; empty if nobody logs in."""
    frames: int = 1
    """The number of frames; only the first is shown. 1: a still picture."""
    moving: str = ""
    """The digest of the whole animation as it is stored; empty for a still picture, or if the animation is not kept."""

    @property
    def contents(self) -> tuple[str, ...]:
        """The digests of its stored contents: the picture, and the animation if there is one."""
        return tuple(filter(None, (self.sha256, self.moving)))


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that may be shown, with its content."""

    picture: Picture
    data: bytes = field(repr=False)
    moving: bytes = field(default=b"", repr=False)
    """The content of the whole animation, under `Picture.moving`; empty if there is none."""

    @property
    def contents(self) -> Mapping[str, bytes]:
        """The contents to store, by digest."""
        found = {self.picture.sha256: self.data, self.picture.moving: self.moving}
        return {digest: found[digest] for digest in self.picture.contents}
