"""Pictures inside of a file of HTML, as far as there is room for them.

Owns the bound and what is said of a picture that is not in the file. Each is as it was made anew when it came.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

from prompts.core import format as text_of
from prompts.core.printable import escape
from providers.pictures import Picture

MOST_BYTES = 48_000_000
"""Of all pictures in one file: mail and browsers take that. In it they are a third larger."""
_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})


class Embedded:
    """The pictures of one file, put in as they come, until there is no more room."""

    def __init__(
        self, content: Callable[[str], bytes | None], most: int = MOST_BYTES,
        elsewhere: str = "JSON Lines with pictures",
    ) -> None:  # fmt: skip
        """`content` gives a picture by its digest; `None`: it is not kept, or no longer. `elsewhere`: what has all."""
        self._elsewhere = elsewhere
        self._content, self._room, self._most = content, most, most
        self.left_out: list[str] = []
        """Of each that was too large for the room that was left: whose it is, and its size."""

    def figure(self, picture: Picture, title: str, alt: str) -> str:
        """A picture with its facts, or what there is to say in its place."""
        data = self._content(picture.sha256) if picture.sha256 and picture.media_type in _TYPES else None
        facts = _facts(picture)
        if data is None:
            return f"<p class='note'>{_text(facts)}. Its content is not on record, or cannot be read just now.</p>"
        if len(data) > self._room:
            self.left_out.append(f"{title}, {picture.width} × {picture.height}, {text_of.size(len(data))}")
            return (
                f"<p class='note'>{_text(facts)}. It is not in this page, which holds up to "
                f"{text_of.size(self._most)} of pictures; {self._elsewhere} has it.</p>"
            )
        self._room -= len(data)
        address = f"data:{picture.media_type};base64,{b64encode(data).decode()}"
        return (
            f"<figure class='drawn'><img src='{address}' width='{picture.width}' height='{picture.height}' "
            f"alt='{_text(alt)}'><figcaption class='muted'>{_text(facts)}</figcaption></figure>"
        )

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
