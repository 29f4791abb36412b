"""A local HTTP server that plays scripted answers byte for byte, and remembers what it was sent.

Written on bare sockets so that every fault of docs/design/failures.md can be played: stalls, resets, cuts
inside a character, lies in headers. It runs on a thread of its own; tests wait for its events.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from providers.network.exchange import Exchange
from tests.patience import PATIENCE_S, until

_PAUSE_S = 0.001
REASONS = {200: "OK", 204: "No Content", 307: "Temporary Redirect", 400: "Bad Request", 429: "Too Many Requests"}


@dataclass
class Received:
    """One request as it came over the wire, and when its answer went out."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    first_byte_at: float | None = None
    """When the first body byte after the headers was written (`time.perf_counter`)."""
    last_byte_at: float | None = None
    disconnected: threading.Event = field(default_factory=threading.Event)
    """Set once the client has gone away, or the answer was sent to its end."""
    client_left: bool = False

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Reply:
    """The server's side of one request: write bytes, wait, stall or break."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, received: Received) -> None:
        self._reader, self._writer, self.received = reader, writer, received
        self._chunked = False
        self.sent = 0
        """Bytes of the body that went out."""

    async def head(
        self,
        status: int = 200,
        headers: dict[str, str] | None = None,
        *,
        content_type: str = "application/json",
        length: int | None = None,
    ) -> None:
        """Status line and headers; chunked unless `length` is given."""
        lines = {"content-type": content_type, **(headers or {})}
        self._chunked = length is None and status != 204
        if self._chunked:
            lines["transfer-encoding"] = "chunked"
        elif length is not None:
            lines["content-length"] = str(length)
        text = f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}\r\n"
        await self.raw((text + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n").encode())

    async def send(self, data: bytes) -> None:
        """Body bytes, as one chunk."""
        now = time.perf_counter()
        self.received.first_byte_at = self.received.first_byte_at or now
        await self.raw(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data)
        self.received.last_byte_at = time.perf_counter()
        self.sent += len(data)

    async def raw(self, data: bytes) -> None:
        """Bytes straight to the socket."""
        self._writer.write(data)
        await self._writer.drain()

    async def one_by_one(self, data: bytes) -> None:
        """Bytes straight to the socket, each in a packet of its own."""
        raw: socket.socket = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in data:
            await self.raw(bytes([byte]))
            await asyncio.sleep(0)

    async def end(self) -> None:
        """The proper end of the body."""
        if self._chunked:
            await self.raw(b"0\r\n\r\n")

    async def body(self, data: bytes, status: int = 200, headers: dict[str, str] | None = None, **kind: Any) -> None:
        """A whole answer at once."""
        await self.head(status, headers, length=len(data), **kind)
        await self.send(data)

    async def json(self, data: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """A whole JSON answer at once."""
        await self.body(json.dumps(data).encode(), status, headers)

    async def stream(
        self,
        pieces: Iterable[bytes],
        *,
        gap_s: float = 0,
        first_s: float = 0,
        content_type: str = "text/event-stream",
        end: bool = True,
    ) -> None:
        """A streamed answer: headers, a wait, then the pieces with a gap between them."""
        await asyncio.sleep(first_s)
        await self.head(content_type=content_type)
        start = time.perf_counter()
        for number, piece in enumerate(pieces):
            if gap_s and number:  # against the schedule, not against the last send, so that gaps do not add up
                await asyncio.sleep(max(0.0, start + number * gap_s - time.perf_counter()))
            await self.send(piece)
        if end:
            await self.end()

    async def pause(self) -> None:
        """Between pieces without end: sent without a pause, they would leave the client no time to read them."""
        await asyncio.sleep(_PAUSE_S)

    async def stall(self) -> None:
        """Say nothing until the client leaves."""
        await self._reader.read()

    def finish(self) -> None:
        """Say that nothing more will be sent, and stay."""
        self._writer.write_eof()

    def reset(self) -> None:
        """Break the connection with RST, which also discards what the client has not read yet."""
        raw: socket.socket = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def reset_when_read(self, exchanges: Sequence[Exchange]) -> None:
        """The same once the client has read all that was sent. `exchanges`: its network's, this one last."""
        await until(lambda: exchanges and exchanges[-1].received == self.sent)
        self.reset()

    async def close(self) -> None:
        """Break the connection with FIN, wherever the answer is. When this returns, the client can know."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


Script = Callable[[Reply], Awaitable[None]]


class WireServer:
    """Listens on a free port of 127.0.0.1 while used as a context manager."""

    def __init__(
        self, script: Script | None = None, tls: ssl.SSLContext | None = None, greeting: Script | None = None
    ) -> None:
        """`greeting` is played on every connection as soon as it is made, before anything is read of it."""
        self.script, self.tls, self.greeting = script, tls, greeting
        self.routes: dict[str, Script] = {}
        """Scripts by the end of the path (query left out); they win over `script`."""
        self.requests: list[Received] = []
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The base address, without a trailing slash."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> WireServer:
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name="wire", daemon=True)
        self._thread.start()
        started.wait(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_S)

    def calls(self, ending: str = "") -> list[Received]:
        """The requests received whose path ends so."""
        return [r for r in self.requests if r.path.split("?")[0].endswith(ending)]

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(started))
        self._loop.close()

    async def _serve(self, started: threading.Event) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=2**26, ssl=self.tls)
        self.port: int = server.sockets[0].getsockname()[1]
        started.set()
        await self._stop.wait()
        server.close()
        for _ in range(5):  # a connection accepted this moment begins its task first, and so can end it
            await asyncio.sleep(0)
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            if self.greeting is not None:
                await self.greeting(Reply(reader, writer, Received("", "", {}, b"", time.perf_counter())))
            while (received := await self._read(reader)) is not None:
                self.requests.append(received)
                if not await self._answer(Reply(reader, writer, received)):
                    break
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            with suppress(ConnectionError):
                writer.close()

    async def _answer(self, reply: Reply) -> bool:
        path = reply.received.path.split("?")[0]
        script = next((s for end, s in self.routes.items() if path.endswith(end)), self.script)
        if script is None:
            await reply.json({"error": {"message": f"no such route: {path}"}}, status=404)
            return True
        try:
            await script(reply)
        except ConnectionError:
            reply.received.client_left = True
            return False
        finally:
            if reply._reader.at_eof():
                reply.received.client_left = True
            reply.received.disconnected.set()
        return not reply._writer.is_closing()

    async def _read(self, reader: asyncio.StreamReader) -> Received | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return None
        at = time.perf_counter()
        request_line, *lines = head.strip().split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        method, path, _ = request_line.split(" ", 2)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Received(method, path, headers, body, at)
