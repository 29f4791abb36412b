"""How the last action in the library went, and its Undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import state
from dashboard.markdown_escape import plain
from prompts.experiments.library.prompt import LibraryError


@dataclass(frozen=True, slots=True)
class Done:
    """What was done last."""

    said: str
    well: bool = True
    undo: Callable[[], str] | None = None
    """Takes it back and says what it came to; `None`: there is nothing to take back."""


def show_done() -> None:
    """The sentence, until it is dismissed or something else is done."""
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
    """Show this one from now on."""
    st.session_state[state.LIBRARY_DONE] = done


def act(work: Callable[[], str | Done], then: Callable[[], None] | None = None) -> None:
    """Do something to the library, say how it went, and go on with `then` if it went well; for callbacks."""
    try:
        said = work()
    except LibraryError as exc:
        say(Done(str(exc), well=False))
        return
    say(said if isinstance(said, Done) else Done(said))
    if then is not None:
        then()
