"""The script that Streamlit runs for each session: page settings and navigation."""

from pathlib import Path

import streamlit as st

from dashboard import preparing

if not preparing.is_ready(within_s=10):
    with st.spinner("Collate is starting. With a record of an older version this can take minutes.", show_time=True):
        preparing.wait()
    st.rerun()  # without the spinner, whose place would count as part of the page

# By now these are imported: no module is imported in two threads at once.
from dashboard import state
from dashboard.components.login import show_login
from dashboard.components.page_head import page_head
from dashboard.engine import engine
from dashboard.later import later
from dashboard.logins import take_uploads
from dashboard.markdown_escape import plain
from dashboard.user import stranger

# A file of our own, because Streamlit would fetch named icons and emoji from another server.
st.set_page_config(page_title="Collate", page_icon=Path(__file__).with_name("icon.svg"), layout="wide")
state.keep()
if stranger():
    show_login()
    st.stop()
take_uploads()
if mistakes := engine().mistakes:
    st.error("  \n".join(map(plain, mistakes)), title="Some settings cannot be applied", icon=":material/settings:")
    st.caption("What they concern stays off until you correct them and restart Collate. Everything else works.")
history = st.Page("app_pages/history.py", title="History", icon=":material/history:")
pages = [
    st.Page("app_pages/compare.py", title="Compare", icon=":material/compare_arrows:", default=True),
    st.Page("app_pages/experiments.py", title="Experiments", icon=":material/science:"),
    st.Page("app_pages/vote.py", title="Vote", icon=":material/how_to_vote:"),
    st.Page("app_pages/prompts.py", title="Prompts", icon=":material/library_books:"),
    history,
    st.Page("app_pages/choose.py", title="Choose", icon=":material/fact_check:"),
    st.Page("app_pages/models.py", title="Models", icon=":material/category:"),
    st.Page("app_pages/local_models.py", title="Local models", icon=":material/memory:"),
    st.Page("app_pages/how_it_works.py", title="How it works", icon=":material/school:"),
    st.Page("app_pages/settings.py", title="Settings", icon=":material/settings:"),
]
page = st.navigation(pages, position="top")
if page is not history:
    state.leave_history()
page_head(page.title)
page.run()
engine().page_drawn(later.load)
