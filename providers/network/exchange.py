"""What the network did for one attempt, marked as it happens: instants, counts, headers, signs of life.

A record that transport, measurement and adapters share for one request. It has no behaviour of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from providers.network.stream_lines import Heard
from providers.secrets import redact

if TYPE_CHECKING:
    from providers.interface import Done

CONNECT_S = 5.0
"""Seconds allowed for making a connection, and again for its encryption."""


async def _nothing_to_close() -> None:
    """The default before there is an answer to close."""


def _nobody_waits() -> None:
    """The default if nobody needs to know that the request has been written."""


def _nothing_told() -> None:
    """The default for formats that report nothing of an answer before its end."""


@dataclass(slots=True)
class Exchange:
    """What the network did for one attempt. Instants are readings of `clock`; `None`: not yet."""

    clock: Callable[[], float]
    watched: bool = False
    """Whether somebody enforces deadlines for all of it, so that the layers below need not."""
    written: Callable[[], None] = _nobody_waits
    """Called when the request has been written, and when there is nothing to do but wait for a connection."""
    sent_at: float | None = None
    connecting_at: float | None = None
    """When the present step of connecting began: the connection itself, then its encryption."""
    connected_at: float | None = None
    headers_at: float | None = None
    requests: int = 0
    path: str = ""
    """The path at the host to which the request was sent."""
    read_at: float | None = None
    """When the network last delivered a piece of the body."""
    on_read: Callable[[], None] | None = None
    """Called after each read of an answer, once its content has been passed on."""
    waited_s: float = 0.0
    """Total seconds that reading the body has waited for the network so far."""
    most_bytes: int | None = None
    """The most bytes of the answer that are read, after decompression; `None`: the limit for text."""
    received: int = 0
    """Body bytes after decompression."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    repaired: bool = False
    head: bytes = b""
    tail: bytes = b""
    close: Callable[[], Awaitable[None]] = _nothing_to_close
    """Closes the answer's connection if the SDK has left it open, so that the vendor does not continue for nobody."""
    heard: Heard | None = None
    """What the lines of an answer contained besides it; `None` if no stream is read."""
    odd_counts: dict[str, object] = field(default_factory=dict[str, object])
    """Token counts that the SDK would not accept, see `usage.OddCounts`."""
    so_far: Callable[[], Done | None] = _nothing_told
    """Returns what the vendor has reported of the answer by now, for one whose end never comes; see `tell_so_far`."""

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
        """The vendor's id of this request, from the response headers; `None` if there is none."""
        told = self.headers.get("x-request-id") or self.headers.get("request-id")
        return told and redact(told)

    @property
    def cut_in_line(self) -> bool:
        """Whether the body stopped inside a line, so that it was cut rather than damaged."""
        return not self.tail.endswith(b"\n")


exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def tell_so_far(told: Callable[[], Done | None]) -> None:
    """Let the running exchange call `told` for what was reported so far, above all token counts, if it breaks off."""
    if (seen := exchange.get()) is not None:
        seen.so_far = told
