"""The marks of one stream and what they mean in seconds and rates: the definitions of design.md 4.

Pure: instants come in as numbers, so every definition is tested by exact equality.
"""

from __future__ import annotations

from dataclasses import dataclass

from providers.completion import Timings
from providers.interface import Delta, Flag, Usage


@dataclass(slots=True)
class Marks:
    """Instants of one attempt, as readings of one monotonic clock in seconds. `None` = not yet."""

    t0: float
    end: float | None = None
    first_chunk: float | None = None
    last_chunk: float | None = None
    first_text: float | None = None
    last_text: float | None = None
    first_text_read: int = 0
    """Which read of the network brought the first answer text (0 without a network)."""
    last_text_read: int = 0
    chunks: int = 0
    text_chunks: int = 0
    first_text_size: int = 0
    text_size: int = 0
    """Characters of answer text."""
    pause_s: float = 0.0
    """The longest time for which our own process did not run, as `pulse.Pulse` felt it."""

    def take(self, delta: Delta, now: float, read: int) -> None:
        """Mark one non-empty delta that arrived at `now`."""
        self.chunks += 1
        self.last_chunk = now
        if self.first_chunk is None:
            self.first_chunk = now
        if delta.kind != "text":
            return
        self.text_chunks += 1
        self.text_size += len(delta.text)
        self.last_text, self.last_text_read = now, read
        if self.first_text is None:
            self.first_text, self.first_text_read, self.first_text_size = now, read, len(delta.text)

    def since_start(self, instant: float | None) -> float | None:
        """Seconds from `t0`; `None` stays `None`."""
        return None if instant is None else instant - self.t0

    @property
    def thinking_seen(self) -> bool:
        """Whether any thinking was streamed."""
        return self.chunks > self.text_chunks

    @property
    def text_window_s(self) -> float | None:
        """First to last answer delta; `None` when no rate is in that.

        So it is when one read of the network brought them all, or when our own process was away for half as
        long: what had piled up then arrives at once.
        """
        if self.first_text is None or self.last_text is None or self.text_chunks < 2:
            return None
        one_read = self.last_text_read > 0 and self.first_text_read == self.last_text_read
        window = self.last_text - self.first_text
        return None if one_read or window <= 2 * self.pause_s else window


def timings(
    marks: Marks, usage: Usage | None, *, sent: float | None, connected: float | None, headers: float | None,
    prepared: float | None = None,
) -> tuple[Timings, tuple[Flag, ...]]:  # fmt: skip
    """Seconds and rates of a finished attempt, and the flags that qualify them. `prepared` is seconds already."""
    rate, flags = _tokens_per_s(marks, usage)
    window = marks.text_window_s
    return Timings(
        time_to_first_chunk_s=marks.since_start(marks.first_chunk),
        time_to_first_token_s=marks.since_start(marks.first_text),
        duration_s=marks.since_start(marks.end),
        output_tokens_per_s=rate,
        output_characters_per_s=(marks.text_size - marks.first_text_size) / window if window else None,
        connected_s=marks.since_start(connected),
        sent_s=marks.since_start(sent),
        headers_s=marks.since_start(headers),
        time_to_last_token_s=marks.since_start(marks.last_text),
        prepare_s=prepared,
    ), flags  # fmt: skip


def _tokens_per_s(marks: Marks, usage: Usage | None) -> tuple[float | None, tuple[Flag, ...]]:
    """(tokens - 1) / window: the first delta only opens the window, so its token is not counted."""
    window = marks.text_window_s
    if usage is None or usage.output_tokens is None or window is None:
        return None, ()
    if marks.thinking_seen and not usage.reasoning_tokens:
        # Answer and thinking tokens are counted together (0 is no count of what was seen): the window covers both.
        opened, closed = marks.first_chunk or marks.t0, marks.last_text or marks.t0
        return _rate(usage.output_tokens, closed - opened), ("rate_includes_thinking",)
    return _rate(usage.answer_tokens or 0, window), ()


def _rate(tokens: int, window: float) -> float | None:
    return (tokens - 1) / window if tokens >= 2 and window > 0 else None
