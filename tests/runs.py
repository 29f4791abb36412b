"""Runs and answers for tests, in one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from prompts.core.answer import Answer, LiveAnswer
from prompts.core.plan import Cell, Plan, plan
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.completion import Completion
from providers.interface import Delta

_PLAN = {field.name for field in fields(Plan)}
_CELL = {field.name for field in fields(Cell)}


def started(prompt: str, targets: list[Target], **more: Any) -> Run:
    """A run of `plan(...)`; `person`, `link`, `id` and `created_at` as given."""
    later = {name: more.pop(name) for name in ("id", "created_at", "person", "link") if name in more}
    made = plan(prompt, targets, **more)
    return run_of(prompt, [Answer(cell) for cell in made.cells], **{**_given(made), **later})


def run_of(prompt: str, answers: Sequence[Answer], **more: Any) -> Run:
    """A run of these answers."""
    planned = {name: more.pop(name) for name in list(more) if name in _PLAN and name not in ("prompt", "cells")}
    return Run.of(Plan(prompt, tuple(answer.cell for answer in answers), **planned), answers=answers, **more)


def answer_of(
    target: Target, position: int = 0, column: int = 0, repeat: int = 0, *, done: Completion | None = None, **more: Any
) -> Answer:
    """An answer; with `done` it has its outcome."""
    cell = Cell(target, position, column, repeat, **{name: more.pop(name) for name in list(more) if name in _CELL})
    if done is not None:
        more = {"completion": done, "state": done.state, **more}
    return Answer(cell, **more)


def _given(made: Plan) -> dict[str, Any]:
    return {name: getattr(made, name) for name in _PLAN - {"prompt", "cells"}}


def ended(answer: Answer, done: Completion, note: str | None = None) -> Answer:
    """The same with another outcome."""
    return replace(answer, completion=done, state=done.state, note=note)


def asked(answer: Answer, **cell: Any) -> Answer:
    """The same, of another cell."""
    return replace(answer, cell=replace(answer.cell, **cell))


def with_cell(run: Run, number: int, **cell: Any) -> Run:
    """The run with one cell planned otherwise."""
    answers = [asked(each, **cell) if n == number else each for n, each in enumerate(run.answers)]
    cells = tuple(answer.cell for answer in answers)
    return replace(run, cells=cells, live=tuple(map(LiveAnswer, answers)))


def end(live: LiveAnswer, done: Completion, text: str = "") -> None:
    """One attempt with its text and outcome."""
    live.begin()
    if text:
        live.take(Delta("text", text))
    live.finish(done)


def as_run(plan: Plan) -> Run:
    """`plan`, started if it is not yet."""
    return plan if isinstance(plan, Run) else Run.of(plan)
