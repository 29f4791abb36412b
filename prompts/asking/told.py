"""Runs as one process reports them to another: whole at first, then only changes, many times a second.

Owns what is transmitted, and that a mirror becomes equal to its original. The code that measures is not involved: the
reporting side looks at the answers from time to time, so that any number of deltas becomes one message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime

from prompts.core.answer import Answer, LiveAnswer
from prompts.core.plan import Plan
from prompts.core.run import Run


@dataclass(frozen=True, slots=True)
class Piece:
    """What is new in one answer."""

    answer: Answer
    """Its present state without text, thinking and history (which the plan has);
    `contents` has only those not sent before."""
    text: str
    thinking: str
    anew: bool
    """Whether `text` and `thinking` replace the earlier ones; else they are appended."""


@dataclass(frozen=True, slots=True)
class WholeRun:
    """A run with everything it has so far."""

    plan: Plan
    id: str
    created_at: datetime
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a run that was sent whole before."""

    run_id: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RecordState:
    """Why nothing can be recorded; `None` if all is well."""

    problem: str | None


Event = WholeRun | News | RecordState


def whole(run: Run) -> WholeRun:
    """The run in its present state, ready to be sent."""
    plan = Plan(**{each.name: getattr(run, each.name) for each in fields(Plan)})
    return WholeRun(plan, run.id, run.created_at, tuple(_piece(answer, 0, 0, anew=True) for answer in run.answers))


class Follower:
    """Tracks what one listener has been sent of a run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._told: list[_Place] = [_place(answer) for answer in run.answers]

    def news(self) -> News | None:
        """What is new since the last call; `None` if nothing is."""
        pieces = tuple(self._pieces())
        return News(self._run.id, pieces) if pieces else None

    def _pieces(self) -> Iterator[Piece]:
        for number, answer in enumerate(self._run.answers):
            told, now = self._told[number], _place(answer)
            if told.answer is answer and (told.text, told.thinking) == (now.text, now.thinking):
                continue
            self._told[number] = now
            anew = told.generation != now.generation
            known = frozenset[str]() if anew else frozenset(told.answer.contents)
            yield _piece(answer, 0 if anew else told.text, 0 if anew else told.thinking, anew=anew, known=known)


@dataclass(frozen=True, slots=True)
class _Place:
    """How much of an answer was sent."""

    answer: Answer
    """Compared by identity: every change but a delta makes a new object."""
    generation: tuple[int, int]
    text: int
    thinking: int


def _place(answer: Answer) -> _Place:
    return _Place(answer, _generation(answer), len(answer.text_parts), len(answer.thinking_parts))


def _generation(answer: Answer) -> tuple[int, int]:
    """Changes when the texts begin again from empty."""
    return answer.attempt, answer.moves


def _piece(
    answer: Answer, text: int, thinking: int, *, anew: bool, known: frozenset[str] = frozenset()
) -> Piece:  # fmt: skip
    """What is new in `answer` from the given counts of parts on.

    `known`: the digests of contents that were sent before.
    """
    contents = {digest: data for digest, data in answer.contents.items() if digest not in known}
    bare = replace(
        answer, cell=replace(answer.cell, history=()), text_parts=(), thinking_parts=(), contents=contents
    )  # fmt: skip
    return Piece(bare, "".join(answer.text_parts[text:]), "".join(answer.thinking_parts[thinking:]), anew)


def mirror(told: WholeRun) -> Run:
    """A run of this process that shows one of the other's."""
    run = Run.of(told.plan, id=told.id, created_at=told.created_at)
    for live, piece in zip(run.live, told.pieces, strict=True):
        live.change(marks=piece.answer.marks, tags=piece.answer.tags)
        _follow(live, piece)
    return run


def catch_up(run: Run, told: WholeRun) -> None:
    """Update a mirror from a run that is sent whole again."""
    for live, piece in zip(run.live, told.pieces, strict=True):
        was = live.now
        if _generation(was) != _generation(piece.answer):
            _follow(live, piece)
        else:  # only appended to, so that those who have drawn the text can go on
            rest = replace(piece, text=piece.text[len(was.text) :], anew=False)
            _follow(live, replace(rest, thinking=piece.thinking[len("".join(was.thinking_parts)) :]))


def take_news(run: Run, told: News) -> None:
    """Update a mirror with what is new."""
    for piece in told.pieces:
        _follow(run.answer(piece.answer.id), piece)


def _follow(live: LiveAnswer, piece: Piece) -> None:
    live.follow(piece.answer, piece.text, piece.thinking, anew=piece.anew)
