"""A file on its way to a browser, piece by piece, which is never told as whole where it is not."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from dashboard import server


class BrokenOffError(Exception):
    """The file ends before its end, on purpose: the browser then says that it is not whole."""


class Download(StreamingResponse):
    """Where a file is broken off nothing says that it was whole: the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send head and pieces; where the server ends and nobody reads on, stop without a word."""
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            if not server.stops():
                raise

    async def stream_response(self, send: Send) -> None:
        """Send the pieces."""
        with suppress(BrokenOffError):
            await super().stream_response(send)
