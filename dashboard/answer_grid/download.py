"""Sends a file to a browser piece by piece, and never lets it pass for complete when it is not."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from dashboard import server


class BrokenOffError(Exception):
    """Raised to stop a file in the middle on purpose; the browser then reports an incomplete download."""


class Download(StreamingResponse):
    """A streamed file. If its pieces raise `BrokenOffError`, the final chunk is never sent: it counts as incomplete."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send head and pieces; end quietly if this is cancelled because the server stops."""
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            if not server.stops():
                raise

    async def stream_response(self, send: Send) -> None:
        """Send the pieces until they end or are broken off."""
        with suppress(BrokenOffError):
            await super().stream_response(send)
