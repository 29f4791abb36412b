"""Pictures inside an HTML file, up to a total size.

Owns that limit and what is said of a picture that does not fit. Each picture is embedded as it was re-encoded when it
arrived.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

from prompts.core import format as text_of
from prompts.core.printable import escape
from providers.pictures import Picture

MOST_BYTES = 48_000_000
"""The most bytes of pictures in one file that mail and browsers can handle; as base64 they take a third more."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A picture stored as a file next to the page, and its reduced version in the page."""

    data: bytes = field(repr=False)
    media_type: str
    address: str
    """The address of the full picture relative to the page; empty if there was no room for it."""


Put = Callable[[Picture, str, bytes], Beside | None]
"""Stores a picture's content under its title next to the page; `None` if it is not a valid picture any more."""
_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})


class Embedded:
    """The pictures of one file, embedded one by one until there is no more room."""

    def __init__(
        self, content: Callable[[str], bytes | None], most: int = MOST_BYTES,
        elsewhere: str = "JSON Lines with pictures", put: Put | None = None,
    ) -> None:  # fmt: skip
        """`content` gives a picture by its digest, `None` if it is not on record. `elsewhere` names the format that has
        all pictures.

        With `put` the full pictures are stored next to the page.
        """
        self._elsewhere, self._put = elsewhere, put
        self._content, self._room, self._most = content, most, most
        self.left_out: list[str] = []
        """For each picture that did not fit: whose it is, and its size."""

    def figure(self, picture: Picture, title: str, alt: str) -> str:
        """HTML for one picture with its facts, or for the reason why it is missing."""
        data = self._content(picture.sha256) if picture.sha256 and picture.media_type in _TYPES else None
        facts, shown = picture_facts(picture), None
        if data is not None:
            shown = self._put(picture, title, data) if self._put else Beside(data, picture.media_type, "")
        if data is None or shown is None:
            return f"<p class='note'>{_text(facts)}. Its content is not on record, or cannot be read just now.</p>"
        fits = len(shown.data) <= self._room
        if not shown.address and (self._put or not fits):
            self.left_out.append(f"{title}, {picture.width} × {picture.height}, {text_of.size(len(data))}")
        if not fits:
            there = f"It is the file {shown.address}" if shown.address else f"{self._elsewhere} has it"
            return (
                f"<p class='note'>{_text(facts)}. It is not in this page, which contains at most "
                f"{text_of.size(self._most)} of pictures. {_text(there)}.</p>"
            )
        self._room -= len(shown.data)
        address = f"data:{shown.media_type};base64,{b64encode(shown.data).decode()}"
        image = f"<img src='{address}' width='{picture.width}' height='{picture.height}' alt='{_text(alt)}'>"
        image = f"<a href='{_text(shown.address)}'>{image}</a>" if shown.address else image
        return f"<figure class='drawn'>{image}<figcaption class='muted'>{_text(facts)}</figcaption></figure>"

    def remainder(self) -> str:
        """HTML for the end of the file on the pictures left out; empty if there are none."""
        if not self.left_out:
            return ""
        lines = "".join(f"<li>{_text(each)}</li>" for each in self.left_out)
        many = text_of.number_of(len(self.left_out), "picture")
        return f"<h2>Left out for lack of space: {many}</h2><ul class='muted'>{lines}</ul>"


def picture_facts(picture: Picture) -> str:
    """What is known of a picture, in a line."""
    what = "A preview of a picture" if picture.partial else "A picture"
    seed = "" if picture.seed is None else f", seed {picture.seed}"
    drawn = f", drawn as “{picture.revised_prompt}”" if picture.revised_prompt else ""
    shown = f", {text_of.frame_shown(picture.frames)}" if picture.frames > 1 else ""
    return f"{what} of {picture.width} × {picture.height}{shown}{seed}{drawn}"


def _text(text: str) -> str:
    return escape(text.encode(errors="replace").decode(), quote=True)
