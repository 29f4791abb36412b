"""The pictures of one answer as they come: each timed at its arrival, then decoded and made anew in a thread.

Owns that no decoding stands in the way of the clock or of what arrives next, the order of what is shown, and which
picture counts: glimpses are shown while they are the newest, and kept only where the picture itself never came.
Refuses more of them than the limits allow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import sha256

from providers import errors
from providers.echoes import without_keys
from providers.errors import Failure
from providers.files.bare_picture import DamagedError
from providers.files.pictures import TooManyPixelsError
from providers.files.remade import Remade, remade, why
from providers.pictures import Drawn, Picture, Shown

MOST = 16
"""Pictures of one answer; one is asked for."""
MOST_GLIMPSES = 1000
WIRE_BYTES = 160 * 2**20
"""The most of one answer that is read: pictures come as text, a third larger than they are, after their glimpses."""


class IncomingPictures:
    """What has come so far. `on_shown` is told each picture that may be shown, on the event loop."""

    def __init__(self, on_shown: Callable[[Shown], None]) -> None:
        self._on_shown = on_shown
        self._turn = asyncio.Lock()  # hands out turns in the order in which they were asked for
        self._tasks: list[asyncio.Task[None]] = []
        self._glimpses = self._finals = 0
        self._final: list[Picture] = []
        self._glimpse: Picture | None = None
        self.failure: Failure | None = None
        """Why a picture that came cannot be shown; glimpses do not count."""
        self.odd_glimpse = False
        """A glimpse could not be read."""
        self.masked = False
        """A key of this computer stood in what was said of a picture."""

    def take(self, drawn: Drawn) -> None:
        """One picture that has just come. Raises `too_long` past a limit."""
        if drawn.partial:
            self._glimpses += 1
        else:
            self._finals += 1
        if self._finals > MOST or self._glimpses > MOST_GLIMPSES:
            raise errors.error("too_long", f"stopped after {self._finals + self._glimpses:,} pictures")
        self._tasks.append(asyncio.create_task(self._make(drawn, self._glimpses)))

    @property
    def made(self) -> tuple[Picture, ...]:
        """What is to be kept, as far as it is decoded."""
        return tuple(self._final) or ((self._glimpse,) if self._glimpse else ())

    async def settled(self) -> None:
        """Everything that came is decoded, or `failure` says why not. Raises nothing of its own."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _make(self, drawn: Drawn, number: int) -> None:
        async with self._turn:
            if drawn.partial and (number != self._glimpses or self._finals):
                return  # a newer one is there already
            try:
                made = await asyncio.to_thread(remade, drawn.data, quick=drawn.partial)
            except (DamagedError, TooManyPixelsError) as exc:
                self._refuse(drawn, why(exc))
                return
            told = _picture(drawn, made)
            picture = without_keys(told)
            self.masked |= picture is not told
            if drawn.partial:
                self._glimpse = picture
            else:
                self._final.append(picture)
            self._on_shown(Shown(picture, made.data, made.moving.data))

    def _refuse(self, drawn: Drawn, reason: str) -> None:
        if drawn.partial:
            self.odd_glimpse = True
        else:
            # It was drawn, so it may be charged: whoever asks again decides that.
            self.failure = errors.failure("protocol", f"the picture cannot be shown: {reason}", retry="ask")


def _picture(drawn: Drawn, made: Remade) -> Picture:
    return Picture(
        sha256(made.data).hexdigest(), made.media_type, made.width, made.height, made.arrived_type, len(drawn.data),
        drawn.partial, drawn.seed, drawn.revised_prompt, drawn.drawn_with, made.metadata, frames=made.moving.frames,
        moving=made.moving.sha256,
    )  # fmt: skip
