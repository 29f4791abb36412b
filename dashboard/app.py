"""The ASGI app: the pages, the stream of live answers, exports, security headers, and the life of the engine.

Run it with `collate dashboard`, or with `streamlit run dashboard/app.py`.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from dashboard import counts_page, health, server, server_settings
from dashboard.allowed_hosts import AllowedHosts
from dashboard.answer_grid import markdown, offered_files, offered_pictures, sse
from dashboard.answer_grid.security import SecurityHeaders
from dashboard.answer_grid.view import RunView, parse_view_id
from dashboard.engine import ask_apart, engine
from dashboard.exports import offers
from dashboard.icons.font import SmallSymbols
from dashboard.kept_responses import keep_responses
from dashboard.known_base import KnownBase
from dashboard.logins import Logins
from dashboard.user import login_is_set_up
from prompts.core.combined_run import GatheringError
from prompts.observing import logs
from prompts.record.recorder import RecordError

keep_responses()

# Weak references, because a view holds its run: a view that nobody looks at must not keep a run in memory.
_views: WeakValueDictionary[str, RunView] = WeakValueDictionary()


def find_view(name: str) -> RunView | None:
    """The view that a `view.view_id` names, or `None`; one object for all who look at it, so they share its drawing."""
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


def find_picture(digest: str) -> bytes | None:
    """The bytes of a recorded picture, by its digest; `None` if there is none."""
    return engine().picture(digest)


_OPEN_TO_ALL = """\
Other computers can reach Collate, and nobody has to log in: whoever reaches it can read and delete every run and
ask at your cost. Put [auth] into .streamlit/secrets.toml, or leave server.address at 127.0.0.1."""
_IGNORED = """\
Settings in your .streamlit/config.toml that have no effect: {}. `streamlit run` puts Collate's own settings first;
`collate dashboard` puts yours first."""


async def _welcome() -> None:
    """Once the app is up, print its address and open it; Streamlit does neither for an ASGI app of our own."""
    address = await server.address(st.get_option("server.baseUrlPath"))
    if address is None:
        return
    print(f"Collate is at {address}", flush=True)
    if server.others_can_reach_it() and not login_is_set_up():
        print(_OPEN_TO_ALL, file=sys.stderr, flush=True)
    if ignored := server_settings.ignored(st.get_option):
        print(_IGNORED.format(", ".join(ignored)), file=sys.stderr, flush=True)
    if not st.get_option("server.headless"):
        await run_in_threadpool(webbrowser.open, address)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start the engine before the first page and end it after the last."""
    ask_apart()
    await run_in_threadpool(engine)
    await run_in_threadpool(markdown.warm)
    logs.set_up(engine().configuration.telemetry)
    # What is imported by now lives as long as the process: the garbage collector need not visit it again.
    gc.freeze()
    server.end_in_time()
    welcome = asyncio.create_task(_welcome())  # referenced, because the event loop keeps tasks only weakly
    yield {}
    welcome.cancel()
    await run_in_threadpool(engine().close)


app = st.App(
    "main.py",
    routes=[
        *sse.routes(find_view, find_picture),
        *offers.routes(),
        *offered_pictures.routes(find_picture),
        *offered_files.routes(),
        *health.routes(engine),
        *counts_page.routes(engine),
    ],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(AllowedHosts),
        Middleware(Logins),
        Middleware(SmallSymbols),
        # Levels above 6 take twice the time for 1 % less. Starlette does not compress event streams.
        Middleware(GZipMiddleware, minimum_size=1024, compresslevel=6),
        Middleware(KnownBase),
    ],
    lifespan=lifespan,
)
