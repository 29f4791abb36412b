"""The results of an experiment alone, under the policy of the app: the harness of `test_results.py`."""

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.answer_grid import offered_files
from dashboard.answer_grid.security import SecurityHeaders

sys.path.insert(0, str(Path(__file__).parent))
page = str(Path(__file__).with_name("results_page.py"))
app = st.App(page, routes=offered_files.routes(), middleware=[Middleware(SecurityHeaders)])
