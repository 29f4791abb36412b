"""The heart of the page: the next words with their probabilities, one by one, and the settings that reshape them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.engine import Engine
from dashboard.how_it_works.chart import Reshaped, reshaped
from dashboard.how_it_works.hosted import alternatives
from dashboard.how_it_works.layout import section
from dashboard.how_it_works.prompt_choice import start_over
from dashboard.how_it_works.reshaping import SHOWN, of_builtin, of_told
from dashboard.how_it_works.sampling import drawn_word, every_next_word, remembered, written
from dashboard.how_it_works.word_bars import Row, bars, text_so_far
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.targets import Target
from providers.builtin import builtin, ngram


@st.fragment
def next_word(core: Engine, connections: Connections, prompt: str, target: Target) -> None:
    """Two sections over one distribution."""
    if target.provider == "builtin" and target.model in builtin.MODELS:
        words: list[str] = st.session_state.setdefault(state.HOW_WORDS, [])
        with section("next_word"):
            _word_by_word(target.model, prompt, words)
        with section("temperature"):
            so_far = [word for word in words if word != ngram.END]
            _settings(lambda t, p: of_builtin(target.model, prompt, so_far, t, p), told=None)
        return
    with section("next_word"):
        told = [Row(*each) for each in alternatives(core, connections, target, prompt)]
        if told:
            rest = max(0.0, 1 - sum(row.probability for row in told))
            said = f"All others together: {text_of.probability(rest)}; {target.provider} does not tell which."
            note = "Each call begins a new answer, so you cannot go on from a word of your choice here."
            panel(
                text_so_far(prompt, "") + bars(told, rest=f"{said} {note}", pickable=False),
                key="how-told", label="The most probable first words of the answer",
            )  # fmt: skip
    with section("temperature"):
        if told:
            _settings(lambda t, p: of_told(told, t, p), told=len(told))
        else:
            st.caption("Ask the model above first, or choose a built-in one.")


def _word_by_word(model: str, prompt: str, words: list[str]) -> None:
    answer, ended = written([word for word in words if word != ngram.END]), ngram.END in words
    every = [] if ended else every_next_word(model, prompt, answer)
    rows = [Row(each.word, each.probability) for each in every[:SHOWN]]
    offered = {row.word for row in rows}

    def pick(word: str) -> None:
        if word in offered:
            st.session_state[state.HOW_WORDS] = [*words, word]

    rest = text_of.probability(sum(share for _, share in every[SHOWN:]))
    said = "The text ends here." if ended else f"{text_of.count(len(every) - len(rows))} other words share {rest}."
    panel(
        text_so_far(prompt, answer) + bars(rows, rest=said, pickable=True), key="how-next", on_pick=pick,
        label="The text so far, and the most probable next words",
    )  # fmt: skip
    _buttons(model, prompt, words, ended=ended)
    seen = " · ".join(remembered(model, prompt, answer)) or "nothing it knows"
    st.caption(plain(f"All that this model sees of the text: {seen}"))


def _buttons(model: str, prompt: str, words: list[str], *, ended: bool) -> None:
    def draw() -> None:
        st.session_state[state.HOW_WORDS] = [*words, drawn_word(model, prompt, words)]

    def undo() -> None:
        st.session_state[state.HOW_WORDS] = words[:-1]

    with st.container(horizontal=True, key="how-buttons"):
        st.button("Draw at random", key="how-draw", icon=":material/casino:", on_click=draw, disabled=ended)
        st.button("Undo", key="how-undo", icon=":material/undo:", on_click=undo, disabled=not words)
        st.button("Start over", key="how-over", icon=":material/refresh:", on_click=start_over, disabled=not words)


def _settings(rows_at: Callable[[float, float], list[Reshaped]], *, told: int | None) -> None:
    """The two settings and the chart; `told`: how many alternatives a host told, `None` for a built-in model."""
    left, right = st.columns(2)
    temperature = left.slider("Temperature", 0.0, 2.0, 1.0, 0.1, key=state.HOW_TEMPERATURE)
    top_p = right.slider("Top-p", 0.05, 1.0, 1.0, 0.05, key=state.HOW_TOP_P)
    rows = rows_at(temperature, top_p)
    st.altair_chart(
        reshaped(rows), key="how-reshaped",
        alt="Probability of each next word with your temperature and top-p, beside the model's own",
    )  # fmt: skip
    if told is None:
        left_out = sum(1 for row in rows if row.own > 0 and row.reshaped == 0)
        out = f" {left_out} of these rows can no longer be drawn." if left_out else ""
        st.caption(f"Exact: this is the arithmetic the built-in models draw by.{out}")
    else:
        st.caption(f"Re-computed here from the {told} shown, as if there were no others; the rest is not told.")
