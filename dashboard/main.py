"""The script that Streamlit runs for each session: page settings and navigation."""

import streamlit as st

from dashboard import state
from dashboard.engine import engine
from dashboard.escape import plain

st.set_page_config(page_title="Collate", page_icon=":material/compare:", layout="wide")
state.keep()
if (problem := engine().problem) is not None:
    st.error(plain(problem), title="The configuration cannot be followed", icon=":material/settings:")
    st.write("Correct it, then start Collate again. Nothing was sent.")
    st.stop()
pages = [
    st.Page("app_pages/compare.py", title="Compare", icon=":material/compare_arrows:", default=True),
    st.Page("app_pages/connections.py", title="Connections", icon=":material/cable:"),
]
st.navigation(pages, position="top").run()
