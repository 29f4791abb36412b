"""Feedback in the answer grid: what it shows, and what a click on a thumb, Best answer or Undo does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import time_ns

import streamlit as st

from dashboard import state
from dashboard.answer_grid.feedback_wire import ColumnMarks, Marks, Notice, Wish
from dashboard.answer_grid.view import ColumnView
from dashboard.engine import Engine
from dashboard.feedback.dialog import open_dialog
from dashboard.feedback.store import Saying
from dashboard.feedback.view import head_chips
from dashboard.markdown_escape import plain
from dashboard.user import person
from prompts.core.answer import Answer
from prompts.core.feedback import Mark, MarkError
from prompts.core.run import Run
from prompts.record.feedback_store import Said
from prompts.record.recorder import RecordError

_THUMBS = {1: "Good answer", -1: "Poor answer", 0: "Thumb removed"}
_BEST = {1: "Best answer", 0: "No longer the best answer"}


@dataclass(frozen=True, slots=True)
class Change:
    """The last change made in this session, and what is needed to undo it."""

    run_id: str
    completion_id: str
    number: int
    """Differs for each change, so that the same words are announced again."""
    text: str
    failed: bool
    before: Mapping[str, Said]
    """The feedback on every completion of the run before the change; empty if there is nothing to undo."""


def saying(core: Engine, run: Run) -> Saying | None:
    """The current person's feedback on a run; `None` if it cannot be recorded."""
    return Saying(core.archive, run, person()) if core.archive and run.keeps != "nothing" else None


def marks_of(says: Saying | None, answers: Sequence[Answer]) -> Marks | None:
    """The feedback for the grid to show; `None` where none can be given."""
    if says is None:
        return None
    shown: list[ColumnMarks] = []
    for answer in answers:
        mine = says.mark(answer)
        more = mine.stars is not None or bool(mine.note)
        described = {each.sha256: each.described for each in answer.pictures}
        shown.append(ColumnMarks(mine.thumb or 0, mine.best, more, head_chips(answer, says.person), described))
    return Marks(
        shown, partial(_follow, says, answers), st.session_state.get(state.MARKS_HEARD, 0), _notice(says, answers)
    )


def _notice(says: Saying, answers: Sequence[Answer]) -> Notice | None:
    change: Change | None = st.session_state.get(state.MARKED)
    if change is None or change.run_id != says.run.id:
        return None
    place = next((n for n, answer in enumerate(answers) if answer.id == change.completion_id), -1)
    return Notice(change.number, change.text, place, bool(change.before), change.failed)


def refresh(says: Saying | None) -> None:
    """Read what other people have said since; if that cannot be read, a caption says so."""
    try:
        if says is not None:
            says.read()
    except RecordError as exc:
        st.caption(plain(f"Ratings, notes and tags may be out of date. {exc}"))


def closed(says: Saying, answer: Answer, before: Mapping[str, Said], problem: str | None) -> None:
    """Call when the dialog of an answer was closed: says what was saved, or what was not (`problem`)."""
    title = _title(says.run, answer)
    if problem:
        _tell(says, answer, f"Not everything you say of {title} is saved. {problem}", {}, failed=True)
    elif before.get(answer.id) != says.now()[answer.id]:
        _tell(says, answer, f"Saved what you say of {title}.", before)


def _follow(says: Saying, answers: Sequence[Answer], wish: Wish) -> None:
    """Carry out one click, unless it was carried out already.

    Streamlit may abort a callback wherever it touches the session state, so a click counts as heard only when its work
    is done. The browser sends a click that was not heard again, and doing the work twice does no harm.
    """
    if wish.number <= st.session_state.get(state.MARKS_HEARD, 0):
        return
    answer, value = answers[wish.column], wish.value
    title = _title(says.run, answer)
    if wish.what == "more":
        open_dialog(says, answer)
    elif wish.what == "undo":
        _undo(says, answer)
    elif wish.what == "thumb":
        _do(says, answer, f"{_THUMBS[value]}: {title}.", lambda: says.say(answer, partial(_with_thumb, value)))
    else:
        _do(says, answer, f"{_BEST[value]}: {title}.", lambda: says.say(answer, partial(_with_best, value)))
    st.session_state[state.MARKS_HEARD] = wish.number


def _with_thumb(value: int, mark: Mark) -> Mark:
    return replace(mark, thumb=1 if value > 0 else -1 if value < 0 else None)


def _with_best(value: int, mark: Mark) -> Mark:
    return replace(mark, best=bool(value))


def _undo(says: Saying, answer: Answer) -> None:
    change: Change | None = st.session_state.get(state.MARKED)
    if change is not None and change.run_id == says.run.id and change.before:
        _do(says, answer, "Undone.", lambda: says.restore(change.before), undo=False)


def _do(says: Saying, answer: Answer, text: str, work: Callable[[], None], *, undo: bool = True) -> None:
    """Do the work, and show that it is done, or why not."""
    before = says.now()
    try:
        work()
    except (MarkError, RecordError) as exc:
        _tell(says, answer, f"Not saved. {exc}", {}, failed=True)
    else:
        _tell(says, answer, text, before if undo else {})


def _tell(says: Saying, answer: Answer, text: str, before: Mapping[str, Said], *, failed: bool = False) -> None:
    st.session_state[state.MARKED] = Change(says.run.id, answer.id, time_ns() // 1_000_000, text, failed, before)


def _title(run: Run, answer: Answer) -> str:
    return ColumnView(run, run.answer(answer.id), {}).title
