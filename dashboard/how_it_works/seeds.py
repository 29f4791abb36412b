"""The sections on seeds and on truth: chance that a seed repeats, and answers that sound alike but disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.engine import Engine
from dashboard.how_it_works import small_model
from dashboard.how_it_works.layout import section
from dashboard.how_it_works.sampling import WORDS, continuation
from dashboard.how_it_works.small_model import Small, small
from dashboard.how_it_works.word_bars import lines
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core.targets import Target
from providers.builtin import ngram
from providers.errors import Failure
from providers.interface import Settings

SEEDS = (1, 1, 2, 3, 4, 5)
REAL_SEEDS = SEEDS[:4]
"""Fewer for a real model, which takes about a second for each."""
TRUTHS = {
    "A string is": "Correct: an immutable sequence of characters.",
    "A tuple is": "Correct: an immutable sequence of objects.",
    "A class is": "Correct: a way to make objects of one kind; a type.",
}
REAL_TRUTHS = {
    "The capital of Australia is": "Correct: Canberra.",
    "The largest planet of our solar system is": "Correct: Jupiter.",
    "The metal that is liquid at room temperature is called": "Correct: mercury.",
}
"""Sentences to complete, with the right answer: `TRUTHS` for the n-grams, these for the small language model."""


@st.fragment
def seed(core: Engine, connections: Connections, prompt: str, target: Target) -> None:
    """The same prompt continued with several seeds, one of them twice."""
    real = small(core, connections, target) if prompt.strip() else None
    with section("seed"):
        temperature = st.segmented_control(
            "Temperature", (0.0, 0.7, 1.0, 1.5), default=1.0, required=True, key=state.HOW_SEED_TEMPERATURE
        )
        seeds = REAL_SEEDS if real else SEEDS
        with st.spinner("Writing"):
            texts = list(_drawn(real, prompt, seeds, temperature))
        rows = [
            (f"Seed {n}" + (" again" if n in seeds[:at] else ""), text, "the same" if text in texts[:at] else "")
            for at, (n, text) in enumerate(zip(seeds, texts, strict=False))
        ]
        panel(lines(rows), key="how-seeds", label="The same prompt with several seeds")
        if len(texts) == len(seeds):
            st.caption(_counted(len(seeds), len(set(texts)), real))


def _drawn(real: Small | None, prompt: str, seeds: Iterable[int], temperature: float) -> Iterator[str]:
    """A text for each seed; the first failure ends the series and is shown."""
    for n in seeds:
        if real is None:
            yield continuation(ngram.trained(4), prompt, Settings(seed=n, temperature=temperature))
            continue
        text = real.continuation(prompt, seed=n, temperature=temperature)
        if isinstance(text, Failure):
            st.error(plain(text.message), icon=":material/error:")
            return
        yield text


def _counted(draws: int, distinct: int, real: Small | None) -> str:
    who, most = (plain(real.target.model), f"{small_model.WORDS} tokens") if real else ("ngram-4", f"{WORDS} words")
    return f"{draws} draws by {who}, at most {most} each: {distinct} different {'text' if distinct == 1 else 'texts'}."


@st.fragment
def truth(core: Engine, connections: Connections, target: Target) -> None:
    """Sentences with one right ending, completed by a real model or by two n-grams."""
    real = small(core, connections, target)
    truths = REAL_TRUTHS if real else TRUTHS
    with section("truth"):
        begun = st.segmented_control(
            "A sentence that has a right end", tuple(truths), default=next(iter(truths)), required=True,
            key=f"{state.HOW_FACT}{'-real' if real else ''}", wrap=True,
        )  # fmt: skip
        with st.spinner("Writing"):
            ends = list(_by_real(real, begun)) if real else _by_n_grams(begun)
        panel(
            lines([(label, f"{begun} {end}", "") for label, end in ends]), key="how-truths",
            label=f"{len(ends)} ends of one sentence",
        )  # fmt: skip
        st.caption(
            f"{len({end for _, end in ends})} different ends in {len(ends)} draws. {truths[begun]} "
            "Such models are tiny; large ones are wrong less often, and sound better when they are."
        )
        run_id = st.session_state.get(state.OPENED)
        st.page_link(
            "app_pages/compare.py", icon=":material/compare_arrows:",
            label="See where your last answers agree" if run_id else "Ask several models, and see where they agree",
            query_params={"run": run_id} if run_id else None,
        )  # fmt: skip


def _by_real(real: Small, begun: str) -> Iterator[tuple[str, str]]:
    numbers = tuple(dict.fromkeys(REAL_SEEDS))
    for n, text in zip(numbers, _drawn(real, begun, numbers, 0.7), strict=False):
        yield f"Seed {n}", text


def _by_n_grams(begun: str) -> list[tuple[str, str]]:
    return [
        (f"{name}, seed {n}", continuation(ngram.trained(order), begun, Settings(seed=n, temperature=0.7)))
        for name, order in (("ngram-4", 4), ("ngram-3", 3))
        for n in (1, 2, 3)
    ]
