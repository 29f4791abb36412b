"""Compare: one prompt, several models, their answers side by side, and one table of figures."""

import streamlit as st

from dashboard import state
from dashboard.components.answers import show_answers
from dashboard.components.asking import examples, notices, reopen, start
from dashboard.components.comparison import show_comparison
from dashboard.components.picker import pick
from dashboard.components.settings import ask_settings
from dashboard.engine import engine, own_connections
from dashboard.escape import plain

core = engine()
connections = own_connections(core.configuration.connections, state.typed_keys(core.configuration.connections))
run = reopen(core)

st.header("Ask several models one question", anchor=False)
st.text_area(
    "Prompt", key=state.PROMPT, height=100, placeholder="What do you want to know?", label_visibility="collapsed"
)
if run is None and not st.session_state.get(state.PROMPT):
    examples()
chosen = pick(core, connections)
with st.container(horizontal=True, vertical_alignment="center", key="actions"):
    st.button(
        "Run", type="primary", key="run", icon=":material/play_arrow:", shortcut="Ctrl+Enter", on_click=start,
        args=(core, connections), disabled=core.record_problem is not None,
    )  # fmt: skip
    if run is not None and not run.finished:
        st.button("Stop all", key="stop-all", icon=":material/stop:", on_click=core.stop, args=(run,))
    settings = ask_settings()
notices(core, connections, chosen, settings)
if (problem := st.session_state.get(state.PROBLEM)) is not None:
    st.error(plain(problem), icon=":material/error:")
if run is not None:
    show_answers(core, connections, run)
    show_comparison(run)
