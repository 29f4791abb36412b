"""The ASGI app: the pages, our own routes, security headers, and the life of the engine.

Run it with `collate dashboard`, or with `streamlit run dashboard/app.py`. Imports nothing that needs the engine, so
that the server listens soon; what does need it is prepared meanwhile (`preparing.py`).
"""

from __future__ import annotations

import asyncio
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from dashboard import later, preparing, server, server_settings
from dashboard.allowed_hosts import AllowedHosts
from dashboard.answer_grid.security import SecurityHeaders
from dashboard.icons.font import SmallSymbols
from dashboard.kept_responses import keep_responses
from dashboard.known_base import KnownBase
from dashboard.login_setup import login_is_set_up
from dashboard.logins import Logins
from dashboard.packing import Packing
from dashboard.spared import spare

spare()
keep_responses()

_OPEN_TO_ALL = """\
Other computers can reach Collate, and nobody has to log in: whoever reaches it can read and delete every run and
ask at your cost. Put [auth] into .streamlit/secrets.toml, or leave server.address at 127.0.0.1."""
_IGNORED = """\
Settings in your .streamlit/config.toml that have no effect: {}. `streamlit run` puts Collate's own settings first;
`collate dashboard` puts yours first."""


async def _welcome() -> None:
    """Once the app is up, print its address and open it; Streamlit does neither for an ASGI app of our own."""
    await server.send_at_once()
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
    """Start the engine behind the first page and end it after the last."""
    server.end_in_time()
    preparing.begin()
    welcome = asyncio.create_task(_welcome())  # referenced, because the event loop keeps tasks only weakly
    yield {}
    welcome.cancel()
    await run_in_threadpool(_close)


def _close() -> None:
    try:
        preparing.wait()
    except Exception:  # noqa: BLE001 -- logged where it was raised, and there is nothing to close
        return
    from dashboard.engine import engine

    engine().close()


app = st.App(
    "main.py",
    routes=later.routes(),
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(AllowedHosts),
        Middleware(Logins),
        Middleware(SmallSymbols),
        Middleware(Packing),
        Middleware(KnownBase),
    ],
    lifespan=lifespan,
)
