"""The repeats of a made-up run alone: the harness of `test_repeats.py`."""

import streamlit as st
from starlette.middleware import Middleware

from dashboard.answer_grid.security import SecurityHeaders

app = st.App("repeats_page.py", middleware=[Middleware(SecurityHeaders)])
