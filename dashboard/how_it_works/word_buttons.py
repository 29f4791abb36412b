"""Adding a word to the text, chosen or drawn at random, and removing it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from dashboard import state
from dashboard.how_it_works.prompt_choice import start_over
from dashboard.how_it_works.word_bars import Row
from dashboard.markdown_escape import plain
from providers.builtin import ngram
from providers.errors import Failure


def picked(word: str, words: list[str], offered: Iterable[Row]) -> None:
    """Add a clicked word; only if it was offered, since a browser may send anything."""
    if word in {row.word for row in offered}:
        st.session_state[state.HOW_WORDS] = [*words, word]


def buttons(draw_one: Callable[[], str | Failure], words: list[str], *, ended: bool) -> None:
    """The buttons Draw at random, Undo and Start over. `draw_one` gives the next word; an empty one ends the text."""

    def draw() -> None:
        word = draw_one()
        if isinstance(word, Failure):
            st.error(plain(word.message), icon=":material/error:")
        else:
            st.session_state[state.HOW_WORDS] = [*words, word or ngram.END]

    def undo() -> None:
        st.session_state[state.HOW_WORDS] = words[:-1]

    with st.container(horizontal=True, key="how-buttons"):
        st.button("Draw at random", key="how-draw", icon=":material/casino:", on_click=draw, disabled=ended)
        st.button("Undo", key="how-undo", icon=":material/undo:", on_click=undo, disabled=not words)
        st.button("Start over", key="how-over", icon=":material/refresh:", on_click=start_over, disabled=not words)
