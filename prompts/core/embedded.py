"""Pictures inside of a file of HTML, as far as there is room for them.

Owns the bound and what is said of a picture that is not in the file. Each is as it was made anew when it came.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

from prompts.core import format as text_of
from prompts.core.printable import escape
from providers.pictures import Picture

MOST_BYTES = 48_000_000
"""Of all pictures in one file: mail and browsers take that. In it they are a third larger."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A picture that lies beside the page, and what of it stands in the page."""

    data: bytes = field(repr=False)
    media_type: str
    address: str
    """Where the whole picture is, from the page; empty: there was no room for it."""


Put = Callable[[Picture, str, bytes], Beside | None]
"""Puts the content of a picture, under its title, beside the page; `None`: it is no picture any more."""
_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})


class Embedded:
    """The pictures of one file, put in as they come, until there is no more room."""

    def __init__(
        self, content: Callable[[str], bytes | None], most: int = MOST_BYTES,
        elsewhere: str = "JSON Lines with pictures", put: Put | None = None,
    ) -> None:  # fmt: skip
        """`content` gives a picture by its digest; `None`: it is not kept, or no longer. `elsewhere`: what has all.

        With `put` the whole pictures lie beside the page.
        """
        self._elsewhere, self._put = elsewhere, put
        self._content, self._room, self._most = content, most, most
        self.left_out: list[str] = []
        """Of each that was too large for the room that was left: whose it is, and its size."""

    def figure(self, picture: Picture, title: str, alt: str) -> str:
        """A picture with its facts, or what there is to say in its place."""
        data = self._content(picture.sha256) if picture.sha256 and picture.media_type in _TYPES else None
        facts, shown = _facts(picture), None
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
                f"<p class='note'>{_text(facts)}. It is not in this page, which holds up to "
                f"{text_of.size(self._most)} of pictures. {_text(there)}.</p>"
            )
        self._room -= len(shown.data)
        address = f"data:{shown.media_type};base64,{b64encode(shown.data).decode()}"
        image = f"<img src='{address}' width='{picture.width}' height='{picture.height}' alt='{_text(alt)}'>"
        image = f"<a href='{_text(shown.address)}'>{image}</a>" if shown.address else image
        return f"<figure class='drawn'>{image}<figcaption class='muted'>{_text(facts)}</figcaption></figure>"

    def remainder(self) -> str:
        """What is missing at the end of the file; empty: nothing is."""
        if not self.left_out:
            return ""
        lines = "".join(f"<li>{_text(each)}</li>" for each in self.left_out)
        many = text_of.number_of(len(self.left_out), "picture")
        return f"<h2>Left out for want of room: {many}</h2><ul class='muted'>{lines}</ul>"


def _facts(picture: Picture) -> str:
    what = "A glimpse of a picture" if picture.partial else "A picture"
    seed = "" if picture.seed is None else f", seed {picture.seed}"
    drawn = f", drawn as “{picture.revised_prompt}”" if picture.revised_prompt else ""
    return f"{what} of {picture.width} × {picture.height}{seed}{drawn}"


def _text(text: str) -> str:
    return escape(text.encode(errors="replace").decode(), quote=True)
