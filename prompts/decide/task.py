"""What a model is wanted for, and which experiments are relevant to it.

Pure, except that it reads the library's files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from prompts.experiments.asked import Experiment
from prompts.experiments.library.library import library
from prompts.experiments.library.prompt import TASKS, LibraryError, Task
from prompts.experiments.plan import Plan

LONGEST = 200
"""How long a description may be, in characters."""
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a model is wanted for."""

    name: str
    experiments: tuple[str, ...] = ()
    """The ids of the relevant experiments."""
    collection: str | None = None
    """The id of a collection of runs whose ratings count; `None`: ratings of all runs."""


def kind(name: str) -> Task | None:
    """The task of the prompt library with that name; `None` for a person's own task."""
    return next((task for task in TASKS if task == name), None)


def fitting(name: str, experiments: Sequence[Experiment]) -> tuple[str, ...]:
    """The ids of the experiments relevant to a task of that name, newest first.

    The newest with that name; else those that use the library's prompts for the task; else those whose name, prompts or
    columns contain at least half of the words of the description.
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
            except LibraryError:  # the prompt was deleted; the experiment can still be chosen by hand
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
