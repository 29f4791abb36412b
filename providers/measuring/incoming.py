"""Processes one answer as it arrives: separates thinking, repairs, collects, times and passes on text; times pictures.

Owns the two texts and the moment from which each piece counts. Refuses more than the limits allow. Pictures are
processed by `incoming_pictures.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from providers import errors
from providers.config.deadlines import Limits
from providers.interface import Delta, Moved
from providers.measuring.incoming_pictures import IncomingPictures
from providers.measuring.text_gatherer import Gatherer
from providers.measuring.thinking_tags import ThinkingTags
from providers.measuring.timing import Marks, is_visible
from providers.network.exchange import Exchange
from providers.pictures import Drawn, Shown, Step

Told = Delta | Moved | Shown | Step
"""What is reported to whoever waits for an answer while it arrives."""


class Incoming:
    """What has arrived so far. `marks` are those of the attempt, set when its clock starts."""

    def __init__(self, limits: Limits, seen: Exchange, on_delta: Callable[[Told], None], *, tags: bool) -> None:
        self.limits, self.exchange, self.on_delta = limits, seen, on_delta
        self.marks = Marks(t0=0.0)
        self.answer, self.thinking = Gatherer(), Gatherer()
        self.tags = ThinkingTags(lambda: self.answer.text) if tags else None
        self.pictures = IncomingPictures(on_delta)
        self._masked = False
        self.held_at: float | None = None
        """When the first visible text arrived that is held back because it may be a tag;
        `None` if none is held back."""

    @property
    def tagged(self) -> bool:
        """Whether thinking was found between tags."""
        return self.tags is not None and self.tags.found

    @property
    def masked(self) -> bool:
        """Whether one of our keys was found in it."""
        return self._masked or self.answer.masked or self.thinking.masked or self.pictures.masked

    @property
    def repaired(self) -> bool:
        """Whether anything in it had to be repaired."""
        return self.answer.repaired or self.thinking.repaired

    def take(self, item: Delta | Drawn | Step, now: float) -> None:
        """Process one piece that arrived at `now`. Raises `too_long` past a limit."""
        if isinstance(item, Drawn):
            self.marks.take_picture(now, partial=item.partial)
            self.pictures.take(item)
        elif isinstance(item, Step):
            self.marks.take_step(item.done, now, late=item.late)
            self.on_delta(item)
        elif item.text:
            self._take_text(item, now)

    def _take_text(self, delta: Delta, now: float) -> None:
        if self.tags is not None and delta.kind == "text" and self.tags.wakes(delta.text):
            if not is_visible(delta.text):
                self.marks.sign(now)  # white space may be held back for long, but cannot begin a tag
            self._read_tags(self.tags.read(delta.text), now)
            if not self.tags.holding:
                self.held_at = None
            elif self.held_at is None and is_visible(delta.text):
                self.held_at = now
        else:
            self._note(delta, now)

    def _read_tags(self, found: Iterable[Delta | Moved], now: float) -> None:
        since = self.held_at or now  # the first text in it was held back since then; a tag held back is not text
        for piece in found:
            if isinstance(piece, Moved):
                self._move()
            else:
                self._note(piece, since if piece.kind == "text" else now)
            since = now

    def _move(self) -> None:
        self._publish("text", self.answer.finish())
        moved, self.answer = self.answer, Gatherer()
        self.thinking.add(moved.text)
        self.thinking.repaired |= moved.repaired
        self._masked = self._masked or moved.masked
        self.marks.text_was_thinking()
        self.on_delta(Moved())

    def _note(self, delta: Delta, now: float) -> None:
        seen = self.exchange
        if seen.read_at is None:  # without a network there is only the delta itself
            self.marks.take(delta, now, now, now)
        else:
            self.marks.take(delta, now, seen.read_at, seen.waited_s)
        gatherer = self.answer if delta.kind == "text" else self.thinking
        kept = self._within(delta.text, gatherer.size)
        text = gatherer.add(kept)
        if text is delta.text:  # the usual case: nothing had to be repaired
            self.on_delta(delta)
        else:
            self._publish(delta.kind, text)
        if self.marks.chunks > self.limits.deltas:
            raise errors.error("too_long", f"stopped after {self.limits.deltas:,} pieces")
        if kept is not delta.text:
            raise errors.error("too_long", f"stopped at {self.limits.text_bytes / 2**20:g} MB of text")

    def _within(self, text: str, size: int) -> str:
        """As much of `text` as fits after `size` bytes; the very same object if all of it does."""
        room = self.limits.text_bytes - size
        if 4 * len(text) <= room:
            return text  # the usual case
        data = text.encode("utf-8", "surrogatepass")
        return text if len(data) <= room else data[: max(room, 0)].decode("utf-8", "ignore")

    def finish(self, clock: Callable[[], float]) -> None:
        """End of the answer: pass on what was held back because of a possible tag or split character."""
        if self.tags is not None and self.tags.holding:
            self._read_tags(self.tags.read("", final=True), self.marks.last_chunk or clock())
        self._publish("text", self.answer.finish())
        self._publish("thinking", self.thinking.finish())

    def _publish(self, kind: Literal["text", "thinking"], text: str) -> None:
        if text:
            self.on_delta(Delta(kind, text))
