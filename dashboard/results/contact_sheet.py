"""The contact sheet of repeated pictures: a row per model, each picture with its seed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.answer_grid.offered_pictures import offered_pictures
from dashboard.answer_grid.panel import panel
from dashboard.logins import visitor
from prompts.analysis.spread import askings
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.printable import escape
from prompts.core.run import Run
from providers.files.small_pictures import CARD

Address = Callable[[str], str]


def show_sheet(run: Run) -> None:
    """Show every picture of the run, small; a click shows that repeat in the grid above."""
    who = visitor()
    html = sheet_html(run, lambda digest: offered_pictures.offer(digest, "card", who))
    panel(html, key=f"sheet-{run.id}", label="Every repeat", on_pick=lambda picked: _show(run, picked))


def sheet_html(run: Run, address: Address) -> str:
    """A row for each target with its repeats in order. `address`: by digest. Pure; escapes every string."""
    return "".join(
        f"<h4>{escape(str(several[0].target))}</h4>"
        f"<ul class='sheet'>{''.join(_item(each, address) for each in several)}</ul>"
        for several in askings(run)
    )


def _item(answer: Answer, address: Address) -> str:
    number = answer.repeat + 1
    picture = next((each for each in answer.pictures if each.sha256), None)
    if picture is None:
        state = text_of.STATES[answer.state][0]
        return f"<li><p class='muted'>{number} · {escape(state)}</p></li>"
    numbered = f"Repeat {number}"
    seed = "not reported" if picture.seed is None else str(picture.seed)
    return (
        f"<li><button data-pick='{answer.repeat}' title='Show repeat {number} above'>"
        f"<img src='{escape(address(picture.sha256))}' loading='lazy' decoding='async' width='{CARD // 2}' "
        f"height='{CARD // 2}' alt='{escape(picture.described or numbered)}'></button>"
        f"<p class='muted'>{number} · seed {escape(seed)}</p></li>"
    )


def _show(run: Run, picked: str) -> None:
    if picked.isdecimal() and int(picked) < run.repeats:
        st.session_state[f"{state.SHOWN_REPEAT}-{run.id}"] = int(picked) + 1
