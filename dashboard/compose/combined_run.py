"""Recorded runs put side by side: how to get there, and the head of that page."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from dashboard.answer_grid.panel import panel
from dashboard.answer_grid.view import ColumnView
from dashboard.components.page_url import go_to
from dashboard.components.time_zone import time_zone
from dashboard.compose.gathered_html import matrix_html, prompts_of
from dashboard.compose.open_run import way_back
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.combined_run import MOST_COLUMNS, GatheringError, gathered_id, ids_of, readable
from prompts.core.run import Run
from prompts.record.recorder import RecordError

_LONGEST = 60
_FEW = 2  # up to so many runs have their links in a row; beyond that the matrix holds the links


def compare_runs(ids: Sequence[str]) -> None:
    """Go to Compare with these runs (or single answers), given by id, side by side. Not in a callback."""
    try:
        run_id = gathered_id(ids)
    except GatheringError as exc:
        st.warning(plain(str(exc)))
        return
    st.switch_page("app_pages/compare.py", query_params={"run": run_id})


def show_gathered(core: Engine, run: Run) -> None:
    """The head of a combined run: a link to each run that is part of it, and the choice of the answers shown."""
    named, shown = set(ids_of(run.id)), {answer.id for answer in run.answers}
    gone, picked = len(named - shown - set(run.combined)), bool(named & shown)
    runs = text_of.number_of(len(run.combined), "run")
    what = f"{text_of.number_of(len(run.answers), 'answer')} of {runs}" if picked else runs
    with st.container(horizontal=True, vertical_alignment="center", key="gathered"):
        way_back()
        st.header(f"{what} side by side", anchor=False, width="content", help=_HELP)
        _choose_answers(run)
        if picked:
            whole = gathered_id(run.combined) if len(run.combined) > 1 else next(iter(run.combined))
            st.button(
                "Show all their answers", key="gather-all", type="tertiary", icon=":material/select_all:",
                on_click=go_to, args=(whole,),
            )  # fmt: skip
        matrix = len(prompts_of(run)) > 1 or not readable(run)
        if not matrix or len(run.combined) <= _FEW:
            for run_id in run.combined:
                _way_to(core, run, run_id)
    if gone > 0:
        missing = "One of them is" if gone == 1 else f"{gone} of them are"
        st.caption(f"{missing} no longer on record, and not shown.")
    if matrix:
        panel(matrix_html(run, _owners(core, run)), key=f"gathered-{run.id}", label="Prompts and models")
    if not readable(run):
        st.caption(f"At most {MOST_COLUMNS} answers can be read side by side: choose some to show them below.")


def _owners(core: Engine, gathered: Run) -> dict[str, str]:
    """The id of the run that each answer was asked in, by the answer's id."""
    found: dict[str, str] = {}
    for run_id in gathered.combined:
        with suppress(RecordError):  # the top of the page says so; without its run an answer has no link
            run = core.find(run_id)
            found |= {answer.id: run_id for answer in run.answers} if run is not None else {}
    return found


_HELP = (
    "Put together from the record for comparison: no model was asked for it, none can be asked from it, and it is not "
    "recorded. Ratings and notes are saved with each answer itself. The address opens it again."
)


def _choose_answers(run: Run) -> None:
    """Choose single answers out of several runs: those that are ticked stay."""
    # Keyed by the run, so that it is closed when other answers are shown.
    with st.popover("Choose answers", key=f"gather-choice-{run.id}", icon=":material/checklist:"):
        wanted = [
            answer.id for answer in run.answers
            if st.checkbox(plain(f"{_title(run, answer)}, {answer.label}"), value=True, key=f"gather-{answer.id}")
        ]  # fmt: skip
        fits = 2 <= len(wanted) <= MOST_COLUMNS
        st.button(
            "Show only these", key="gather-these", type="primary", on_click=_only, args=(wanted,),
            disabled=not fits or len(wanted) == len(run.answers),
            help=None if fits else f"Choose from 2 to {MOST_COLUMNS} answers.",
        )  # fmt: skip


def _title(run: Run, answer: Answer) -> str:
    return ColumnView(run, run.answer(answer.id), {}).title


def _only(wanted: Sequence[str]) -> None:
    go_to(gathered_id(wanted))


def _way_to(core: Engine, gathered: Run, run_id: str) -> None:
    try:
        run = core.find(run_id)
    except RecordError:
        return
    if run is None:
        return
    # The same words as above its columns, so that it is plain which columns belong to it.
    label = next(
        (answer.label for answer in gathered.answers if answer.id in {each.id for each in run.answers}),
        text_of.day(run.created_at, time_zone()),
    )
    line = " ".join(run.prompt.split()) or "figures only"
    shown = line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"
    st.button(
        plain(f"{label}: {shown}"), key=f"part-{run_id}", type="tertiary", icon=":material/arrow_forward:",
        on_click=go_to, args=(run_id,), help="Open this run by itself",
    )  # fmt: skip
