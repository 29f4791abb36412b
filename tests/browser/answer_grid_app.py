"""The answer grid alone, over a run that a thread writes: the harness of `test_answer_grid.py`.

`GRID_SCRIPT` names what is shown: `stream` (eight lanes that grow until stopped or ended), `hostile`
(markup that would reach outside), `gallery` (one of everything, finished).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

sys.path.insert(0, str(Path(__file__).parent))
import answer_grid_runs as runs

from dashboard.answers.security import SecurityHeaders
from dashboard.answers.sse import routes

app = st.App(
    str(Path(__file__).parent / "answer_grid_page.py"),
    routes=routes(runs.find),
    middleware=[Middleware(SecurityHeaders)],
)

if __name__ == "__main__":
    os.environ.setdefault("GRID_SCRIPT", "gallery")
