"""The time marks of one stream and their meaning in seconds and rates: the definitions in docs/design/metrics.md.

Pure: instants are passed in as numbers, so every definition is tested by exact equality.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from providers.completion import Timings
from providers.interface import Delta, Flag, Usage
from providers.measuring.lateness import Pause, Span, longest
from providers.measuring.rate import TOKENS, WINDOW_S, Window

TOKENS_WITHOUT_TEXT = 32
"""By how many tokens the count may exceed the answer's bytes: marks of roles, channels and ends."""


@dataclass(slots=True)
class Steps:
    """The first and the last step that a server reported, and when."""

    first: int
    began: float
    last: int
    ended: float

    @property
    def rate(self) -> float | None:
        """Steps per second; `None` if the time between the two is too short."""
        length, many = self.ended - self.began, self.last - self.first
        return many / length if many > 0 and length >= WINDOW_S else None


@dataclass(slots=True)
class Marks:
    """Instants of one attempt, as readings of one monotonic clock in seconds. `None`: not yet."""

    t0: float
    end: float | None = None
    first_chunk: float | None = None
    last_chunk: float | None = None
    first_text: float | None = None
    """The first visible character of the answer; white space before it does not count."""
    last_text: float | None = None
    chunks: int = 0
    text: Window = field(default_factory=Window)
    """From the first visible answer text on."""
    all: Window | None = None
    """Thinking and answer together; `None` while there is no thinking."""
    first_picture: float | None = None
    """The first preview of a picture, or the picture itself."""
    final_picture: float | None = None
    """The last picture that was not a preview."""
    steps: Steps | None = None
    """`None` while no step of a picture was reported."""
    pauses: Sequence[Pause] = ()
    """When our own process did not run, as detected by `loop_lag.Pulse`."""

    def sign(self, now: float) -> None:
        """Note that something of the answer has arrived, even if it is not known yet what."""
        self.last_chunk = now
        if self.first_chunk is None:
            self.first_chunk = now

    def take(self, delta: Delta, now: float, arrived: float, waited: float) -> None:
        """Mark one non-empty delta seen at `now`; `arrived` and `waited` describe the read that brought it."""
        self.chunks += 1
        self.sign(now)
        size = len(delta.text)
        if self.all is None and delta.kind != "text":
            self.all = replace(self.text)
        if self.all is not None:
            self.all.take(size, arrived, waited)
        if delta.kind != "text":
            return
        if self.first_text is None:
            if not is_visible(delta.text):
                self.text.size += size
                return
            self.first_text = now
        self.last_text = now
        self.text.take(size, arrived, waited)

    def take_picture(self, now: float, *, partial: bool) -> None:
        """Mark a picture, or a preview of one, seen at `now`."""
        self.chunks += 1
        self.sign(now)
        if self.first_picture is None:
            self.first_picture = now
        if not partial:
            self.final_picture = now

    def take_step(self, number: int, now: float, *, late: bool = False) -> None:
        """Mark a step of a picture, reported at `now`; if it is reported `late`, its time is not known."""
        self.last_chunk = now  # a sign that it goes on, though nothing of the picture has arrived
        if late:
            return
        if self.steps is None or number <= self.steps.first:
            self.steps = Steps(number, now, number, now)
        elif number > self.steps.last:
            self.steps.last, self.steps.ended = number, now

    def text_was_thinking(self) -> None:
        """What was taken for answer text was thinking: the answer has not begun yet."""
        self.all = self.all or self.text
        self.text, self.first_text, self.last_text = Window(), None, None

    @property
    def thinking_seen(self) -> bool:
        """Whether any thinking was streamed."""
        return self.all is not None

    def since_start(self, instant: float | None) -> float | None:
        """Seconds from `t0`; `None` for `None`."""
        return None if instant is None else instant - self.t0


def is_visible(text: str) -> bool:
    """Whether it has anything visible: not just white space, a byte order mark, or characters of zero width."""
    return any(not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf") for char in text)


def timings(
    marks: Marks, usage: Usage | None, *, answer_bytes: int, sent: float | None, connected: float | None,
    headers: float | None, prepared: float | None = None,
) -> tuple[Timings, tuple[Flag, ...]]:  # fmt: skip
    """Seconds and rates of a finished attempt, and the flags that qualify them. `prepared` is in seconds already.

    `answer_bytes` is the size of the answer text in UTF-8.
    """
    rate, flags = _tokens_per_s(marks, usage, answer_bytes)
    text = marks.text
    speed = text.characters / text.length_s if text.holds_a_rate(_pause_s(marks, text)) else None
    return Timings(
        time_to_first_chunk_s=marks.since_start(marks.first_chunk),
        time_to_first_token_s=marks.since_start(marks.first_text),
        duration_s=marks.since_start(marks.end),
        output_tokens_per_s=rate,
        output_characters_per_s=speed,
        connected_s=marks.since_start(connected),
        sent_s=marks.since_start(sent),
        headers_s=marks.since_start(headers),
        time_to_last_token_s=marks.since_start(marks.last_text),
        prepare_s=prepared,
        time_to_first_picture_s=marks.since_start(marks.first_picture),
        time_to_final_picture_s=marks.since_start(marks.final_picture),
        steps_per_s=marks.steps.rate if marks.steps else None,
    ), flags  # fmt: skip


def _tokens_per_s(marks: Marks, usage: Usage | None, answer_bytes: int) -> tuple[float | None, tuple[Flag, ...]]:
    """Tokens in the window divided by its length; `None` if that would say nothing about the model."""
    if usage is None or usage.answer_tokens is None or marks.first_text is None:
        return None, ()
    if marks.all is not None and not usage.reasoning_tokens:
        # Answer and thinking tokens are counted together (0 is not a valid count of what was seen): use both windows.
        return _rate(marks.all, usage.output_tokens or 0, _pause_s(marks, marks.all)), ("rate_includes_thinking",)
    if usage.answer_tokens > answer_bytes + TOKENS_WITHOUT_TEXT:
        return None, ()  # no token is shorter than a byte, so the count includes thinking that is not shown
    return _rate(marks.text, usage.answer_tokens, _pause_s(marks, marks.text)), ()


def _rate(window: Window, counted: int, pause_s: float) -> float | None:
    tokens = window.tokens(counted)
    return tokens / window.length_s if tokens >= TOKENS and window.holds_a_rate(pause_s) else None


def _pause_s(marks: Marks, window: Window) -> float:
    """The longest pause of our own process within `window`."""
    return 0.0 if window.opened is None else longest(marks.pauses, since=window.opened)


def are_disturbed(marks: Marks, sent: float | None) -> bool:
    """Whether a time or rate shown exceeds the stated accuracy because our own process was paused.

    `sent`: when the request began to be sent; `None` if there is no network.
    """
    times = (marks.first_chunk, marks.first_text, marks.first_picture, marks.final_picture, marks.end)
    if any(Span(marks.t0, instant).is_late(marks.pauses, sent or marks.t0) for instant in times if instant is not None):
        return True
    windows = (marks.text, marks.all or marks.text)
    return any(_is_disturbed(marks, window) for window in windows if window.length_s >= WINDOW_S)


def _is_disturbed(marks: Marks, window: Window) -> bool:
    if window.opened is None or window.closed is None:
        return False
    late = Span(window.opened, window.closed).is_late(marks.pauses)
    return late or not window.was_attended(_pause_s(marks, window))
