"""What a model is wanted for, and which experiments say something about it. Pure, but for the library's files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from prompts.experiments.asked import Experiment
from prompts.experiments.library.library import library
from prompts.experiments.library.prompt import TASKS, LibraryError, Task
from prompts.experiments.plan import Plan

LONGEST = 200
"""Characters of a description."""
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a model is wanted for."""

    name: str
    experiments: tuple[str, ...] = ()
    """The ids of those that say something about it."""
    collection: str | None = None
    """The id of a collection of runs, whose ratings count; `None`: ratings of all runs."""


def kind(name: str) -> Task | None:
    """The task of the prompt library that is called so; `None`: it is a person's own."""
    return next((task for task in TASKS if task == name), None)


def fitting(name: str, experiments: Sequence[Experiment]) -> tuple[str, ...]:
    """The ids of the experiments that a task of that name is about, newest first.

    The one that is called so, else those whose prompts the library has for that task, else those in whose name, prompts
    or columns at least half of the words of the description stand.
    """
    if called := [each.id for each in experiments if each.plan.name == name]:
        return tuple(called[:1])
    if (task := kind(name)) is not None:
        return tuple(each.id for each in experiments if task in _kinds(each.plan))
    words = {word.rstrip("s") for word in _WORD.findall(name.casefold())}
    return tuple(
        each.id for each in experiments if words and 2 * sum(w in _text(each.plan) for w in words) >= len(words)
    )


def _kinds(plan: Plan) -> set[Task]:
    found: set[Task] = set()
    for wording in plan.wordings:
        if wording.source:
            try:
                found.add(library().find(wording.source.partition("@")[0]).prompt.task)
            except LibraryError:  # it was deleted since; the experiment can still be chosen by hand
                continue
    return found


def _text(plan: Plan) -> str:
    parts = (
        plan.name,
        *plan.cases.columns,
        *(w.prompt for w in plan.wordings),
        *(w.system or "" for w in plan.wordings),
    )
    return " ".join(parts).casefold()
