"""The views below the answers, one at a time: table, timeline, agreement, repeats, cost against speed and so on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import streamlit as st

from dashboard import state
from prompts.core.conversation import is_again
from prompts.core.run import Run

THEN_NOW = "Then and now"
SHEET = "Contact sheet"
TABLE, TIME, AGREEMENT, REPEATS, CHART, VOLUME = (
    "Table", "Timeline", "Agreement", "Repeats", "Cost vs. speed", "Monthly estimate",
)  # fmt: skip
_ALWAYS = (TABLE, TIME, AGREEMENT, REPEATS, CHART, VOLUME)


def show_views(run: Run) -> None:
    """Show the chosen view; while answers arrive only the table, as drawing charts would disturb their timing."""
    views = _views(run)
    if len(views) == 1:
        _table(run)
        return
    waiting = not run.finished
    chosen = not waiting and _choose_first(run, views)
    # A separate, disabled choice while answers arrive: it shows "Table", nothing moves, the reader's choice stays.
    view = st.segmented_control(
        "What to look at", views, default=None if chosen else TABLE, required=True,
        key=f"{state.VIEW}-waiting" if waiting else state.VIEW, disabled=waiting,
        label_visibility="collapsed", persist_state=None if waiting else "session",
    )  # fmt: skip
    _VIEWS.get(view or TABLE, _table)(run)


def _views(run: Run) -> tuple[str, ...]:
    """The views that a run has; few for pictures, because the others compare texts and tokens."""
    if not run.draws:
        return (THEN_NOW, *_ALWAYS) if is_again(run) else _ALWAYS
    return (*((THEN_NOW,) if _has_earlier(run) else ()), TABLE, *((SHEET,) if run.repeats > 1 else ()))


def _has_earlier(run: Run) -> bool:
    """Whether there is an earlier run to compare with: one that was run again or, for pictures, edited."""
    return is_again(run) or (run.draws and run.link is not None and run.link.relation == "edits")


def _choose_first(run: Run, views: Collection[str]) -> bool:
    """Open "Then and now" for a run that repeats another, and the table if the chosen view does not exist here.

    Returns whether the view was changed.
    """
    if THEN_NOW in views and st.session_state.get(state.SEEN_AGAIN) != run.id:
        st.session_state[state.SEEN_AGAIN], st.session_state[state.VIEW] = run.id, THEN_NOW
        return True
    if st.session_state.get(state.VIEW) not in (None, *views):
        st.session_state[state.VIEW] = TABLE
        return True
    return False


# Each view is imported when first shown: tables and charts need libraries that the first page does not.
def _table(run: Run) -> None:
    from dashboard.results.comparison import show_comparison

    show_comparison(run)


def _then_now(run: Run) -> None:
    from dashboard.results.rerun_changes import show_then_and_now

    show_then_and_now(run)


def _sheet(run: Run) -> None:
    from dashboard.results.contact_sheet import show_sheet

    show_sheet(run)


def _time(run: Run) -> None:
    from dashboard.results.timeline import show_timeline

    show_timeline(run)


def _agreement(run: Run) -> None:
    from dashboard.results.agreement import show_agreement

    show_agreement(run)


def _repeats(run: Run) -> None:
    from dashboard.results.repeats import show_repeats

    show_repeats(run)


def _chart(run: Run) -> None:
    from dashboard.results.pareto import show_frontier

    show_frontier(run)


def _volume(run: Run) -> None:
    from dashboard.results.monthly_cost import show_volume

    show_volume(run)


_VIEWS: Mapping[str, Callable[[Run], None]] = {
    THEN_NOW: _then_now, SHEET: _sheet, TABLE: _table, TIME: _time, AGREEMENT: _agreement, REPEATS: _repeats,
    CHART: _chart, VOLUME: _volume,
}  # fmt: skip
