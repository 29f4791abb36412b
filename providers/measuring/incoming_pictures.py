"""Processes the pictures of one answer as they arrive: timed at arrival, then decoded and re-encoded in a thread.

Ensures that decoding delays neither the clock nor what arrives next. Owns the order in which pictures are shown, and
which of them counts: a preview is shown while it is the newest, and kept only if the picture itself never came. Refuses
more pictures than the limits allow.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from hashlib import sha256

from providers import errors
from providers.echoes import without_keys
from providers.errors import Failure
from providers.files.bare_picture import DamagedError
from providers.files.pictures import TooManyPixelsError
from providers.files.remade import Remade, remade, why
from providers.files.written_settings import completed
from providers.pictures import Drawn, Picture, Shown

MOST = 16
"""The most pictures of one answer; one is requested."""
MOST_PREVIEWS = 1000
WIRE_BYTES = 160 * 2**20
"""The most bytes read of one answer: pictures arrive as base64, a third larger than they are, after their previews."""
_DECODERS = ThreadPoolExecutor(os.cpu_count(), "pictures")
"""One picture for each core, in the order of arrival: of eight at once the first is not as late as the last."""


class IncomingPictures:
    """What has arrived so far. `on_shown` is called with each picture that may be shown, on the event loop."""

    def __init__(self, on_shown: Callable[[Shown], None]) -> None:
        self._on_shown = on_shown
        self._turn = asyncio.Lock()  # gives turns in the order of requests
        self._tasks: list[asyncio.Task[None]] = []
        self._previews = self._finals = 0
        self._final: list[Picture] = []
        self._preview: Picture | None = None
        self.failure: Failure | None = None
        """Why a picture that arrived cannot be shown; previews do not count."""
        self.odd_preview = False
        """Whether a preview could not be read."""
        self.masked = False
        """Whether one of our keys was found in the data about a picture."""

    def take(self, drawn: Drawn) -> None:
        """Process one picture that has just arrived. Raises `too_long` past a limit."""
        if drawn.partial:
            self._previews += 1
        else:
            self._finals += 1
        if self._finals > MOST or self._previews > MOST_PREVIEWS:
            raise errors.error("too_long", f"stopped after {self._finals + self._previews:,} pictures")
        self._tasks.append(asyncio.create_task(self._make(drawn, self._previews)))

    @property
    def made(self) -> tuple[Picture, ...]:
        """The pictures to keep, as far as they are decoded."""
        return tuple(self._final) or ((self._preview,) if self._preview else ())

    async def settled(self) -> None:
        """Wait until everything that arrived is decoded, or `failure` says why not. Raises nothing of its own."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _make(self, drawn: Drawn, number: int) -> None:
        async with self._turn:
            if drawn.partial and (number != self._previews or self._finals):
                return  # a newer one is shown already
            early = None if drawn.partial else self._early(drawn)
            try:
                work = partial(remade, drawn.data, quick=drawn.partial, early=early)
                made = await asyncio.get_running_loop().run_in_executor(_DECODERS, work)
            except (DamagedError, TooManyPixelsError) as exc:
                self._refuse(drawn, why(exc))
                return
            told = _picture(drawn, made)
            picture = without_keys(told)
            self.masked |= picture is not told
            if drawn.partial:
                self._preview = picture
            else:
                self._final.append(picture)
            self._on_shown(Shown(picture, made.data, made.moving.data))

    def _early(self, drawn: Drawn) -> Callable[[Remade], object]:
        """Shows a preview of a picture that is being encoded; it is told from a thread."""
        loop, preview = asyncio.get_running_loop(), replace(drawn, partial=True)

        def show(made: Remade) -> None:
            shown = Shown(without_keys(_picture(preview, made)), made.data)
            loop.call_soon_threadsafe(self._on_shown, shown)

        return show

    def _refuse(self, drawn: Drawn, reason: str) -> None:
        if drawn.partial:
            self.odd_preview = True
        else:
            # It was drawn, so it may be charged; repeating it needs consent.
            self.failure = errors.failure("protocol", f"the picture cannot be shown: {reason}", retry="ask")


def _picture(drawn: Drawn, made: Remade) -> Picture:
    arrived = Picture(
        sha256(made.data).hexdigest(), made.media_type, made.width, made.height, made.arrived_type, len(drawn.data),
        drawn.partial, drawn.seed, drawn.revised_prompt, drawn.drawn_with, made.metadata, frames=made.moving.frames,
        moving=made.moving.sha256,
    )  # fmt: skip
    return completed(arrived)
