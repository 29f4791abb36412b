"""Whether the app is ready and alive, for whoever keeps it running: `/health` and `/health/live`.

Open to everybody under our own names, also where people log in: they say one word, whoever asks, and however often it
is asked, one answer a second is found out. Imports no Streamlit.
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
"""What takes longer does not work: whoever probes must wait longer than this."""
HELD_S = 1.0


class Watched(Protocol):
    """The engine, as far as it is needed here."""

    @property
    def side(self) -> Side:
        """Who asks."""
        ...

    def submit(self, work: Coroutine[Any, Any, bool]) -> Future[bool]:
        """Run it on the engine's own loop, which thereby proves itself too."""
        ...


class Shared:
    """One question, asked once for all who want the answer at about the same time."""

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, bool]], yes: str, no: str) -> None:
        self._ask, self._yes, self._no = ask, yes, no
        self._asked: asyncio.Task[bool] | None = None

    async def answer(self, _request: Request) -> JSONResponse:
        """200 and a word if all is well, else 503 and another."""
        if self._asked is None:
            self._asked = asyncio.create_task(_in_time(self._ask))
            self._asked.add_done_callback(self._hold)
        good = await asyncio.shield(self._asked)  # whoever hangs up takes it from nobody else
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
    """The routes to hand to the app."""

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
