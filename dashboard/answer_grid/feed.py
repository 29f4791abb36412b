"""Finds out what a viewer of a run has not seen yet.

Draws each column once for all its viewers, and works out the small differences to send to each of them. Reads
what the engine's thread appends, never writes to it, and knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from time import perf_counter
from typing import TypedDict

from dashboard.answer_grid.blocks import Blocks, whole
from dashboard.answer_grid.markdown import plain
from dashboard.answer_grid.protocol import TONES, ColumnView, RunView, Tone
from prompts.core import format as text_of
from prompts.core.answer import LIVE
from prompts.core.format import STATES
from prompts.core.printable import visible
from providers.pictures import Picture

_SLICE = 8_000
"""Characters of one column drawn in one go, so that a long answer does not hold up the other streams."""
_SPEAKERS = {"user": "You", "assistant": "Answer"}
_REST = 80
"""An open block is drawn again only after this many times the time that its last drawing took (at most 1 s)."""


class Drawn(TypedDict):
    """A picture in a column; `name` is the last part of its address."""

    name: str
    width: int
    height: int
    partial: bool
    alt: str
    """Alternative text made by us, without the description that somebody wrote."""
    described: str
    told: list[tuple[str, str]]
    """Pairs of label and value: seed, settings used, revised prompt."""
    frame: str
    """For an animated picture, which of its frames is shown ("first of 12 frames"); empty for a still one."""
    moving: bool
    """Whether the whole animation is stored, for download."""


class Head(TypedDict):
    """Everything about a column except its text."""

    title: str
    subtitle: str
    mark: str | None
    label: str
    tone: Tone
    help: str
    live: bool
    askable: bool
    note: str | None
    figures: list[tuple[str, str, str]]
    problem: tuple[str, str, str | None] | None
    pictures: list[Drawn]


class Change(TypedDict, total=False):
    """What is new in one column. `reset`: forget what was shown of it before."""

    column: int
    reset: bool
    earlier: list[tuple[str, str]]
    """The earlier turns: who spoke, and what, as HTML; comes with `reset` only."""
    blocks: list[str]
    tail: tuple[int, str]
    """How many UTF-16 units of the tail shown before to keep, and what follows them."""
    thinking: str
    head: Head
    elapsed: float


class Drawing:
    """The HTML of one attempt of one column, drawn as far as the text has come."""

    def __init__(self, column: ColumnView, clock: Callable[[], float]) -> None:
        self.column = column
        self.attempt = column.attempt
        self.tail = ""
        self.drained = False
        self.earlier: list[tuple[str, str]] = []
        self._blocks = Blocks()
        self._clock = clock
        self._read = 0
        self._kept = ""
        self._stale = False
        self._rest_until = 0.0

    @property
    def closed(self) -> list[str]:
        """The HTML of the finished blocks."""
        return self._blocks.closed

    @property
    def begun(self) -> bool:
        """Whether all turns before this answer are drawn."""
        return len(self.earlier) >= len(self.column.earlier)

    def advance(self) -> bool:
        """Draw what has arrived, at most one slice; returns whether more is waiting to be drawn now."""
        if self.drained:
            return False
        if not self.begun:
            self.earlier.append(_turn(*self.column.earlier[len(self.earlier)]))
            if not self.begun:
                return True
        final = self.column.status not in LIVE  # read before the text: once the status is final, all text is there
        parts = self.column.text_parts[self._read :]
        if self.column.attempt != self.attempt:
            return False
        self._read += len(parts)
        text = self._kept + "".join(parts)
        self._kept = text[_SLICE:]
        self._blocks.feed(text[:_SLICE])
        if self._kept:
            return True
        if final:
            self._blocks.finish()
            self.tail, self.drained = "", True
        elif text:
            self._stale = True
        self._redraw_tail()
        return False

    def _redraw_tail(self) -> None:
        started = self._clock()
        if self._stale and not self.drained and started >= self._rest_until:
            self.tail = self._blocks.tail_html()
            ended = self._clock()
            self._stale, self._rest_until = False, ended + min(_REST * (ended - started), 1.0)


class Board:
    """The drawings of all columns of one run, shared by its viewers."""

    def __init__(self, run: RunView, clock: Callable[[], float] = perf_counter) -> None:
        self.run = run
        self._clock = clock
        self._drawings = [Drawing(column, clock) for column in run.columns]

    def drawing(self, column: int) -> Drawing:
        """The drawing of a column's current attempt."""
        if self._drawings[column].attempt != self.run.columns[column].attempt:
            self._drawings[column] = Drawing(self.run.columns[column], self._clock)
        return self._drawings[column]

    def shows(self, run: RunView) -> bool:
        """Whether `run` reads the same texts as the run drawn here, even if it is another view object."""
        pairs = zip(self.run.columns, run.columns, strict=False)
        return len(self.run.columns) == len(run.columns) and all(a.text_parts is b.text_parts for a, b in pairs)

    @property
    def drained(self) -> bool:
        """Whether the run has finished and all of it is drawn."""
        return self.run.finished and all(self.drawing(i).drained for i in range(len(self.run.columns)))


