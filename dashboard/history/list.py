"""The list of runs, drawn as one panel: searching, ticking, opening runs, and loading more."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import streamlit as st

from dashboard import state
from dashboard.answer_grid.offered_pictures import offered_pictures
from dashboard.answer_grid.panel import panel
from dashboard.components.time_zone import time_zone
from dashboard.history.filter_form import also_tag, clear, only
from dashboard.history.filters import MINE, Chip, advice
from dashboard.history.pages import PAGE, Loaded, Read, first, fresh, how_many, more
from dashboard.history.rows import list_html
from dashboard.logins import visitor
from dashboard.markdown_escape import plain
from dashboard.user import people_log_in, person
from prompts.core.format import number_of
from prompts.core.run_summaries import Facets, Filter, RunLine
from prompts.history.archive import Archive
from prompts.history.interrupted import MOST
from prompts.record.recorder import RecordError
from providers.measuring.measure import monotonic, utc_now


def show_list(archive: Archive, looked_for: Filter, chips: list[Chip], plans: int) -> tuple[RunLine, ...]:
    """Show the runs that match the filter; returns those that are ticked. Raises `RecordError`.

    `plans`: number of experiments on record, whose answers the list leaves out.
    """
    loaded = _loaded(archive, looked_for)
    if not loaded.lines:
        _nothing(looked_for, chips, plans)
        return ()
    if loaded.limited:
        st.caption("These words are in very many answers, so only their newest matches were looked at. Add a word.")
    if loaded.begins is not None:
        st.button("Back to the newest", icon=":material/first_page:", key="history-newest", on_click=forget)
    if any(line.live for line in loaded.lines):
        with st.container(horizontal=True, vertical_alignment="center", key="history-live"):
            st.caption("Answers of runs below are still arriving.", width="content")
            st.button("Refresh", key="history-refresh", type="tertiary", icon=":material/refresh:", on_click=read_again)
    _say_how_many(archive, looked_for, loaded)
    shown, who = {line.id: line for line in loaded.lines}, visitor()
    ticked = panel(
        list_html(
            loaded.lines, utc_now(), time_zone(), by_day=not looked_for.words,
            whose=people_log_in() and looked_for.person is None,
            more=loaded.after is not None, here=st.session_state.get(state.OPENED),
            picture=lambda digest: offered_pictures.offer(digest, "small", who),
        ),
        key="history-list", label="Runs on record", on_pick=lambda picked: _narrow(picked, loaded),
    )  # fmt: skip
    if loaded.after is not None:
        st.button(
            "Show older runs" if not looked_for.words else "Show more", icon=":material/expand_more:",
            key="history-more", on_click=_more, args=(archive, loaded),
        )  # fmt: skip
    return tuple(shown[run_id] for run_id in ticked if run_id in shown)


def _say_how_many(archive: Archive, looked_for: Filter, loaded: Loaded) -> None:
    """Say how many runs match; counted once per reading of the list, and not if not all matches were looked at."""
    what = (looked_for, loaded.read_at, len(loaded.lines))
    counted: tuple[object, str] | None = st.session_state.get(state.HISTORY_COUNTED)
    if counted is None or counted[0] != what:
        total = archive.count(Filter())
        found = total if looked_for == Filter() else 0 if loaded.limited else archive.count(looked_for)
        said = "" if loaded.limited else how_many(len(loaded.lines), found, total)
        counted = st.session_state[state.HISTORY_COUNTED] = (what, said)
    if counted[1]:
        st.caption(counted[1])


def show_interrupted(archive: Archive, looked_for: Filter) -> None:
    """A line that says how many runs were interrupted, with a button that shows them. Raises `RecordError`."""
    found = archive.interrupted(person())
    if not found or looked_for.outcome == "interrupted":
        return
    many = "A run was" if len(found) == 1 else f"{len(found)}{' or more' if len(found) >= MOST else ''} runs were"
    with st.container(horizontal=True, vertical_alignment="center", key="history-interrupted"):
        st.markdown(f":material/warning: {many} interrupted: Collate ended before all answers had come.")
        st.button("Show", key="show-interrupted", type="tertiary", on_click=_only_interrupted)


def show_planned(looked_for: Filter, facets: Facets) -> None:
    """Say where the answers of experiments are: in this list thousands of them would hide everything else."""
    if not facets.plans or looked_for.words:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="history-planned"):
        st.caption(
            f"Without the answers of {number_of(facets.plans, 'experiment')}; a search for words finds them too.",
            width="content",
        )
        st.page_link("app_pages/experiments.py", label="Experiments", icon=":material/science:")


def _only_interrupted() -> None:
    """Show the interrupted runs that were counted: where people log in, only one's own."""
    only("outcome", "interrupted")
    if people_log_in():
        st.session_state["whose"] = MINE


def _narrow(picked: str, loaded: Loaded) -> None:
    """A tag of a run was clicked: filter by it, if it really is one (a browser may send anything)."""
    if any(picked in line.tags for line in loaded.lines):
        also_tag(picked)


def forget() -> None:
    """Read the list anew, from its beginning."""
    st.session_state[state.HISTORY_PAGES] = None


def read_again() -> None:
    """Read the part that is shown anew; for callbacks that changed something."""
    held: Loaded | None = st.session_state.get(state.HISTORY_PAGES)
    if held is not None:
        st.session_state[state.HISTORY_PAGES] = replace(held, read_at=-inf)


def _reader(archive: Archive, looked_for: Filter) -> Read:
    return lambda after: archive.page(looked_for, after, PAGE)


def _loaded(archive: Archive, looked_for: Filter) -> Loaded:
    held: Loaded | None = st.session_state.get(state.HISTORY_PAGES)
    read, now = _reader(archive, looked_for), monotonic()
    same = held is not None and held.looked_for == looked_for
    loaded = fresh(held, read, now) if held is not None and same else first(looked_for, read, now)
    st.session_state[state.HISTORY_PAGES] = loaded
    return loaded


def _more(archive: Archive, loaded: Loaded) -> None:
    try:
        longer = more(loaded, _reader(archive, loaded.looked_for), monotonic())
    except RecordError:
        return  # the redraw meets the same error and shows it
    st.session_state[state.HISTORY_PAGES] = longer


def _nothing(looked_for: Filter, chips: list[Chip], plans: int) -> None:
    if looked_for == Filter():
        where = " outside of experiments" if plans else ""
        st.info(
            f"Nothing has been asked yet{where}. Whatever you ask is kept here, with its answers, times and costs.",
            icon=":material/history:",
        )
        st.page_link("app_pages/compare.py", label="Ask several models one question", icon=":material/compare_arrows:")
        return
    st.info(plain(advice(looked_for, chips)), icon=":material/search_off:")
    if chips:
        st.button("Clear all filters", key="history-clear", on_click=clear)
