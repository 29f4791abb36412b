"""`/health` and `/health/live`: whether the app is ready and alive, for whatever supervises it.

Open to everybody under our own host names, even where login is set up: the answer is one word, and it is worked out
once a second at most, however often it is requested. Imports no Streamlit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard.sides import Side
from prompts.record.recorder import RecordError

PATIENCE_S = 5.0
"""Seconds after which a check counts as failed; a probe's timeout must be longer."""
HELD_S = 1.0


class Watched(Protocol):
    """The part of the engine that is needed here."""

    @property
    def side(self) -> Side:
        """The side that asks models; see `dashboard/sides.py`."""
        ...

    def submit(self, work: Coroutine[Any, Any, bool]) -> Future[bool]:
        """Run a coroutine on the engine's event loop, which shows that the loop works too."""
        ...


class Shared:
    """A check that runs once for all requests that arrive at about the same time."""

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, bool]], yes: str, no: str) -> None:
        self._ask, self._yes, self._no = ask, yes, no
        self._asked: asyncio.Task[bool] | None = None

    async def answer(self, _request: Request) -> JSONResponse:
        """200 with the status `yes` if all is well, otherwise 503 with `no`."""
        if self._asked is None:
            self._asked = asyncio.create_task(_in_time(self._ask))
            self._asked.add_done_callback(self._hold)
        good = await asyncio.shield(self._asked)  # a client that disconnects must not cancel it for the others
        status = {"status": self._yes if good else self._no}
        return JSONResponse(status, 200 if good else 503, {"Cache-Control": "no-store"})

    def _hold(self, _: object) -> None:
        asyncio.get_running_loop().call_later(HELD_S, self._forget)

    def _forget(self) -> None:
        self._asked = None


async def _in_time(ask: Callable[[], Coroutine[Any, Any, bool]]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await ask()
    except (TimeoutError, RecordError):
        return False


def routes(engine: Callable[[], Watched]) -> list[Route]:
    """The two routes, for the app."""

    async def ready() -> bool:
        watched = engine()
        return await asyncio.wrap_future(watched.submit(watched.side.ready()))

    async def live() -> bool:
        watched = engine()
        return await asyncio.wrap_future(watched.submit(watched.side.live()))

    return [
        Route("/health", Shared(ready, "ready", "not ready").answer),
        Route("/health/live", Shared(live, "alive", "not alive").answer),
    ]
