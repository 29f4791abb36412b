"""One answer of a run: what every reader sees of it, and the one place where it changes while it is asked.

A reader takes `LiveAnswer.now`, a consistent snapshot: every change replaces it. Only the text grows in place, so that
a delta costs no copy; an `Answer` that has ended holds all of it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from prompts.core.feedback import Mark
from prompts.core.plan import Cell
from prompts.core.targets import Target
from providers.completion import Completion, Cost, State
from providers.interface import Adjustment, Message, Moved, Sign
from providers.measuring.incoming import Told
from providers.pictures import Picture, Shown, Step

AnswerState = Literal["waiting", "preparing", "sent", "streaming"] | State
LIVE: frozenset[AnswerState] = frozenset({"waiting", "preparing", "sent", "streaming"})


@dataclass(frozen=True, slots=True)
class Answer:
    """The state of one cell's answer: live, from the record, or beside answers of other runs."""

    cell: Cell
    """What is asked; its target may lack a setting of the plan after a retry without it."""
    state: AnswerState = "waiting"
    note: str | None = None
    """Why it waits, or why it was not sent; `None` if there is nothing to say."""
    attempt: int = 0
    text_parts: Sequence[str] = ()
    """The text so far. Within an attempt it only grows, unless text turns out to be thinking and is moved."""
    thinking_parts: Sequence[str] = ()
    adjustments: tuple[Adjustment, ...] = ()
    completion: Completion | None = None
    spent: tuple[Cost, ...] = ()
    """The cost of each earlier attempt."""
    sent_at: float | None = None
    """A reading of `measure.monotonic`, for the clock on screen only; the measurement has its own."""
    marks: tuple[Mark, ...] = ()
    """Ratings and notes by people."""
    tags: tuple[str, ...] = ()
    interrupted_at: datetime | None = None
    """When it was found unfinished after its process had died; `None` otherwise, and once it is asked again."""
    label: str = ""
    """When its run was asked, as text, if it is shown beside answers of other runs; else empty."""
    asked: str = ""
    """Its run's prompt, if it is shown beside answers to other prompts; else empty."""
    sign: Sign | None = None
    """The server's last sign of life while no text arrives."""
    moves: int = 0
    """How often text so far turned out to be thinking, over all attempts."""
    pictures: tuple[Picture, ...] = ()
    """What has been drawn so far: the pictures, or until there is one the latest preview."""
    contents: Mapping[str, bytes] = field(default_factory=dict[str, bytes], repr=False)
    """The contents of those of its pictures that are in memory, by digest; the others are on record."""
    step: Step | None = None
    """How far the picture has progressed, if the server reports it."""

    @property
    def id(self) -> str:
        """The completion's id in the record."""
        return self.cell.id

    @property
    def target(self) -> Target:
        """Who is asked, and how."""
        return self.cell.target

    @property
    def position(self) -> int:
        """Its order within the run."""
        return self.cell.position

    @property
    def column(self) -> int:
        """The place of its target among the chosen ones."""
        return self.cell.column

    @property
    def repeat(self) -> int:
        """Which repeat it is, from 0; `WARM_UP` for one that does not count."""
        return self.cell.repeat

    @property
    def history(self) -> tuple[Message, ...]:
        """The turns before the prompt."""
        return self.cell.history

    @property
    def follows(self) -> str | None:
        """The id of the completion whose answer ends `history`; `None` if that is empty."""
        return self.cell.follows

    @property
    def counts(self) -> bool:
        """Whether it is an answer to compare, rather than a warm-up."""
        return self.cell.counts

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self.text_parts)

    @property
    def live(self) -> bool:
        """Whether it is still being asked."""
        return self.state in LIVE

    @property
    def costs(self) -> tuple[Cost, ...]:
        """The cost of each attempt that has ended."""
        return (*self.spent, self.completion.cost) if self.completion else self.spent


class LiveAnswer:
    """The changing state of an answer. The event loop that asks it writes; any thread may read `now`.

    Ratings are written by whoever reads the record, so every change takes a lock and none is lost.
    """

    __slots__ = ("_lock", "_text", "_thinking", "now")

    def __init__(self, now: Answer) -> None:
        self._lock = threading.Lock()
        # The same list objects are kept, by which those who drew them recognise them in other views.
        self._text: list[str] = _as_list(now.text_parts)
        self._thinking: list[str] = _as_list(now.thinking_parts)
        self.now = replace(now, text_parts=self._text, thinking_parts=self._thinking)

    def change(self, **fields: Any) -> None:
        """Replace fields of the answer."""
        with self._lock:
            self.now = replace(self.now, **fields)

    def begin(self, target: Target | None = None) -> None:
        """Start again as the next attempt, perhaps with other settings; lists that readers hold are not changed."""
        self._text, self._thinking = [], []
        was = self.now
        self.change(
            cell=was.cell if target is None else replace(was.cell, target=target),
            state="waiting", note=None, attempt=was.attempt + 1, text_parts=self._text, thinking_parts=self._thinking,
            completion=None, spent=was.costs, sent_at=None, interrupted_at=None, sign=None,
            pictures=(), contents={}, step=None,
        )  # fmt: skip

    def take(self, delta: Told) -> None:
        """Take in what arrives. If text turns out to be thinking,
        new lists are made, so those that readers hold do not change."""
        if isinstance(delta, Step):
            self.change(state="streaming", step=delta, sign=None)
            return
        if isinstance(delta, Shown):
            self._show(delta)
            return
        if isinstance(delta, Moved):
            self._text, self._thinking = [], [*self._thinking, *self._text]
            self.change(text_parts=self._text, thinking_parts=self._thinking, moves=self.now.moves + 1)
            return
        (self._text if delta.kind == "text" else self._thinking).append(delta.text)
        if self.now.state != "streaming" or self.now.sign is not None:
            self.change(state="streaming", sign=None)

    def _show(self, shown: Shown) -> None:
        before = [each for each in self.now.pictures if not each.partial]
        if shown.picture.partial and before:
            return
        pictures = (*before, shown.picture)
        held = {**self.now.contents, **shown.contents}
        contents = {digest: held[digest] for each in pictures for digest in each.contents}
        self.change(state="streaming", pictures=pictures, contents=contents, sign=None)

    def follow(self, now: Answer, text: str, thinking: str, *, anew: bool) -> None:
        """Take over the state that the asking process reports; texts are appended, or replaced if `anew`.

        Only new contents of pictures are sent. Ratings are kept from here, as they are not noted in that process.
        """
        with self._lock:
            if anew:
                self._text, self._thinking = [], []
            self._text += [text] if text else []  # before the state: who sees the end finds it all
            self._thinking += [thinking] if thinking else []
            was = self.now
            known = {**was.contents, **now.contents}
            named = (digest for each in now.pictures for digest in each.contents)
            contents = {digest: known[digest] for digest in named if digest in known}
            self.now = replace(
                now, contents=contents, cell=replace(was.cell, target=now.cell.target), text_parts=self._text,
                thinking_parts=self._thinking, marks=was.marks, tags=was.tags,
            )  # fmt: skip

    def finish(self, completion: Completion, note: str | None = None) -> None:
        """Set the outcome."""
        self.change(
            completion=completion, note=note, state=completion.state, sign=None, step=None,
            pictures=completion.pictures,
        )  # fmt: skip


def _as_list(parts: Sequence[str]) -> list[str]:
    return parts if isinstance(parts, list) else list(parts)
