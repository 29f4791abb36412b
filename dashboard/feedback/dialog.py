"""The dialog for one answer: stars, a note, tags and descriptions of pictures. Each is saved as it is entered.

What could not be saved is reported and stays in its field, even when the dialog is closed and opened again.
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
from dashboard.user import actor
from prompts.core.answer import Answer
from prompts.core.feedback import LONGEST_DESCRIPTION, MOST_TAGS, Mark, MarkError
from prompts.record.feedback_store import Said
from prompts.record.recorder import RecordError
from prompts.record.rights import refusal
from providers.pictures import Picture

Closed = Callable[[Saying, Answer, Mapping[str, Said], str | None], None]
"""Called when the dialog is closed, with the feedback before it was opened and why something was not saved, if so."""


def open_dialog(says: Saying, answer: Answer) -> None:
    """Open the dialog of this answer: it is shown from the next redraw until it is closed."""
    session, mine = st.session_state, says.mark(answer)
    session[state.MARKING], session[state.MARK_PROBLEM], session[state.MARKED_BEFORE] = answer.id, None, says.now()
    session[state.STARS + answer.id] = mine.stars - 1 if mine.stars else None
    session[state.NOTE + answer.id] = session.get(state.UNSAVED_NOTE + answer.id, mine.note)
    session[state.TAGS + answer.id] = list(says.current(answer).tags)
    for picture in _kept(answer):
        session[_described(answer, picture)] = picture.described


def show_dialog(says: Saying | None, answers: Sequence[Answer], on_close: Closed) -> None:
    """The dialog, if it is open for one of these answers."""
    answer = next((answer for answer in answers if answer.id == st.session_state.get(state.MARKING)), None)
    if says is not None and answer is not None:
        # Closed by its button only: Escape would throw away a note that is being typed.
        title = "Rate, note and describe" if _kept(answer) else "Rate and note"
        dialog = st.dialog(title, icon=":material/rate_review:", dismissible=False)
        dialog(_contents)(says, answer, partial(_close, says, answer, on_close))


def _contents(says: Saying, answer: Answer, close: Callable[[], None]) -> None:
    answer = says.current(answer)
    st.caption(plain(f"{answer.target}. Everything is saved as you enter it."))
    args = (says, answer)
    st.feedback("stars", key=state.STARS + answer.id, on_change=_rate, args=args)
    for picture in _kept(answer):
        _ask_description(says, answer, picture)
    st.multiselect(
        "Tags", sorted({*_known_tags(says), *answer.tags}), key=state.TAGS + answer.id, accept_new_options=True,
        max_selections=MOST_TAGS, placeholder="Choose one, or type a new one", on_change=_tag, args=args,
        select_all=False,
        help="Words to find answers by. Everybody shares them.",
    )  # fmt: skip
    st.text_area(
        "Note", key=state.NOTE + answer.id, height=120, on_change=_write, args=args,
        placeholder="What is good about it, and what is wrong?",
    )  # fmt: skip
    if problem := st.session_state.get(state.MARK_PROBLEM):
        st.error(plain(problem), title="Not saved", icon=":material/error:")
    for mark in answer.marks:
        if mark.person != says.person:
            st.caption(plain(f"{mark.person or 'Without a login'}: {in_words(mark)}"))
            _offer_removal(says, answer, mark)
    st.button("Done", key="marks-done", type="primary", on_click=_done, args=(says, answer, close))
    if st.session_state.get(state.MARKING) is None:
        st.rerun()


def _kept(answer: Answer) -> list[Picture]:
    """Its pictures that can be described: those that are on record and complete."""
    return [each for each in answer.pictures if each.sha256 and not each.partial]


def _described(answer: Answer, picture: Picture) -> str:
    return f"{state.DESCRIBED}{answer.id}-{picture.sha256}"


def _ask_description(says: Saying, answer: Answer, picture: Picture) -> None:
    st.text_area(
        "What the picture shows", key=_described(answer, picture), height=80, on_change=_describe,
        args=(says, answer, picture), max_chars=LONGEST_DESCRIPTION,
        placeholder="A white circle, left of the middle, on black",
        help="Alternative text: screen readers read it, here and in exports. Everybody shares it; without it they read "
        "only model and prompt.",
    )  # fmt: skip
    if picture.described_by:
        st.caption(plain(f"Written by {picture.described_by}."))


def _describe(says: Saying, answer: Answer, picture: Picture) -> None:
    _try(lambda: says.describe(answer, picture, st.session_state.get(_described(answer, picture)) or ""))


def _offer_removal(says: Saying, answer: Answer, mark: Mark) -> None:
    """For those who may: remove somebody's note, but not their stars or thumb."""
    if not mark.note or refusal(actor(), "remove a note", mark.person) is not None:
        return
    key = f"note-remove-{answer.id}-{mark.person}"
    with st.popover("Remove this note…", icon=":material/delete:", type="tertiary", key=key):
        kept = "The audit trail keeps that it was removed, and by whom, without its words."
        st.markdown(plain(f"The note is deleted for good. {kept}"))
        st.button(
            "Remove it", key=f"{key}-now", icon=":material/delete:",
            on_click=_remove_note, args=(says, answer, mark.person),
        )  # fmt: skip


def _remove_note(says: Saying, answer: Answer, person: str) -> None:
    _try(lambda: says.remove_note(answer, person, by=actor()))


def _known_tags(says: Saying) -> tuple[str, ...]:
    try:
        return says.archive.known_tags()
    except RecordError as exc:
        st.caption(plain(f"The tags in use cannot be read. {exc}"))
        return ()


def _rate(says: Saying, answer: Answer) -> None:
    picked: int | None = st.session_state.get(state.STARS + answer.id)
    stars = None if picked is None else picked + 1
    _try(lambda: says.say(answer, lambda mark: replace(mark, stars=stars)))


def _write(says: Saying, answer: Answer) -> None:
    note: str = st.session_state.get(state.NOTE + answer.id) or ""
    st.session_state[state.UNSAVED_NOTE + answer.id] = note
    if _try(lambda: says.say(answer, lambda mark: replace(mark, note=note))):
        del st.session_state[state.UNSAVED_NOTE + answer.id]


def _tag(says: Saying, answer: Answer) -> None:
    wanted: list[str] = st.session_state.get(state.TAGS + answer.id) or []
    if _try(lambda: says.put_tags(answer, wanted)):
        st.session_state[state.TAGS + answer.id] = list(says.current(answer).tags)  # as they are spelled on record


def _done(says: Saying, answer: Answer, close: Callable[[], None]) -> None:
    """Close the dialog once everything is saved."""
    if state.UNSAVED_NOTE + answer.id in st.session_state:
        _write(says, answer)
    if st.session_state.get(state.MARK_PROBLEM) is None:
        close()


def _close(says: Saying, answer: Answer, on_close: Closed) -> None:
    st.session_state[state.MARKING] = None
    on_close(says, answer, st.session_state[state.MARKED_BEFORE], st.session_state.get(state.MARK_PROBLEM))


def _try(work: Callable[[], None]) -> bool:
    """Whether it was saved; if not, the dialog says why."""
    st.session_state[state.MARK_PROBLEM] = None
    try:
        work()
    except (MarkError, RecordError) as exc:
        st.session_state[state.MARK_PROBLEM] = str(exc)
    return st.session_state[state.MARK_PROBLEM] is None
