"""What the network did for one attempt, marked while it happens: instants, counts, headers, signs of life.

Owns the record that transport, measurement and adapters share for one request. Refuses to act: it is written to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

from providers.network.stream_lines import Heard
from providers.secrets import redact

CONNECT_S = 5.0
"""How long a connection may take to be made, and again its encryption."""


async def _nothing_to_close() -> None:
    """Before there is an answer."""


def _nobody_waits() -> None:
    """Where nobody is told that the request has been written."""


@dataclass(slots=True)
class Exchange:
    """What the network did for one attempt. Instants are readings of `clock`; `None` = not yet."""

    clock: Callable[[], float]
    watched: bool = False
    """Somebody looks at the clock for all of it, so that nothing below has to."""
    written: Callable[[], None] = _nobody_waits
    """Called when the request has been written, and when there is nothing to do but wait for a connection."""
    sent_at: float | None = None
    connecting_at: float | None = None
    """When the present step of making a connection began: the connection itself, then its encryption."""
    connected_at: float | None = None
    headers_at: float | None = None
    requests: int = 0
    path: str = ""
    """Where the answer was asked for at its host."""
    read_at: float | None = None
    """When the network last brought a piece of the body."""
    on_read: Callable[[], None] | None = None
    """Called after each read of an answer, once what it brought has been passed on."""
    waited_s: float = 0.0
    """How long the reading of the body had waited for the network by then, in all."""
    most_bytes: int | None = None
    """The most of the answer that is read, unpacked; `None`: as of any text."""
    received: int = 0
    """Body bytes after decompression."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    repaired: bool = False
    head: bytes = b""
    tail: bytes = b""
    close: Callable[[], Awaitable[None]] = _nothing_to_close
    """Ends the answer's connection if the SDK has left it open; the vendor must not go on for nobody."""
    heard: Heard | None = None
    """What the lines of an answer told beside it; `None` where no stream is read."""
    odd_counts: dict[str, object] = field(default_factory=dict[str, object])
    """Token counts that the SDK would not take, see `usage.OddCounts`."""

    async def trace(self, event: str, _info: object) -> None:
        """Called by httpcore at each step of the connection."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self.connected_at = self.clock()
        elif event in ("connection.connect_tcp.started", "connection.start_tls.started"):
            self.connecting_at = self.clock()
            self.written()
        elif event == "http11.send_request_headers.started":
            self.sent_at = self.clock()
        elif event == "http11.receive_response_headers.complete":
            self.headers_at = self.clock()
        elif event == "http11.send_request_body.complete":
            self.written()

    @property
    def request_id(self) -> str | None:
        """The vendor's id of this request, from the response headers."""
        told = self.headers.get("x-request-id") or self.headers.get("request-id")
        return told and redact(told)

    @property
    def cut_in_line(self) -> bool:
        """Whether the body stopped inside a line: then it was cut, not damaged."""
        return not self.tail.endswith(b"\n")


exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)
