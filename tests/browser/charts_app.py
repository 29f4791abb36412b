"""Charts of names that mean something to a program, under the policy of the app: the harness of `test_charts.py`."""

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.answer_grid.security import SecurityHeaders

sys.path.insert(0, str(Path(__file__).parent))
app = st.App(str(Path(__file__).with_name("charts_page.py")), middleware=[Middleware(SecurityHeaders)])
