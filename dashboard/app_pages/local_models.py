"""Local models: what Ollama has installed, what is loaded into memory, and pulling more."""

import streamlit as st

from dashboard import state
from dashboard.engine import engine
from dashboard.local_models.facts import CONTEXTS, runs_here
from dashboard.local_models.pull_form import ask_for_model, show_pulls
from dashboard.local_models.show import choose_server, look, show_installed, show_loaded, show_note
from dashboard.markdown_escape import plain
from prompts.core import format as text_of
from providers.local.machine import memory

core = engine()
connections = state.own_connections(core.configuration.connections)

st.header("Models on your own computer", anchor=False)
server = choose_server(connections)
if not server.local:
    st.info(
        plain(f"{server.endpoint} is not one of your own servers, so its models cannot be managed from here."),
        icon=":material/cloud:",
    )
    st.stop()
here = memory() if runs_here(server) else None
st.caption(
    plain(
        f"Ollama at {server.endpoint}"
        + (f" · {text_of.size(here.total_bytes)} of memory" if here else " · memory of that computer unknown")
        + (f", {text_of.size(here.available_bytes)} available now" if here and here.available_bytes else "")
    ),
    help="Main memory as this computer's operating system reports it. The memory of graphics cards is not included.",
)
show_note()
inventory = look(core, server)
if inventory is not None:
    show_loaded(core, server, inventory)
    show_installed(core, server, inventory, here)
    ask_for_model(core, server, inventory)
show_pulls(core, server, here, st.session_state.get(state.LOCAL_CONTEXT) or CONTEXTS[0])
