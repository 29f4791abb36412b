"""What the answer grid shows and hears of marks: the shape of both, and the check of what a browser sends.

Owns no mark. A wish carries what shall be, not that something shall change: heard twice it does no harm,
and one that a later click overtook on its way is sent again with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast

_MOST = 100
"""Wishes that are listened to at once."""
_VALUES: Mapping[str, tuple[int, ...]] = {"thumb": (-1, 0, 1), "best": (0, 1), "more": (0,), "undo": (0,)}


@dataclass(frozen=True, slots=True)
class Wish:
    """One click."""

    number: int
    """Grows with every click of a browser."""
    column: int
    what: Literal["thumb", "best", "more", "undo"]
    """`more`: to rate and note; `undo`: to take back the last change, whose column does not matter."""
    value: int = 0
    """Thumb: 1, -1 or 0 for none. Best: 1 or 0."""


@dataclass(frozen=True, slots=True)
class ColumnMarks:
    """What is said of one answer: by whoever looks, and by everybody."""

    thumb: int = 0
    best: bool = False
    more: bool = False
    """They gave stars or wrote a note."""
    chips: Sequence[tuple[str, str, str]] = ()
    """Text, what it means, and its kind."""
    described: Mapping[str, str] = field(default_factory=dict[str, str])
    """By the digest of each of its pictures what somebody wrote of it; empty: nobody has."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What was just done."""

    number: int
    """Another one for each, so that the same words are said again."""
    text: str
    column: int
    """Whose; -1 where that is not on screen."""
    undo: bool
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a grid's columns."""

    columns: Sequence[ColumnMarks]
    on_wish: Callable[[Wish], object]
    heard: int = 0
    """The number of the last wish that was followed, or refused in words."""
    notice: Notice | None = None


def as_data(marks: Marks | None) -> dict[str, Any] | None:
    """For the browser."""
    if marks is None:
        return None
    notice = asdict(marks.notice) if marks.notice else None
    return {"heard": marks.heard, "columns": [asdict(column) for column in marks.columns], "notice": notice}


def follow(marks: Marks | None, sent: object) -> None:
    """Do what a browser sent, as far as it makes sense."""
    if marks is not None:
        for wish in wishes(sent, len(marks.columns)):
            marks.on_wish(wish)


def wishes(sent: object, columns: int) -> Iterator[Wish]:
    """What of `sent` makes sense."""
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
