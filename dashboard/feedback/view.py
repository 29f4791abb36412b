"""Feedback on an answer in words, for the head of its column, the table and the report. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Literal, NamedTuple

from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.feedback import Mark

SHOWN = 600
"""Characters of notes shown in a tooltip."""
TAGS_SHOWN = 2
"""The most tags named in the head of a column; of more, only the number is shown."""
_THUMBS = ((1, "up"), (-1, "down"))


class Chip(NamedTuple):
    """A small label with a tooltip (`help`)."""

    text: str
    help: str
    kind: Literal["best", "stars", "thumb", "note", "tag"]


def chips(answer: Answer, me: str | None = None) -> list[Chip]:
    """Everybody's feedback on an answer, combined. `me`: the viewer, who is called "you"."""

    def who(marks: Sequence[Mark]) -> str:
        return ", ".join(_name(mark, me) + _stale(answer, mark) for mark in marks)

    found: list[Chip] = []
    if best := [mark for mark in answer.marks if mark.best]:
        found.append(Chip("Best", f"The best answer of this run, says {who(best)}.", "best"))
    if rated := [mark for mark in answer.marks if mark.stars is not None]:
        given = "; ".join(f"{who([mark])}: {text_of.stars(mark.stars or 0)} of 5 stars" for mark in rated)
        several = f" Shown: the median of {len(rated)}." if len(rated) > 1 else ""
        middle = median([mark.stars or 0 for mark in rated])
        found.append(Chip(f"★ {text_of.stars(middle)}", f"{given}.{several}", "stars"))
    for thumb, word in _THUMBS:
        if thumbs := [mark for mark in answer.marks if mark.thumb == thumb]:
            text = f"thumb {word}" if len(thumbs) == 1 else f"{len(thumbs)} thumbs {word}"
            found.append(Chip(text, f"Says {who(thumbs)}.", "thumb"))
    if noted := [mark for mark in answer.marks if mark.note]:
        text = "\n".join(f"{who([mark])}: {mark.note}" for mark in noted)
        more = "… (“Rate and note” shows all of it)" if len(text) > SHOWN else ""
        found.append(Chip("1 note" if len(noted) == 1 else f"{len(noted)} notes", text[:SHOWN] + more, "note"))
    return found + [Chip(tag, "A tag. Everybody shares tags.", "tag") for tag in answer.tags]


def rating(answer: Answer) -> str | None:
    """Best, stars and thumbs in one line; `None` if nobody gave any."""
    return ", ".join(chip.text for chip in chips(answer) if chip.kind in ("best", "stars", "thumb")) or None


def head_chips(answer: Answer, me: str) -> list[Chip]:
    """The chips for the head of a column, where there is little room and the buttons already show one's own thumb."""
    others = any(mark.thumb and mark.person != me for mark in answer.marks)
    crowded = len(answer.tags) > TAGS_SHOWN
    found = [
        chip for chip in chips(answer, me)
        if (others or chip.kind != "thumb") and not (crowded and chip.kind == "tag")
    ]  # fmt: skip
    return [*found, Chip(f"{len(answer.tags)} tags", "; ".join(answer.tags), "tag")] if crowded else found


def in_words(mark: Mark) -> str:
    """All that one person says, in words."""
    words = ["Best answer"] if mark.best else []
    words += [f"{text_of.stars(mark.stars)} of 5 stars"] if mark.stars else []
    words += [f"thumb {word}" for thumb, word in _THUMBS if mark.thumb == thumb]
    return ". ".join(filter(None, (", ".join(words), mark.note)))


def stars(answer: Answer) -> float | None:
    """The median of all stars given, 1 to 5; `None` if nobody gave any."""
    given = [mark.stars for mark in answer.marks if mark.stars is not None]
    return float(median(given)) if given else None


def notes(answer: Answer) -> str | None:
    """Every note, each with its author if they were logged in; `None` if there are none."""
    said = [f"{mark.person}: {mark.note}" if mark.person else mark.note for mark in answer.marks if mark.note]
    return "\n".join(said) or None


def _name(mark: Mark, me: str | None) -> str:
    return "you" if mark.person == me else mark.person or "a person without a login"


def _stale(answer: Answer, mark: Mark) -> str:
    """A hint that a mark is older than the answer: marks stay when an answer is asked again."""
    asked = answer.completion.started_at if answer.completion else None
    earlier = asked is not None and mark.changed_at is not None and mark.changed_at < asked
    return " (of an earlier attempt)" if earlier else ""
