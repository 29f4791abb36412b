"""Marks in the grid: what it shows of them, and what a click on a thumb, Best answer or Undo does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import time_ns

import streamlit as st

from dashboard import state
from dashboard.answer_grid.feedback_wire import LaneMarks, Marks, Notice, Wish
from dashboard.answer_grid.view import LaneView
from dashboard.engine import Engine
from dashboard.feedback.dialog import open_dialog
from dashboard.feedback.store import Saying
from dashboard.feedback.view import head_chips
from dashboard.markdown_escape import plain
from dashboard.user import person
from prompts.core.feedback import Mark, MarkError
from prompts.core.run import Lane, Run
from prompts.record.feedback_store import Said
from prompts.record.recorder import RecordError

_THUMBS = {1: "Good answer", -1: "Poor answer", 0: "No thumb any more"}
_BEST = {1: "Best answer", 0: "No longer the best answer"}


@dataclass(frozen=True, slots=True)
class Change:
    """The last change that this session made, and how to take it back."""

    run_id: str
    completion_id: str
    number: int
    """Another one for each, so that the same words are said again."""
    text: str
    failed: bool
    before: Mapping[str, Said]
    """What was said of every completion of the run; empty: there is nothing to take back."""


def saying(core: Engine, run: Run) -> Saying | None:
    """What whoever is here says of a run; `None` where there is no record to keep it in."""
    return Saying(core.archive, run, person()) if core.archive and run.keeps != "nothing" else None


def marks_of(says: Saying | None, lanes: Sequence[Lane]) -> Marks | None:
    """What the grid shows."""
    if says is None:
        return None
    shown: list[LaneMarks] = []
    for lane in lanes:
        mine = says.mark(lane)
        more = mine.stars is not None or bool(mine.note)
        shown.append(LaneMarks(mine.thumb or 0, mine.best, more, head_chips(lane, says.person)))
    return Marks(shown, partial(_follow, says, lanes), st.session_state.get(state.MARKS_HEARD, 0), _notice(says, lanes))


def _notice(says: Saying, lanes: Sequence[Lane]) -> Notice | None:
    change: Change | None = st.session_state.get(state.MARKED)
    if change is None or change.run_id != says.run.id:
        return None
    place = next((n for n, lane in enumerate(lanes) if lane.id == change.completion_id), -1)
    return Notice(change.number, change.text, place, bool(change.before), change.failed)


def refresh(says: Saying | None) -> None:
    """Take over what other people have said since; a caption where that cannot be read."""
    try:
        if says is not None:
            says.read()
    except RecordError as exc:
        st.caption(plain(f"Ratings, notes and tags may be out of date. {exc}"))


def closed(says: Saying, lane: Lane, before: Mapping[str, Said], problem: str | None) -> None:
    """The dialog of an answer was closed."""
    title = _title(says.run, lane)
    if problem:
        _tell(says, lane, f"Not everything you say of {title} is saved. {problem}", {}, failed=True)
    elif before.get(lane.id) != (lane.marks, lane.tags):
        _tell(says, lane, f"Saved what you say of {title}.", before)


def _follow(says: Saying, lanes: Sequence[Lane], wish: Wish) -> None:
    """One click; one that was followed already is not followed again.

    Streamlit may break a callback off wherever it touches the session, so a click counts as heard when its work is
    done: the browser tells one again that was not, and no work here does harm when it is done twice.
    """
    if wish.number <= st.session_state.get(state.MARKS_HEARD, 0):
        return
    lane, value = lanes[wish.lane], wish.value
    title = _title(says.run, lane)
    if wish.what == "more":
        open_dialog(says, lane)
    elif wish.what == "undo":
        _undo(says, lane)
    elif wish.what == "thumb":
        _do(says, lane, f"{_THUMBS[value]}: {title}.", lambda: says.say(lane, partial(_with_thumb, value)))
    else:
        _do(says, lane, f"{_BEST[value]}: {title}.", lambda: says.say(lane, partial(_with_best, value)))
    st.session_state[state.MARKS_HEARD] = wish.number


def _with_thumb(value: int, mark: Mark) -> Mark:
    return replace(mark, thumb=1 if value > 0 else -1 if value < 0 else None)


def _with_best(value: int, mark: Mark) -> Mark:
    return replace(mark, best=bool(value))


def _undo(says: Saying, lane: Lane) -> None:
    change: Change | None = st.session_state.get(state.MARKED)
    if change is not None and change.run_id == says.run.id and change.before:
        _do(says, lane, "Taken back.", lambda: says.restore(change.before), undo=False)


def _do(says: Saying, lane: Lane, text: str, work: Callable[[], None], *, undo: bool = True) -> None:
    """Do it, and say that it is done, or why not."""
    before = says.now()
    try:
        work()
    except (MarkError, RecordError) as exc:
        _tell(says, lane, f"Not saved. {exc}", {}, failed=True)
    else:
        _tell(says, lane, text, before if undo else {})


def _tell(says: Saying, lane: Lane, text: str, before: Mapping[str, Said], *, failed: bool = False) -> None:
    st.session_state[state.MARKED] = Change(says.run.id, lane.id, time_ns() // 1_000_000, text, failed, before)


def _title(run: Run, lane: Lane) -> str:
    return LaneView(run, lane, {}).title
