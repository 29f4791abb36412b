"""`/metrics`: counts of calls for Prometheus, if they are switched on.

If a token is configured, whoever sends it may read them, from anywhere. Without one, programs on this computer may,
unless login is set up or the request came through a proxy: behind a proxy every request seems to come from this
computer. Imports no Streamlit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.admission import IN_SCOPE, is_here
from dashboard.sides import Side
from prompts.observing.counts_port import FORM, PATH, REFUSED, says
from prompts.record.recorder import RecordError
from providers.config.configuration import Configuration
from providers.secrets import Secret

PATIENCE_S = 5.0


class Counted(Protocol):
    """The part of the engine that is needed here."""

    configuration: Configuration

    @property
    def side(self) -> Side:
        """The side that asks, and so counts; see `dashboard/sides.py`."""
        ...

    def submit(self, work: Coroutine[Any, Any, str | None]) -> Future[str | None]:
        """Run a coroutine on the engine's event loop."""
        ...


def may_read(request: Request, token: Secret | None) -> bool:
    """Whether the sender of `request` may read the counts. `token`: the configured one; `None` if there is none."""
    if token is not None:
        return says(request.headers.get("authorization", ""), token)
    people_log_in = IN_SCOPE in request.scope
    return not people_log_in and is_here(request)


def routes(engine: Callable[[], Counted]) -> list[Route]:
    """The route `/metrics`, for the app."""

    async def counts(request: Request) -> Response:
        counted = engine()
        rules = counted.configuration.telemetry
        if not rules.metrics:
            return PlainTextResponse("Counts are switched off.\n", 404)
        if not may_read(request, rules.token):
            return PlainTextResponse(REFUSED, 401, {"WWW-Authenticate": "Bearer"})
        try:
            async with asyncio.timeout(PATIENCE_S):
                text = await asyncio.wrap_future(counted.submit(counted.side.counts()))
        except (TimeoutError, RecordError):
            text = None
        if text is None:
            return PlainTextResponse("The process that asks models is not responding now.\n", 503)
        return Response(text, media_type=FORM, headers={"Cache-Control": "no-store"})

    return [Route(PATH, counts)]
