"""The ASGI app: the pages, the stream of live answers, exports, security headers, and the life of the engine.

Run it with `streamlit run dashboard/app.py`.
"""

from __future__ import annotations

import asyncio
import gc
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from dashboard import server
from dashboard.answer_grid import markdown, sse
from dashboard.answer_grid.security import SecurityHeaders
from dashboard.answer_grid.view import RunView, parse_view_id
from dashboard.engine import engine
from dashboard.exports import offers
from prompts.core.combined_run import GatheringError
from prompts.record.recorder import RecordError

# Weak, for a view holds its run: what nobody looks at must not keep a run in memory.
_views: WeakValueDictionary[str, RunView] = WeakValueDictionary()


def find_view(name: str) -> RunView | None:
    """What `view.view_id` named: the same object while anybody looks at it, so that its drawing is shared."""
    run_id, repeat = parse_view_id(name)
    try:
        run = engine().find(run_id)
    except (RecordError, GatheringError):
        return None
    if run is None:
        return None
    view = _views.get(name)
    if view is None or view.run is not run:
        view = _views[name] = RunView(run, engine().configuration.connections, repeat)
    return view


async def _welcome() -> None:
    """Say where the app is, once it is there, and open it; Streamlit does neither for an ASGI app of ours."""
    address = await server.address(st.get_option("server.baseUrlPath"))
    if address is None:
        return
    print(f"Collate is at {address}", flush=True)
    if not st.get_option("server.headless"):
        await run_in_threadpool(webbrowser.open, address)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start the engine before the first page and end it after the last."""
    await run_in_threadpool(engine)
    await run_in_threadpool(markdown.warm)
    # What is imported now lives as long as the process: the collector need not walk it again.
    gc.freeze()
    server.end_in_time()
    welcome = asyncio.create_task(_welcome())  # kept, for the loop would forget it
    yield {}
    welcome.cancel()
    await run_in_threadpool(engine().close)


app = st.App(
    "main.py",
    routes=[*sse.routes(find_view), *offers.routes()],
    middleware=[Middleware(SecurityHeaders)],
    lifespan=lifespan,
)
