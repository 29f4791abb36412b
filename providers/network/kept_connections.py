"""Keeps connections open for later requests, at the same cost for each request however many are in use.

The pools of httpcore look at all their connections whenever a request begins or ends, and ask the system about each
idle one: with 200 calls in progress, an eighth of the work of a call. Here a request takes the connection that was used
last, or a new one. No request waits for another: how many are in progress is up to the caller.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any


class KeptConnections:
    """Replaces `pool`, a pool of httpcore, which still makes each connection, through its proxy if it has one.

    `most`: how many idle connections to one host are kept.
    """

    def __init__(self, pool: Any, most: int) -> None:
        self._pool, self._most = pool, most
        self._idle: defaultdict[tuple[bytes, bytes, int], deque[Any]] = defaultdict(deque)
        """By host, the connection used last at the right end."""
        self._busy = set[Any]()

    async def handle_async_request(self, request: Any) -> Any:
        """Send the request; its connection is kept once the body of the response is closed."""
        if request.url.scheme not in (b"http", b"https"):
            return await self._pool.handle_async_request(request)  # raises the proper error
        origin = request.url.origin
        idle = self._idle[origin.scheme, origin.host, origin.port]
        connection = await self._usable(idle) or self._pool.create_connection(origin)
        self._busy.add(connection)
        try:
            response = await connection.handle_async_request(request)
        except BaseException:
            await self._drop(connection)
            raise
        response.stream = _Body(response.stream, lambda: self._keep(connection, idle))
        return response

    async def aclose(self) -> None:
        """Close all connections, also those in use."""
        left = [*self._busy, *(each for idle in self._idle.values() for each in idle)]
        self._busy.clear()
        self._idle.clear()
        for connection in left:
            await connection.aclose()

    async def _usable(self, idle: deque[Any]) -> Any:
        while idle:
            connection = idle.pop()
            if not connection.has_expired():  # nor closed by the server meanwhile
                return connection
            await connection.aclose()
        return None

    async def _keep(self, connection: Any, idle: deque[Any]) -> None:
        # All may have been closed meanwhile, which one that was still connecting could not be.
        if connection not in self._busy or not connection.is_idle():
            await self._drop(connection)
            return
        self._busy.discard(connection)
        idle.append(connection)
        while idle and (len(idle) > self._most or idle[0].has_expired()):
            await asyncio.shield(idle.popleft().aclose())

    async def _drop(self, connection: Any) -> None:
        """Close it unless it has closed itself, which it does not when cancelled between connecting and sending."""
        self._busy.discard(connection)
        if not connection.is_closed():
            await asyncio.shield(connection.aclose())


class _Body:
    """The body of a response."""

    def __init__(self, stream: Any, closed: Callable[[], Awaitable[None]]) -> None:
        self._stream, self._closed = stream, closed  # `leftovers` looks through `_stream`

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            await self._closed()
