"""The picker, the browser of models and the attaching of files alone, as a page draws them."""

import streamlit as st

from dashboard.compose.browse import browse_button
from dashboard.compose.files import attach
from dashboard.compose.picker import pick
from dashboard.engine import engine

core = engine()
connections = core.configuration.connections
chosen = pick(core, connections)
with st.container(horizontal=True):
    browse_button(core, connections)
    files = attach()
st.text("Chosen: " + ", ".join(chosen))
st.text("Files: " + ", ".join(f"{file.name} {file.media_type} {len(file.data)}" for file in files))
