"""Connections: where models are reached, whether it works, and keys for this session."""

import streamlit as st

from dashboard import state
from dashboard.components.connection_card import connection_card
from dashboard.engine import engine, own_connections
from dashboard.escape import plain

core = engine()
configured = core.configuration.connections
connections = own_connections(configured, state.typed_keys(configured))

st.header("Where models are reached", anchor=False)
st.write(
    "A key is read from the environment or from `.streamlit/secrets.toml`; one typed here is used in this "
    "browser session only and is never stored. A check sends one short question, which may cost a fraction of a cent."
)
offered = {name: connection for name, connection in connections.items() if connection.offered}
core.submit(core.models.refresh(list(offered.values())))
for name, connection in offered.items():
    connection_card(core, connection, typed=connection != configured[name])
st.caption(plain(f"More hosts, addresses and deadlines: {core.configuration.file}. The README shows every setting."))
