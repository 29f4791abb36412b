"""An experiment with its cells, results and ratings, read once and then kept until something changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import streamlit as st

from dashboard import state
from dashboard.engine import engine
from dashboard.user import person
from prompts.asking.runner import Connections
from prompts.core.feedback import Mark
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.matrix import Row, matrix
from prompts.experiments.results import Results, results
from prompts.record.rights import OPERATOR, Actor

GOOD_STARS = 4
"""From so many stars on an answer counts as good; one star less counts as neither good nor bad."""


class OnRecord(Protocol):
    """The part of `Experiments` that the results need."""

    def list(self, person: str | None = None) -> Sequence[Experiment]: ...
    def cells(self, id: str) -> Sequence[AskedCell]: ...
    async def ask_again(
        self, id: str, cells: Sequence[AskedCell | str], connections: Connections, by: Actor = OPERATOR
    ) -> None: ...


def on_record() -> OnRecord | None:
    """The experiments on record; `None` while there is no record."""
    return engine().experiments


@dataclass(frozen=True, slots=True)
class Loaded:
    """One experiment as the page shows it."""

    experiment: Experiment
    cells: Sequence[AskedCell]
    results: Results
    rows: tuple[Row, ...]
    ratings: Mapping[str, bool]
    """Whether an answer was rated good, by its completion's id; the viewer's own rating wins over those of others."""


def load(experiment: Experiment, cells: Sequence[AskedCell], ratings: Mapping[str, bool]) -> Loaded:
    """An experiment with results and rows computed from what was read."""
    return Loaded(experiment, cells, results(experiment, cells), matrix(experiment, cells), ratings)


Key = tuple[object, ...]
_held: OrderedDict[Key, Sequence[AskedCell]] = OrderedDict()
_lock = Lock()
HELD = 4
"""Experiments whose cells are held in memory for all sessions: reading thousands of answers takes a while."""


def loaded(experiment: Experiment) -> Loaded | None:
    """The experiment, read anew only if it has changed; `None` without a record. Raises `RecordError`."""
    record = on_record()
    if record is None:
        return None
    cells = read(record, experiment)
    held = st.session_state.get(state.RESULTS)
    if not isinstance(held, Loaded) or held.cells is not cells:
        held = st.session_state[state.RESULTS] = load(experiment, cells, _ratings(cells))
    return held


def read(record: OnRecord, experiment: Experiment) -> Sequence[AskedCell]:
    """The cells of an experiment: the same object until something changes. Raises `RecordError`.

    Asking again may change answers but no count, so what is held of an experiment is dropped when it is seen running.
    """
    plan = experiment.plan
    key = (experiment.id, experiment.stage, tuple(sorted(experiment.counts.items())), plan.checks, plan.name)
    with _lock:
        if experiment.stage == "running":
            for other in [each for each in _held if each[0] == experiment.id and each != key]:
                del _held[other]
        if key in _held:
            _held.move_to_end(key)
            return _held[key]
    cells = record.cells(experiment.id)
    with _lock:
        _held[key] = cells
        while len(_held) > HELD:
            _held.popitem(last=False)
    return cells


def forget() -> None:
    """Read everything anew: call when something was rated, checked again or asked again."""
    st.session_state.pop(state.RESULTS, None)
    with _lock:
        _held.clear()


def _ratings(cells: Sequence[AskedCell]) -> dict[str, bool]:
    archive = engine().archive
    if archive is None:
        return {}
    said = archive.marks([cell.completion_id for cell in cells if cell.answered])
    found = {id: rated(marks, person()) for id, (marks, _) in said.items()}
    return {id: good for id, good in found.items() if good is not None}


def rated(marks: Sequence[Mark], me: str) -> bool | None:
    """Whether an answer is good: by the mark of `me`, else by the majority; `None` if nobody says, or it is a tie."""
    own = [said for mark in marks if mark.person == me and (said := _good(mark)) is not None]
    said = own or [each for mark in marks if (each := _good(mark)) is not None]
    return None if not said or 2 * sum(said) == len(said) else 2 * sum(said) > len(said)


def _good(mark: Mark) -> bool | None:
    if mark.thumb is not None:
        return mark.thumb == 1
    if mark.stars is None or mark.stars == GOOD_STARS - 1:
        return None
    return mark.stars >= GOOD_STARS
