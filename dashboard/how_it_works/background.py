"""The sections on training and on the context window: what a model has read, and what it can see at once."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.how_it_works.context_windows import ESTIMATE, Length, as_html, windows
from dashboard.how_it_works.layout import section
from dashboard.how_it_works.sampling import ORDER, after_reading, continuation
from dashboard.how_it_works.word_bars import lines
from prompts.core import format as text_of
from providers.builtin import ngram
from providers.interface import Settings

READ = (5, 50, 300, 1_000_000)
PAGES = {"Your prompt": 0, "A page": 1, "A report, 50 pages": 50, "A book, 300 pages": 300, "Six books": 1_800}


@st.fragment
def training(prompt: str) -> None:
    """Pre-training on a small scale: the same model after reading more and more."""
    with section("training"):
        everything = len(ngram.paragraphs())
        read = st.segmented_control(
            "Pre-training in small: paragraphs read", READ, default=READ[0], required=True, key=state.HOW_READ,
            format_func=lambda n: text_of.count(min(n, everything)),
        )  # fmt: skip
        model = after_reading(min(read, everything))
        rows = [
            (f"Seed {n}", f"{prompt} … {continuation(model, prompt, Settings(seed=n, temperature=0.7))}", "")
            for n in (1, 2, 3)
        ]
        panel(lines(rows), key="how-training", label="What the model writes after reading so much")
        knows = f"It now knows {text_of.count(len(model.words) - 1)} words and remembers {ORDER - 1} at a time."
        often = "After so little it can only repeat what it read." if read <= READ[0] else ""
        st.caption(f"Trained just now on this computer. {knows} {often}".strip())


@st.fragment
def context(prompt: str) -> None:
    """How much of several context windows is filled by the prompt, or by a text of a chosen length."""
    with section("context"):
        what = st.segmented_control(
            "How much of each window is filled by",
            tuple(PAGES),
            default="Your prompt",
            required=True,
            key=state.HOW_PAGES,
            wrap=True,
        )
        length = Length.pages(PAGES[what]) if PAGES[what] else Length.of(prompt)
        panel(as_html(windows(length)), key="how-windows", label="Context windows, and how much of each is filled")
        counted, estimated = text_of.count(length.words), text_of.count(length.estimated_tokens)
        tokens = f"{what}: {counted} words or marks, about {estimated} tokens."
        st.caption(f"{tokens} {ESTIMATE} Windows from the shipped catalogue; a page is 500 words, 3,000 characters.")
