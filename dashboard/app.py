"""The ASGI app: the pages, the stream of live answers, security headers, and the life of the engine.

Run it with `streamlit run dashboard/app.py`.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from dashboard.answers import markdown, sse
from dashboard.answers.security import SecurityHeaders
from dashboard.engine import engine
from dashboard.lane_view import RunView
from prompts.record import RecordError
from prompts.run import Run

_views: WeakKeyDictionary[Run, RunView] = WeakKeyDictionary()


def find_view(run_id: str) -> RunView | None:
    """The run as the grid reads it: the same object each time, so that its drawing is shared."""
    try:
        run = engine().find(run_id)
    except RecordError:
        return None
    if run is not None and run not in _views:
        _views[run] = RunView(run, engine().configuration.connections)
    return _views.get(run) if run is not None else None


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start the engine before the first page and end it after the last."""
    await run_in_threadpool(engine)
    await run_in_threadpool(markdown.warm)
    # What is imported now lives as long as the process: the collector need not walk it again.
    gc.freeze()
    yield {}
    await run_in_threadpool(engine().close)


app = st.App("main.py", routes=sse.routes(find_view), middleware=[Middleware(SecurityHeaders)], lifespan=lifespan)
