"""History: every run on record, to search, filter, open and put side by side, and what they all cost."""

import streamlit as st

from dashboard import state
from dashboard.compose.open_run import about_to_open
from dashboard.decide.notice import tell_aged
from dashboard.engine import engine
from dashboard.history.actions import show_actions
from dashboard.history.exporting import export_button
from dashboard.history.filter_form import ask_filter, show_chips
from dashboard.history.importing import import_button
from dashboard.history.list import forget, show_interrupted, show_list, show_planned
from dashboard.markdown_escape import plain
from prompts.record.recorder import RecordError

RUNS, SUMS = "runs", "spend"
_TITLES = {RUNS: "Runs", SUMS: "Spend and speed"}

core = engine()
connections = state.own_connections(core.configuration.connections)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.header("History", anchor=False, width="content")
    corner = st.container(horizontal=True, width="content")
tell_aged(core)
archive = core.archive
try:
    if archive is None:
        raise RecordError(core.record_problem or "There is no record.")
    facets = archive.facets()
    looked_for = ask_filter(facets)
    chips = show_chips(looked_for, facets)
    with corner:
        import_button(core, on_taken=forget)
        export_button(core, looked_for=looked_for, key="export-all")
    shown = st.segmented_control(
        "What to look at", list(_TITLES), default=RUNS, required=True, key=state.SHOW, bind="query-params",
        format_func=_TITLES.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    show_planned(looked_for, facets)
    if shown == SUMS:
        from dashboard.history.totals_view import show_sums

        show_sums(archive, looked_for)
    else:
        show_interrupted(archive, looked_for)
        ticked = show_list(archive, looked_for, chips, facets.plans)
        show_actions(core, connections, archive, facets, ticked)
except RecordError as exc:
    st.error(plain(str(exc)), title="The record cannot be read now", icon=":material/database_off:")
    st.button("Try again", icon=":material/refresh:", key="history-again")
about_to_open()
