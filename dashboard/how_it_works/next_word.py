"""The sections on the next word and on temperature: probabilities of next words, and how settings reshape them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.answer_grid.chart_panel import show_chart
from dashboard.answer_grid.panel import panel
from dashboard.engine import Engine
from dashboard.how_it_works.chart import Reshaped, reshaped
from dashboard.how_it_works.hosted import alternatives, said
from dashboard.how_it_works.layout import section
from dashboard.how_it_works.reshaping import SHOWN, of_builtin, of_told
from dashboard.how_it_works.sampling import drawn_word, every_next_word, remembered, written
from dashboard.how_it_works.small_model import Small, is_question, small
from dashboard.how_it_works.word_bars import Row, bars, text_so_far
from dashboard.how_it_works.word_buttons import buttons, picked
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.targets import Target
from providers.adapters.token_alternatives import Told
from providers.builtin import builtin, ngram

_ANSWERS = ("answers it.", "Leave out the mark at its end, and it continues your text instead.")
_GOES_ON = ("continues it.", "End it with a question mark, and it answers instead.")


@st.fragment
def next_word(core: Engine, connections: Connections, prompt: str, target: Target) -> None:
    """Both sections, which show the same probabilities."""
    words: list[str] = st.session_state.setdefault(state.HOW_WORDS, [])
    if (model := small(core, connections, target)) is not None:
        with section("next_word"):
            told = _token_by_token(model, prompt, words)
        with section("temperature"):
            _settings_of_told(told, "There is nothing to reshape: the text has ended." if prompt.strip() else "")
    elif target.provider == "builtin" and target.model in builtin.MODELS:
        with section("next_word"):
            _word_by_word(target.model, prompt, words)
        with section("temperature"):
            so_far = [word for word in words if word != ngram.END]
            _settings(lambda t, p: of_builtin(target.model, prompt, so_far, t, p), told=None)
    else:
        with section("next_word"):
            told = _first_word(core, connections, prompt, target)
        with section("temperature"):
            _settings_of_told(told, "Ask the model above first, or choose a built-in one.")


def _first_word(core: Engine, connections: Connections, prompt: str, target: Target) -> list[Row]:
    """The alternatives to the first token that a host reports, once it is asked."""
    told = [Row(*each) for each in alternatives(core, connections, target, prompt)]
    if told:
        others = f"All others together: {text_of.probability(_rest(told))}; {target.provider} does not report which."
        note = "Each call begins a new answer, so you cannot continue from a word of your choice here."
        panel(
            text_so_far(prompt, "") + bars(told, rest=f"{others} {note}", pickable=False),
            key="how-told", label="The most probable first words of the answer",
        )  # fmt: skip
    return told


def _token_by_token(model: Small, prompt: str, words: list[str]) -> list[Row]:
    """The next tokens of a real model on this computer, which is asked at once; empty if it cannot be asked."""
    added, ended = [word for word in words if word != ngram.END], ngram.END in words
    if not prompt.strip():
        st.caption("Type something above.")
        return []
    rows = [] if ended else _following(model, prompt, added)
    others = f"All other tokens together: {text_of.probability(_rest(rows[:SHOWN]))}." if rows else ""
    shown = bars(rows[:SHOWN], rest="The text ends here." if ended else others, pickable=True)
    panel(
        text_so_far(prompt, "".join(added)) + shown, key="how-next", on_pick=lambda word: picked(word, words, rows),
        label="The text so far, and the most probable next tokens",
    )  # fmt: skip
    buttons(lambda: model.drawn(prompt, added), words, ended=ended or not rows)
    how, otherwise = _ANSWERS if is_question(prompt) else _GOES_ON
    name = plain(model.target.model)
    st.caption(f"Real tokens and probabilities: {name} reads all of your text and {how} {otherwise}")
    return rows


def _following(model: Small, prompt: str, added: list[str]) -> list[Row]:
    with st.spinner("Reading your text"):
        outcome = model.following(prompt, added)
    told = outcome.candidates if isinstance(outcome, Told) else said(outcome, model.connection, model.target)
    return [Row(token or ngram.END, share) for token, share in told]


def _word_by_word(model: str, prompt: str, words: list[str]) -> None:
    answer, ended = written([word for word in words if word != ngram.END]), ngram.END in words
    every = [] if ended else every_next_word(model, prompt, answer)
    rows = [Row(each.word, each.probability) for each in every[:SHOWN]]
    rest = text_of.probability(sum(share for _, share in every[SHOWN:]))
    others = "The text ends here." if ended else f"{text_of.count(len(every) - len(rows))} other words share {rest}."
    panel(
        text_so_far(prompt, answer) + bars(rows, rest=others, pickable=True), key="how-next",
        on_pick=lambda word: picked(word, words, rows), label="The text so far, and the most probable next words",
    )  # fmt: skip
    buttons(lambda: drawn_word(model, prompt, words), words, ended=ended)
    seen = " · ".join(remembered(model, prompt, answer)) or "nothing it knows"
    st.caption(plain(f"All that this model sees of the text: {seen}"))


def _rest(rows: list[Row]) -> float:
    return max(0.0, 1 - sum(row.probability for row in rows))


def _settings_of_told(told: list[Row], otherwise: str) -> None:
    if told:
        _settings(lambda t, p: of_told(told, t, p), told=len(told))
    else:
        st.caption(otherwise)


def _settings(rows_at: Callable[[float, float], list[Reshaped]], *, told: int | None) -> None:
    """The two settings and the chart. `told`: how many alternatives a host reported; `None` if all are known."""
    left, right = st.columns(2)
    temperature = left.slider("Temperature", 0.0, 2.0, 1.0, 0.1, key=state.HOW_TEMPERATURE)
    top_p = right.slider("Top-p", 0.05, 1.0, 1.0, 0.05, key=state.HOW_TOP_P)
    rows = rows_at(temperature, top_p)
    show_chart(
        reshaped(rows), key="how-reshaped", name="next-words",
        alt="Probability of each next word with your temperature and top-p, beside the model's own",
    )  # fmt: skip
    if told is None:
        left_out = sum(1 for row in rows if row.own > 0 and row.reshaped == 0)
        out = f" {left_out} of these rows can no longer be drawn." if left_out else ""
        st.caption(f"Exact: this is the arithmetic the built-in models draw by.{out}")
    else:
        st.caption(
            f"Recomputed here from the {told} most probable, as if there were no others; the rest is not reported."
        )
