"""Feedback between the answer grid and the page: what the grid shows, what it sends, and the check of the latter.

Stores no mark. A wish carries the value that a mark should have, not a change to it, so one that arrives twice does
no harm, and one that a later click has overtaken is sent again together with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast

_MOST = 100
"""Wishes that are read from one message; further ones are dropped."""
_VALUES: Mapping[str, tuple[int, ...]] = {"thumb": (-1, 0, 1), "best": (0, 1), "more": (0,), "undo": (0,)}


@dataclass(frozen=True, slots=True)
class Wish:
    """One click on a feedback button."""

    number: int
    """Grows with every click of a browser."""
    column: int
    what: Literal["thumb", "best", "more", "undo"]
    """`more`: open the dialog for stars and notes; `undo`: take back the last change, whatever `column` says."""
    value: int = 0
    """Thumb: 1, -1 or 0 for none. Best: 1 or 0."""


@dataclass(frozen=True, slots=True)
class ColumnMarks:
    """The feedback on one answer: the viewer's own marks, and chips that sum up everybody's."""

    thumb: int = 0
    best: bool = False
    more: bool = False
    """Whether the viewer gave stars or wrote a note."""
    chips: Sequence[tuple[str, str, str]] = ()
    """Text, meaning and kind of each chip."""
    described: Mapping[str, str] = field(default_factory=dict[str, str])
    """Descriptions that people wrote of the answer's pictures, by the picture's digest."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message about what was just done."""

    number: int
    """Differs for each notice, so that the same words are announced again."""
    text: str
    column: int
    """The column it is about; -1 if that is not on screen."""
    undo: bool
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """The feedback on all columns of a grid, and who hears about clicks."""

    columns: Sequence[ColumnMarks]
    on_wish: Callable[[Wish], object]
    heard: int = 0
    """The number of the last wish that was carried out, or refused with a message."""
    notice: Notice | None = None


def as_data(marks: Marks | None) -> dict[str, Any] | None:
    """The marks as JSON for the browser; `None` where no feedback is offered."""
    if marks is None:
        return None
    notice = asdict(marks.notice) if marks.notice else None
    return {"heard": marks.heard, "columns": [asdict(column) for column in marks.columns], "notice": notice}


def follow(marks: Marks | None, sent: object) -> None:
    """Carry out what a browser sent, as far as it is valid."""
    if marks is not None:
        for wish in wishes(sent, len(marks.columns)):
            marks.on_wish(wish)


def wishes(sent: object, columns: int) -> Iterator[Wish]:
    """The valid wishes in what a browser sent; everything else is dropped."""
    for each in cast(list[object], sent)[:_MOST] if isinstance(sent, list) else ():
        if not isinstance(each, Mapping):
            continue
        wish = cast(Mapping[str, object], each)
        what, number, column, value = (wish.get(name) for name in ("what", "number", "column", "value"))
        known = isinstance(what, str) and value in _VALUES.get(what, ())
        if known and _whole(number) and column in range(columns):
            # A browser's 1 may arrive as 1.0.
            yield Wish(int(cast(float, number)), int(cast(float, column)), cast(Any, what), int(cast(float, value)))


def _whole(number: object) -> bool:
    return isinstance(number, int | float) and 0 <= number < 2**53 and number == int(number)
