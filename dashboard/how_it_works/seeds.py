"""Chance made visible: seeds that repeat it, and answers that sound alike and disagree."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.how_it_works.layout import section
from dashboard.how_it_works.sampling import WORDS, continuation
from dashboard.how_it_works.word_bars import lines
from providers.builtin import ngram
from providers.interface import Settings

SEEDS = (1, 1, 2, 3, 4, 5)
TRUTHS = {
    "A string is": "Correct: an immutable sequence of characters.",
    "A tuple is": "Correct: an immutable sequence of objects.",
    "A class is": "Correct: a way to make objects of one kind; a type.",
}
"""Beginnings that have a right end, and that end."""


@st.fragment
def seed(prompt: str) -> None:
    """The same prompt drawn with several seeds, one of them twice."""
    with section("seed"):
        temperature = st.segmented_control(
            "Temperature", (0.0, 0.7, 1.0, 1.5), default=1.0, required=True, key=state.HOW_SEED_TEMPERATURE
        )
        model = ngram.trained(4)
        texts = [continuation(model, prompt, Settings(seed=n, temperature=temperature)) for n in SEEDS]
        rows = [
            (f"Seed {n}" + (" again" if n in SEEDS[:at] else ""), text, "the same" if text in texts[:at] else "")
            for at, (n, text) in enumerate(zip(SEEDS, texts, strict=True))
        ]
        panel(lines(rows), key="how-seeds", label="The same prompt with several seeds")
        distinct = len(set(texts))
        st.caption(
            f"{len(SEEDS)} draws by ngram-4, at most {WORDS} words each: {distinct} different "
            + ("text." if distinct == 1 else "texts.")
        )


@st.fragment
def truth() -> None:
    """A question of fact, put to two models three times each."""
    with section("truth"):
        begun = st.segmented_control(
            "A sentence that has a right end", tuple(TRUTHS), default=next(iter(TRUTHS)), required=True,
            key=state.HOW_FACT,
        )  # fmt: skip
        ends = [
            (f"{name}, seed {n}", continuation(ngram.trained(order), begun, Settings(seed=n, temperature=0.7)))
            for name, order in (("ngram-4", 4), ("ngram-3", 3))
            for n in (1, 2, 3)
        ]
        panel(
            lines([(label, f"{begun} {end}", "") for label, end in ends]), key="how-truths",
            label="Six ends of one sentence by two models",
        )  # fmt: skip
        st.caption(
            f"{len({end for _, end in ends})} different ends in {len(ends)} draws. {TRUTHS[begun]} "
            "These models are tiny; large ones are wrong less often, and sound better when they are."
        )
        run_id = st.session_state.get(state.OPENED)
        st.page_link(
            "app_pages/compare.py", icon=":material/compare_arrows:",
            label="See where your last answers agree" if run_id else "Ask several models, and see where they agree",
            query_params={"run": run_id} if run_id else None,
        )  # fmt: skip
