"""The outcome of the last action in the library, and undoing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import state
from dashboard.markdown_escape import plain
from prompts.experiments.library.prompt import LibraryError


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of an action: a sentence, and whether it went well."""

    said: str
    well: bool = True
    undo: Callable[[], str] | None = None
    """Undoes the action and returns a sentence about it; `None`: it cannot be undone."""


def show_done() -> None:
    """Show the outcome until it is dismissed or something else is done."""
    done: Done | None = st.session_state.get(state.LIBRARY_DONE)
    if done is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="library-done"):
        icon = ":material/check:" if done.well else ":material/error:"
        st.markdown(f"{icon} {plain(done.said)}", width="content")
        if done.undo is not None:
            st.button(
                "Undo", key="library-undo", type="tertiary", icon=":material/undo:", on_click=act, args=(done.undo,)
            )
        st.button("Dismiss", key="library-dismiss", type="tertiary", on_click=say, args=(None,))


def say(done: Done | None) -> None:
    """Show this outcome from now on; `None` shows nothing."""
    st.session_state[state.LIBRARY_DONE] = done


def act(work: Callable[[], str | Done], then: Callable[[], None] | None = None) -> None:
    """Do something to the library, show how it went, and call `then` if it went well; only in a callback."""
    try:
        said = work()
    except LibraryError as exc:
        say(Done(str(exc), well=False))
        return
    say(said if isinstance(said, Done) else Done(said))
    if then is not None:
        then()