@dataclass(slots=True)
class _Seen:
    attempt: int = -1
    blocks: int = 0
    thinking: int = 0
    tail: str | None = None
    """`None`: unknown, because a viewer who resumes does not say what its screen shows there."""
    head: Head | None = None


class Viewer:
    """How far one viewer has come in a run."""

    def __init__(self, board: Board, cursor: str | None = None) -> None:
        self._board = board
        self._seen = _places(cursor, len(board.run.columns))

    @property
    def cursor(self) -> str:
        """Where to resume: attempt, blocks and pieces of thinking of each column."""
        return ",".join(f"{seen.attempt}.{seen.blocks}.{seen.thinking}" for seen in self._seen)

    def changes(self, column: int) -> tuple[Change | None, bool]:
        """What this viewer has not seen of a column (`None`: nothing), and whether more can be had at once."""
        seen, drawing = self._seen[column], self._board.drawing(column)
        more = drawing.advance()
        if not drawing.begun:
            return None, True
        change: Change = {}
        if seen.attempt != drawing.attempt or seen.blocks > len(drawing.closed):
            self._seen[column] = seen = _Seen(drawing.attempt)
            change["reset"] = True
            if drawing.earlier:
                change["earlier"] = drawing.earlier
        if blocks := drawing.closed[seen.blocks :]:
            change["blocks"] = blocks
            seen.blocks += len(blocks)
        if drawing.tail != seen.tail:
            keep = _common(seen.tail or "", drawing.tail)
            change["tail"] = len(drawing.tail[:keep].encode("utf-16-le")) // 2, drawing.tail[keep:]
            seen.tail = drawing.tail
        if thinking := drawing.column.thinking_parts[seen.thinking :]:
            change["thinking"] = "".join(thinking)
            seen.thinking += len(thinking)
        head = _head(drawing.column, drawing)
        if head != seen.head:
            change["head"] = seen.head = head
            if head["live"] and drawing.column.elapsed_s is not None:
                change["elapsed"] = round(drawing.column.elapsed_s, 2)
        if change:
            change["column"] = column
        return change or None, more


def _head(column: ColumnView, drawing: Drawing) -> Head:
    """The head of a column. A final status is shown only once all the text before it has been drawn.

    Names that others chose appear next to our own words here, so `visible` keeps them from reordering a line.
    """
    status = column.status
    if status not in LIVE and not drawing.drained:
        status = "streaming"
    label, explanation = STATES[status]
    label, tone = label.capitalize(), TONES[status]
    if status == "streaming" and column.thinking_parts and not column.text_parts:
        label = "Thinking"
    problem = column.problem
    return {
        "title": visible(column.title),
        "subtitle": visible(column.subtitle),
        "mark": column.mark and visible(column.mark),
        "label": label,
        "tone": tone,
        "help": explanation,
        "live": status in LIVE,
        "askable": column.askable,
        "note": column.note and visible(column.note),
        "figures": [(name, visible(value), visible(help)) for name, value, help in column.figures],
        "problem": (visible(problem.message), visible(problem.next_step), problem.without) if problem else None,
        "pictures": [_drawn(picture, column.alt(replace(picture, described=""))) for picture in column.pictures],
    }


def _drawn(picture: Picture, alt: str) -> Drawn:
    told = [
        ("Seed", str(picture.seed) if picture.seed is not None else ""),
        ("Drawn with", "; ".join(f"{name} {value}" for name, value in picture.drawn_with.items())),
        ("Drawn as", picture.revised_prompt or ""),
    ]
    return {
        "name": picture.sha256, "width": picture.width, "height": picture.height, "partial": picture.partial,
        "alt": alt, "described": picture.described, "told": [(what, visible(said)) for what, said in told if said],
        "frame": text_of.frame_shown(picture.frames), "moving": bool(picture.moving),
    }  # fmt: skip


@lru_cache(maxsize=512)  # every column of a conversation, and each further question, repeats them
def _turn(role: str, text: str) -> tuple[str, str]:
    return _SPEAKERS.get(role, role.capitalize()), whole(text) if role == "assistant" else plain(text)


def _places(cursor: str | None, columns: int) -> list[_Seen]:
    try:
        numbers = [tuple(map(int, place.split("."))) for place in (cursor or "").split(",")]
        seen = [_Seen(attempt, blocks, thinking) for attempt, blocks, thinking in numbers]
    except ValueError:
        seen = []
    in_order = len(seen) == columns and all(place.blocks >= 0 and place.thinking >= 0 for place in seen)
    return seen if in_order else [_Seen() for _ in range(columns)]


def _common(before: str, after: str) -> int:
    """Length, in characters, of the beginning that two texts share."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        if before.startswith(after[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low
