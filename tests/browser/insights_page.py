"""The page of the harness: the three views of a finished run."""

import insights_runs as runs
import streamlit as st

from dashboard.results.monthly_cost import show_volume
from dashboard.results.pareto import show_frontier
from dashboard.results.timeline import show_timeline

st.set_page_config(layout="wide")
run = runs.find(st.query_params.get("run", "eight"))
st.subheader("Timeline", anchor=False)
show_timeline(run)
st.subheader("Monthly estimate", anchor=False)
show_volume(run)
st.subheader("Choosing by eye", anchor=False)
show_frontier(
    run, selected=st.session_state.get("picked"), on_pick=lambda column: st.session_state.update(picked=column)
)
st.text(f"picked: {st.session_state.get('picked')}")
