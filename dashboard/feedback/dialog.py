"""The dialog for one answer: stars, a note, tags. Each is saved as it is entered.

What could not be saved is said, and stays in its field, also when the dialog is closed and opened again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.feedback.store import Saying
from dashboard.feedback.view import in_words
from dashboard.markdown_escape import plain
from prompts.core.feedback import MOST_TAGS, MarkError
from prompts.core.run import Lane
from prompts.record.feedback_store import Said
from prompts.record.recorder import RecordError

Closed = Callable[[Saying, Lane, Mapping[str, Said], str | None], None]
"""What is told of the end of the dialog: whose answer, what was said before, and what is not saved."""


def open_dialog(says: Saying, lane: Lane) -> None:
    """From the next drawing of the page on, until it is closed."""
    session, mine = st.session_state, says.mark(lane)
    session[state.MARKING], session[state.MARK_PROBLEM], session[state.MARKED_BEFORE] = lane.id, None, says.now()
    session[state.STARS + lane.id] = mine.stars - 1 if mine.stars else None
    session[state.NOTE + lane.id] = session.get(state.UNSAVED_NOTE + lane.id, mine.note)
    session[state.TAGS + lane.id] = list(lane.tags)


def show_dialog(says: Saying | None, lanes: Sequence[Lane], on_close: Closed) -> None:
    """The dialog, if it is open for one of these answers."""
    lane = next((lane for lane in lanes if lane.id == st.session_state.get(state.MARKING)), None)
    if says is not None and lane is not None:
        # Closed by its button only: Escape would throw away a note that is being typed.
        dialog = st.dialog("Rate and note", icon=":material/rate_review:", dismissible=False)
        dialog(_contents)(says, lane, partial(_close, says, lane, on_close))


def _contents(says: Saying, lane: Lane, close: Callable[[], None]) -> None:
    st.caption(plain(f"{lane.target}. Everything is saved as you enter it."))
    args = (says, lane)
    st.feedback("stars", key=state.STARS + lane.id, on_change=_rate, args=args)
    st.multiselect(
        "Tags", sorted({*_known_tags(says), *lane.tags}), key=state.TAGS + lane.id, accept_new_options=True,
        max_selections=MOST_TAGS, placeholder="Choose one, or type a new one", on_change=_tag, args=args,
        select_all=False,
        help="Words to find answers by. They belong to everybody.",
    )  # fmt: skip
    st.text_area(
        "Note", key=state.NOTE + lane.id, height=120, on_change=_write, args=args,
        placeholder="What is good about it, and what is wrong?",
    )  # fmt: skip
    if problem := st.session_state.get(state.MARK_PROBLEM):
        st.error(plain(problem), title="Not saved", icon=":material/error:")
    for mark in lane.marks:
        if mark.person != says.person:
            st.caption(plain(f"{mark.person or 'Without a login'}: {in_words(mark)}"))
    st.button("Done", key="marks-done", type="primary", on_click=_done, args=(says, lane, close))
    if st.session_state.get(state.MARKING) is None:
        st.rerun()


def _known_tags(says: Saying) -> tuple[str, ...]:
    try:
        return says.archive.known_tags()
    except RecordError as exc:
        st.caption(plain(f"The tags in use cannot be read. {exc}"))
        return ()


def _rate(says: Saying, lane: Lane) -> None:
    picked: int | None = st.session_state.get(state.STARS + lane.id)
    stars = None if picked is None else picked + 1
    _try(lambda: says.say(lane, lambda mark: replace(mark, stars=stars)))


def _write(says: Saying, lane: Lane) -> None:
    note: str = st.session_state.get(state.NOTE + lane.id) or ""
    st.session_state[state.UNSAVED_NOTE + lane.id] = note
    if _try(lambda: says.say(lane, lambda mark: replace(mark, note=note))):
        del st.session_state[state.UNSAVED_NOTE + lane.id]


def _tag(says: Saying, lane: Lane) -> None:
    wanted: list[str] = st.session_state.get(state.TAGS + lane.id) or []
    if _try(lambda: says.put_tags(lane, wanted)):
        st.session_state[state.TAGS + lane.id] = list(lane.tags)  # as they are spelled on record


def _done(says: Saying, lane: Lane, close: Callable[[], None]) -> None:
    """Close, but not before all is saved."""
    if state.UNSAVED_NOTE + lane.id in st.session_state:
        _write(says, lane)
    if st.session_state.get(state.MARK_PROBLEM) is None:
        close()


def _close(says: Saying, lane: Lane, on_close: Closed) -> None:
    st.session_state[state.MARKING] = None
    on_close(says, lane, st.session_state[state.MARKED_BEFORE], st.session_state.get(state.MARK_PROBLEM))


def _try(work: Callable[[], None]) -> bool:
    """Whether it was saved; if not, the dialog says why."""
    st.session_state[state.MARK_PROBLEM] = None
    try:
        work()
    except (MarkError, RecordError) as exc:
        st.session_state[state.MARK_PROBLEM] = str(exc)
    return st.session_state[state.MARK_PROBLEM] is None
