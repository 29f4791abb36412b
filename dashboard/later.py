"""Serves our own routes as soon as the engine is there, so that the server can listen before that."""

from __future__ import annotations

from importlib import import_module
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from dashboard import preparing

PATIENCE_S = 5.0
"""Seconds that a request waits; longer only while a record is being changed for a newer Collate."""
PATHS = ("/api/v1/{rest:path}", "/health", "/health/live", "/metrics")


class Later:
    """ASGI app: the routes of `dashboard/routes.py`, which are imported when they are first needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; 503 if it would have to wait too long."""
        if self._router is None:
            try:
                await run_in_threadpool(preparing.wait, PATIENCE_S)
            except TimeoutError:
                await PlainTextResponse("Collate is starting. Try again in a moment.\n", 503)(scope, receive, send)
                return
        router = self._router or await run_in_threadpool(self._made)
        await router(scope, receive, send)

    def load(self) -> None:
        """Load what the first answers and their table would otherwise load in the middle of somebody's measurement."""
        self._made()
        from dashboard.answer_grid import markdown

        markdown.warm()
        import_module("pandas")

    def _made(self) -> Router:
        with self._lock:
            if self._router is None:
                from dashboard.routes import routes

                self._router = Router(routes())
            return self._router


later = Later()
"""The routes of this process."""


def routes() -> list[Route]:
    """A route for each of `PATHS`, for the app."""
    return [Route(path, later) for path in PATHS]
