"""The answer grid alone, over runs that a thread writes: the harness of `test_answer_grid.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import answer_grid_runs as runs  # noqa: E402 - found by the line above

from dashboard.answer_grid.security import SecurityHeaders  # noqa: E402
from dashboard.answer_grid.sse import routes  # noqa: E402


class CutOnce:
    """Ends the stream of the run `stream-cut` early, as a proxy or a lost network would, unless it is a resumption."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        resumed = b"after=" in scope.get("query_string", b"")
        if "/runs/stream-cut/events" not in scope.get("path", "") or resumed:
            await self._app(scope, receive, send)
            return
        told = False

        async def send_some(message: Message) -> None:
            nonlocal told
            if told:  # after the first event, however few there are: a busy machine joins what grew meanwhile
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                raise OSError("cut")
            told = b"id: " in message.get("body", b"")
            await send(message)

        try:
            await self._app(scope, receive, send_some)
        except OSError:
            return


app = st.App(
    str(HERE / "answer_grid_page.py"),
    routes=routes(runs.find),
    middleware=[Middleware(SecurityHeaders), Middleware(CutOnce)],
)
