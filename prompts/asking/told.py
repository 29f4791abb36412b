"""Runs as one process tells another of them: whole at first, then what is new, a few times a tick.

Owns what travels, and that a mirror becomes what it mirrors. The measured path knows nothing of it: whoever tells
looks at the answers from time to time, so that any number of deltas is one message.
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
    """What is new of one answer."""

    answer: Answer
    """As it stands, without its texts and the turns before, which the plan holds; of contents, those not told yet."""
    text: str
    thinking: str
    anew: bool
    """The texts begin again; else they go on."""


@dataclass(frozen=True, slots=True)
class WholeRun:
    """A run with everything of it so far."""

    plan: Plan
    id: str
    created_at: datetime
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a run that was told whole before."""

    run_id: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RecordState:
    """Why nothing can be recorded; `None` when all is well."""

    problem: str | None


Event = WholeRun | News | RecordState


def whole(run: Run) -> WholeRun:
    """The run as it stands."""
    plan = Plan(**{each.name: getattr(run, each.name) for each in fields(Plan)})
    return WholeRun(plan, run.id, run.created_at, tuple(_piece(answer, 0, 0, anew=True) for answer in run.answers))


class Follower:
    """What one listener has been told of a run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._told: list[_Place] = [_place(answer) for answer in run.answers]

    def news(self) -> News | None:
        """What it has not been told yet; `None`: nothing is new."""
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
    """How far an answer was told."""

    answer: Answer
    """Every change but a delta makes another."""
    generation: tuple[int, int]
    text: int
    thinking: int


def _place(answer: Answer) -> _Place:
    return _Place(answer, _generation(answer), len(answer.text_parts), len(answer.thinking_parts))


def _generation(answer: Answer) -> tuple[int, int]:
    """Changes where the texts begin again."""
    return answer.attempt, answer.moves


def _piece(
    answer: Answer, text: int, thinking: int, *, anew: bool, known: frozenset[str] = frozenset()
) -> Piece:  # fmt: skip
    """`known`: the contents that were told before."""
    contents = {digest: data for digest, data in answer.contents.items() if digest not in known}
    bare = replace(
        answer, cell=replace(answer.cell, history=()), text_parts=(), thinking_parts=(), contents=contents
    )  # fmt: skip
    return Piece(bare, "".join(answer.text_parts[text:]), "".join(answer.thinking_parts[thinking:]), anew)


def mirror(told: WholeRun) -> Run:
    """A run of this process that shows the other's."""
    run = Run.of(told.plan, id=told.id, created_at=told.created_at)
    for live, piece in zip(run.live, told.pieces, strict=True):
        live.change(marks=piece.answer.marks, tags=piece.answer.tags)
        _follow(live, piece)
    return run


def catch_up(run: Run, told: WholeRun) -> None:
    """Bring a mirror up to a run that is told whole again."""
    for live, piece in zip(run.live, told.pieces, strict=True):
        was = live.now
        if _generation(was) != _generation(piece.answer):
            _follow(live, piece)
        else:  # its lists stay the same objects: whoever has drawn them goes on
            rest = replace(piece, text=piece.text[len(was.text) :], anew=False)
            _follow(live, replace(rest, thinking=piece.thinking[len("".join(was.thinking_parts)) :]))


def take_news(run: Run, told: News) -> None:
    """Bring a mirror up to what is new."""
    for piece in told.pieces:
        _follow(run.answer(piece.answer.id), piece)


def _follow(live: LiveAnswer, piece: Piece) -> None:
    live.follow(piece.answer, piece.text, piece.thinking, anew=piece.anew)
