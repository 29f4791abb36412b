"""The verdict card above the answers: which model is best on which figure, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.answer_grid.panel import panel
from dashboard.markdown_escape import plain
from dashboard.results.best_html import WAITING, cards, once
from prompts.analysis.best import best_of
from prompts.analysis.significance import fewest_sentence, repeats_needed
from prompts.analysis.spread import askings
from prompts.core.run import Run
from prompts.core.share_link import MOST_REPEATS

REPEATS = 5


def show_best(run: Run, person: str, *, on_more: Callable[[int], None], price: Callable[[int], str]) -> None:
    """The card; nothing for one model. `on_more(n)` asks each model `n` times, `price(n)` says what that may cost."""
    targets = len(askings(run))
    if targets < 2:
        return
    found = best_of(run, person) if run.finished else WAITING
    with st.container(border=True, gap="small", key="best"):
        panel(cards(found), key=f"best-{run.id}", label="Verdict")
        more = _more(run, targets)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(once(found) or "Each figure’s n is the number of answers it rests on.", width="content")
            st.button(
                f"Ask each {more} times", key="ask-more", icon=":material/repeat:", type="tertiary",
                on_click=on_more, args=(more,),
                disabled=not run.finished or run.textless or run.repeats >= MOST_REPEATS,
                help=plain(f"{price(more)} {fewest_sentence(targets)}".strip()) if run.finished else None,
            )  # fmt: skip


def _more(run: Run, targets: int) -> int:
    """How many repeats to offer: enough to show a difference if there is one, since fewer would settle nothing."""
    wanted = max(REPEATS if run.repeats < REPEATS else 2 * run.repeats, repeats_needed(targets))
    return min(wanted, MOST_REPEATS)
