"""The dialog of one cell: case and prompt, every repeat with its checks, and the difference from the next cell."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.answer_grid.offered_pictures import offered_pictures
from dashboard.answer_grid.panel import panel
from dashboard.experiments.ask_again import offer
from dashboard.experiments.cell_html import cell_html, difference_of
from dashboard.experiments.loaded import Loaded
from dashboard.experiments.rating import rate
from dashboard.logins import visitor
from dashboard.markdown_escape import plain
from prompts.experiments.holes import HoleError
from prompts.experiments.matrix import Box

_RATINGS = {1: ":material/thumb_up: Good", -1: ":material/thumb_down: Bad"}


def show_cell(found: Loaded, case: int, side: int, *, differs: bool = False) -> None:
    """Open the dialog; with `differs` it begins with the difference from the cell to the right."""
    title = f"Case {case + 1} · {found.results.sides[side].name}"

    @st.dialog(plain(title), width="large", icon=":material/grid_view:")
    def dialog() -> None:
        _show(found, found.rows[case].boxes[side], differs)

    dialog()


def _show(found: Loaded, box: Box, differs: bool) -> None:
    experiment, id = found.experiment, found.experiment.id
    if differs:
        _show_difference(found, box)
    with st.expander("Case and prompt"):
        for name, text in experiment.plan.cases.values(box.case).items():
            st.caption(plain(name))
            st.code(text, language=None, wrap_lines=True)
        st.caption("Prompt as it was sent")
        try:
            prompt = experiment.plan.prompt(box.case, found.results.sides[box.side].wording)
        except HoleError as exc:
            prompt = str(exc)
        st.code(prompt, language=None, wrap_lines=True)
    panel(cell_html(experiment, box, found.ratings, _large()), key=f"cell-{id}-{box.case}-{box.side}", label="Answers")
    answered = [cell for cell in box.cells if cell.answered]
    if answered:
        _rate(found, box)
    if experiment.stage != "running":
        offer(found, box.cells, key=f"{box.case}-{box.side}")
    if box.cells:
        st.link_button("Open in Compare", f"./?run={box.cells[0].run_id}", icon=":material/compare_arrows:")


def _large() -> Callable[[str], str]:
    who = visitor()
    return lambda digest: offered_pictures.offer(digest, "large", who)


def _show_difference(found: Loaded, box: Box) -> None:
    boxes = found.rows[box.case].boxes
    other = boxes[(box.side + 1) % len(boxes)]
    html = difference_of(found.experiment, box, other, _large()) if other is not box else ""
    if not html:
        st.info("There is no second answer beside it to compare with.", icon=":material/difference:")
        return
    st.caption(plain(f"From {found.results.sides[box.side].name} to {found.results.sides[other.side].name}"))
    panel(html, key=f"cell-diff-{found.experiment.id}-{box.case}-{box.side}", label="Difference")


def _rate(found: Loaded, box: Box) -> None:
    """A control to rate each answer of the cell."""
    for cell in (cell for cell in box.cells if cell.answered):
        rated = found.ratings.get(cell.completion_id)
        st.segmented_control(
            f"Repeat {cell.cell.repeat + 1}" if len(box.cells) > 1 else "Your rating", list(_RATINGS),
            default=None if rated is None else 1 if rated else -1, format_func=_RATINGS.__getitem__,
            key=f"rate-{cell.completion_id}", on_change=partial(_rated, cell.completion_id),
        )  # fmt: skip
    if problem := st.session_state.pop(state.RATE_PROBLEM, None):
        st.warning(plain(problem))


def _rated(completion_id: str) -> None:
    chosen = st.session_state[f"rate-{completion_id}"]
    st.session_state[state.RATE_PROBLEM] = rate(completion_id, chosen or 0)
