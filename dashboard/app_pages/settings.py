"""Settings: where models are reached, what they cost, how long we wait, what is kept, and what stays private."""

import streamlit as st

from dashboard import state
from dashboard.components.login import show_person
from dashboard.engine import engine
from dashboard.markdown_escape import plain
from dashboard.settings.connection_card import connection_card
from dashboard.settings.retention import show_record
from dashboard.settings.sections import show_deadlines, show_look, show_prices, show_privacy

core = engine()
configured = core.configuration.connections
connections = state.own_connections(configured)

st.header("Settings", anchor=False)
show_person()
providers, prices, deadlines, record, privacy, look = st.tabs(
    ["Providers", "Prices", "Time limits", "Record", "Privacy", "Appearance"], key=state.SETTINGS_TAB
)
with providers:
    st.subheader("Providers", anchor=False)
    st.write(
        "A key is read from the environment or from `.streamlit/secrets.toml`; one typed here is used in this "
        "browser session only and is never stored. A check sends one short question, which may cost a fraction of "
        "a cent."
    )
    offered = {name: connection for name, connection in connections.items() if connection.offered}
    core.submit(core.models.refresh(list(offered.values())))
    for name, connection in offered.items():
        connection_card(core, connection, typed=connection != configured[name])
    st.caption(plain(f"More hosts: {core.configuration.file}. docs/configuration.md shows every setting."))
with prices:
    show_prices(core)
with deadlines:
    show_deadlines(core.configuration)
with record:
    show_record(core)
with privacy:
    show_privacy(core)
with look:
    show_look()
