"""The cases of an experiment: filters and search, the matrix, and acting on its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

import streamlit as st

from dashboard import state
from dashboard.answer_grid.offered_pictures import offered_pictures
from dashboard.components.theirs import may
from dashboard.experiments.ask_again import ask_again_button, show_ask_again
from dashboard.experiments.cell_detail import show_cell
from dashboard.experiments.list import begin
from dashboard.experiments.loaded import Loaded
from dashboard.experiments.manage import CHANGE
from dashboard.experiments.matrix_grid import Act, show_matrix
from dashboard.experiments.matrix_rows import AT_ONCE, matrix_data
from dashboard.experiments.rating import rate
from dashboard.logins import visitor
from dashboard.markdown_escape import plain
from prompts.experiments.matrix import FILTERS, Filter, filtered
from prompts.experiments.plan import Plan
from prompts.experiments.results import what_failed

ROWS, FIND = "rows", "find"
"""Query parameters: the filter and the search."""
_HELP = "  \n".join(f"{name}: {says}" for name, says in FILTERS.values())


def show_cases(found: Loaded) -> None:
    """Filters, search and the matrix; an act that needs a dialog opens it."""
    act = st.session_state.pop(state.CELL_ACT, None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "Cases", list(FILTERS), default="all", required=True, key=ROWS, bind="query-params",
            format_func=lambda each: FILTERS[each][0], help=_HELP,
        )  # fmt: skip
        search = st.text_input(
            "Search cases and answers", key=FIND, type="search", bind="query-params", placeholder="all these words"
        )
    rows = filtered(found.experiment, found.rows, cast(Filter, chosen), search or "", found.ratings)
    failed = [cell for cell in found.cells if what_failed(cell)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"{len(rows):,} of {len(found.rows):,} cases. Click the matrix, then press **?** for its keys; "
            "**Enter** or a double click opens a cell."
        )
        if failed and found.experiment.stage != "running":
            ask_again_button(found, failed, f"Ask the {len(failed):,} unanswered again", key="ask-unanswered")
    if not rows:
        st.info("No case matches. Choose “All”, or search for other words.", icon=":material/filter_alt_off:")
        return
    page = st.pagination(-(-len(rows) // AT_ONCE), key="matrix-page") if len(rows) > AT_ONCE else 1
    who = visitor()
    shown = rows[(page - 1) * AT_ONCE : page * AT_ONCE]
    data = matrix_data(
        found.experiment, found.results.sides, shown, found.ratings,
        lambda digest: offered_pictures.offer(digest, "small", who),
    )  # fmt: skip
    show_matrix(
        {**data, "asks": may(CHANGE, found.experiment.person)},
        key=f"matrix-{found.experiment.id}", on_act=partial(_follow, found),
    )  # fmt: skip
    if problem := st.session_state.pop(state.RATE_PROBLEM, None):
        st.warning(plain(problem))
    if isinstance(act, Act):
        _open(found, act)


def _follow(found: Loaded, act: Act) -> None:
    """Callback of the matrix: ratings and new drafts at once; what needs a dialog is noted until the page is drawn."""
    box = found.rows[act.case].boxes[act.side]
    if act.what == "rate":
        answered = next((cell for cell in box.cells if cell.answered), None)
        if answered is not None:
            st.session_state[state.RATE_PROBLEM] = rate(answered.completion_id, act.rating)
        return
    if act.what == "take":
        begin(only(found.experiment.plan, act.cases))
        return
    st.session_state[state.CELL_ACT] = act


def only(plan: Plan, cases: Sequence[int]) -> Plan:
    """The same plan with only these of its cases."""
    return replace(plan, cases=replace(plan.cases, rows=tuple(plan.cases.rows[n] for n in cases), notes=()))


def _open(found: Loaded, act: Act) -> None:
    if act.case >= len(found.rows) or act.side >= len(found.results.sides):
        return  # the act was about another experiment
    if act.what == "ask":
        show_ask_again(found, found.rows[act.case].boxes[act.side].cells)
    elif act.what == "ask-cases":
        show_ask_again(found, [cell for n in act.cases for box in found.rows[n].boxes for cell in box.cells])
    else:
        show_cell(found, act.case, act.side, differs=act.what == "diff")
