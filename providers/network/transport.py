"""The network under every SDK: marks of time, budgets, and a clean byte stream.

Owns what no SDK does for us (docs/design/failures.md#the-network-under-every-sdk): one request an
attempt, no redirects, an error response read once and in one way, decompression and size within a
budget, text that every SDK's line splitter survives. Knows nothing of any vendor's format. `httpx` and
`httpx2` have the same shape, so the module itself is a parameter and only the SDK in use decides which
is imported.
"""

from __future__ import annotations

import asyncio
import codecs
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from providers import errors
from providers.network import vendor_errors
from providers.network.additions import Additions
from providers.network.log_redaction import redact_logs
from providers.network.stream_lines import Heard, Lines
from providers.network.trust import network
from providers.secrets import redact

redact_logs()

NewLines = Callable[[], Lines]

CONNECT_S = 5.0
SETTLE_S = 0.02
"""How soon a server that closes its connections unannounced does so: a request sent before would be lost."""
WIRE_BYTES = 16 * 2**20
ERROR_BODY_BYTES = 64 * 2**10
ERROR_BODY_S = 2.0
"""How long the body of an error response may take: its status has already said what happened."""
_PIECE = 64 * 2**10


async def _nothing_to_close() -> None:
    """Before there is an answer."""


def _nobody_waits() -> None:
    """Where nobody is told that the request has been written."""


@dataclass(slots=True)
class Exchange:
    """What the network did for one attempt. Instants are readings of `clock`; `None` = not yet."""

    clock: Callable[[], float]
    written: Callable[[], None] = _nobody_waits
    """Called when the request has been written, and when there is nothing to do but wait for a connection."""
    sent_at: float | None = None
    connected_at: float | None = None
    headers_at: float | None = None
    requests: int = 0
    read_at: float | None = None
    """When the network last brought a piece of the body."""
    on_read: Callable[[], None] | None = None
    """Called after each read of an answer, once what it brought has been passed on."""
    waited_s: float = 0.0
    """How long the reading of the body had waited for the network by then, in all."""
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
        elif event == "http11.send_request_headers.started":
            self.sent_at = self.clock()
        elif event == "http11.receive_response_headers.complete":
            self.headers_at = self.clock()
        elif event in ("http11.send_request_body.complete", "connection.connect_tcp.started"):
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


class Cleaner:
    """Bytes off the wire -> bytes that every SDK reads alike, within the budget.

    Undoes gzip and deflate itself, so that a bomb meets the budget first. Drops a byte order mark,
    turns CR and CRLF into LF, replaces invalid UTF-8 by U+FFFD and says so, and writes U+0085,
    U+2028 and U+2029 as JSON escapes: line splitters cut there although JSON allows them raw.
    """

    def __init__(self, seen: Exchange | None, encoding: str) -> None:
        self.seen = seen or Exchange(clock=float)
        self._encoding, self._inflate = encoding, None
        self._utf8 = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._after_cr, self._at_start = False, True
        self._in_character = False

    def feed(self, raw: bytes, *, final: bool = False) -> Iterator[bytes]:
        """The clean bytes of one read. Raises `too_long` past the budget, `protocol` for bad compression."""
        for piece in (raw,) if self._encoding in ("", "identity") else self._decompressed(raw):
            self.seen.received += len(piece)
            if self.seen.received > WIRE_BYTES:
                raise errors.error("too_long", f"the answer passed {WIRE_BYTES // 2**20} MB and was stopped")
            if text := self._clean(piece):
                self._remember(text)
                yield text
        if final and (rest := self._repair(self._utf8.decode(b"", final=True))):
            self._remember(rest)
            yield rest

    def _decompressed(self, raw: bytes) -> Iterator[bytes]:
        self._inflate = self._inflate or _inflater(self._encoding)
        try:
            while raw and (not self._inflate.eof or raw.strip(b"\0")):  # zeros behind the end are padding
                if self._inflate.eof:
                    self._inflate = _inflater(self._encoding)  # gzip may have many members, one after another
                yield self._inflate.decompress(raw, _PIECE)
                raw = self._inflate.unconsumed_tail or self._inflate.unused_data
        except zlib.error as exc:
            raise errors.error("protocol", f"the compressed answer is damaged ({exc})") from exc

    def _clean(self, piece: bytes) -> bytes:
        if not (self._after_cr or self._at_start or self._in_character) and piece.isascii():
            plain = piece.replace(b"\r\n", b"\n")
            if b"\r" not in plain:
                return plain  # nearly always
        if not piece:
            return b""
        if self._after_cr:
            piece = piece.removeprefix(b"\n")
        self._after_cr = piece.endswith(b"\r")
        if b"\r" in piece:
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        text = self._utf8.decode(piece)
        self._in_character = bool(self._utf8.getstate()[0])
        if self._at_start and text:
            text, self._at_start = text.removeprefix("\ufeff"), False
        return self._repair(text)

    def _repair(self, text: str) -> bytes:
        if text.isascii():
            return text.encode("ascii")
        for line_end, escape in _LINE_ENDS:
            text = text.replace(line_end, escape)
        text, replaced = _ESCAPED_BYTES.subn("\ufffd", text)
        self.seen.repaired = self.seen.repaired or replaced > 0
        return text.encode()

    def _remember(self, text: bytes) -> None:
        if len(self.seen.head) < 4096:
            self.seen.head += text[: 4096 - len(self.seen.head)]
        self.seen.tail = text[-64:] if len(text) >= 64 else (self.seen.tail + text)[-64:]


_LINE_ENDS = (("\u0085", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
_ESCAPED_BYTES = re.compile("[\udc80-\udcff]")


def _inflater(encoding: str) -> Any:
    if encoding in ("gzip", "x-gzip", "deflate"):
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    raise errors.error("protocol", f"the answer is encoded as {encoding!r}, which was not asked for")


_UNDONE = (b"content-encoding", b"content-length")  # they describe the bytes before they were cleaned


def _as_cleaned(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of a cleaned body; it is UTF-8, whatever charset its type claims."""
    kept = ((name.lower(), value) for name, value in headers if name.lower() not in _UNDONE)
    return [(name, value.partition(b";")[0] if name == b"content-type" else value) for name, value in kept]


def guarded_client(
    http: Any, lines: NewLines | None = None, *, proxy: str | None = None, verify: ssl.SSLContext | None = None,
    additions: Additions = Additions(), **options: Any,
) -> Any:  # fmt: skip
    """An `AsyncClient` of `http` (the module httpx or httpx2) with the guarded transport under it.

    `lines` makes what puts the lines of one answer into plain form. Environment proxies and netrc are
    ignored; `proxy` is explicit, and so is whom to trust (`verify`). Reads have no inactivity limit here: the
    deadlines of a completion are `measure.py`'s. `await client.settled()` before a request that is measured;
    `client.transport` is for an SDK that takes a transport but no client.
    """
    transport = guarded_transport(http, lines, proxy=proxy, verify=verify, additions=additions)
    client = http.AsyncClient(
        transport=transport, timeout=http.Timeout(None, connect=CONNECT_S), follow_redirects=False, trust_env=False,
        **options,
    )  # fmt: skip
    client.transport, client.settled = transport, transport.settled
    return client


def canned_client(http: Any, body: bytes, content_type: str, lines: NewLines | None = None) -> Any:
    """A client whose every request is answered by `body`, without a network: for warm-ups."""

    def answer(_request: Any) -> Any:
        return http.Response(200, headers={"content-type": content_type}, content=body)

    transport = guarded_transport(http, lines, inner=http.MockTransport(answer))
    client = http.AsyncClient(transport=transport, trust_env=False)
    client.transport = transport
    return client


def guarded_transport(  # noqa: C901 -- two small classes
    http: Any, new_lines: NewLines | None = None, *, proxy: str | None = None, verify: ssl.SSLContext | None = None,
    inner: Any = None, additions: Additions = Additions(),
) -> Any:  # fmt: skip
    """A transport for `http` that marks, bounds and cleans; `inner` stands in for the network in warm-ups."""

    class GuardedStream(http.AsyncByteStream):
        def __init__(self, stream: Any, cleaner: Cleaner, lines: Lines | None, closed: Callable[[], None]) -> None:
            self._stream, self._cleaner, self._lines, self._closed = stream, cleaner, lines, closed
            self._is_closed = False

        async def __aiter__(self) -> AsyncIterator[bytes]:
            seen, lines = self._cleaner.seen, self._lines
            asked = seen.clock()
            async for raw in self._stream:
                seen.read_at = seen.clock()
                seen.waited_s += seen.read_at - asked
                for piece in self._cleaner.feed(raw):
                    yield lines.feed(piece) if lines is not None else piece
                    self._stop_at_failure()  # only now: what came before it has been read
                if seen.on_read is not None:
                    seen.on_read()
                asked = seen.clock()
            for piece in self._cleaner.feed(b"", final=True):
                yield self._lines.feed(piece) if self._lines else piece
            if self._lines:
                yield self._lines.feed(b"", final=True)
                self._stop_at_failure()

        def _stop_at_failure(self) -> None:
            heard = self._lines.heard if self._lines else None
            if heard is not None and heard.failure is not None:
                raise errors.ProviderError(heard.failure)

        async def aclose(self) -> None:
            if not self._is_closed:
                self._is_closed = True
                await self._stream.aclose()
                self._closed()

    class GuardedTransport(http.AsyncBaseTransport):
        def __init__(self) -> None:
            self._last_end = float("-inf")
            self._inner = inner or network(http, proxy, verify)

        async def handle_async_request(self, request: Any) -> Any:
            seen = exchange.get()
            if seen is not None:
                _one_request(seen)
                request.extensions["trace"] = seen.trace
            request = await additions.to(request, http)
            request.headers["accept-encoding"] = "identity"
            # Some SDKs hand over no timeout at all (Google, Ollama); connecting is bounded in any case.
            request.extensions["timeout"] = {**request.extensions.get("timeout", {}), "connect": CONNECT_S}
            response = await self._inner.handle_async_request(request)
            if seen is not None:
                seen.status, seen.headers = response.status_code, dict(response.headers)
            cleaner = Cleaner(seen, response.headers.get("content-encoding", "").strip().lower())
            if response.status_code >= 300 or response.status_code == 204:
                body = GuardedStream(response.stream, cleaner, None, self._note_end)
                raise errors.ProviderError(await _refusal(request, response, body))
            lines = new_lines() if new_lines else None
            stream = GuardedStream(response.stream, cleaner, lines, self._note_end)
            if seen is not None:
                seen.close = stream.aclose
                if lines is not None:
                    lines.heard = seen.heard
            return http.Response(
                response.status_code, headers=_as_cleaned(response.headers.raw), extensions=response.extensions,
                stream=stream,
            )  # fmt: skip

        async def settled(self) -> None:
            """Wait until a connection that the server closed behind its last answer is known to be closed."""
            await asyncio.sleep(self._last_end + SETTLE_S - asyncio.get_running_loop().time())

        def _note_end(self) -> None:
            self._last_end = asyncio.get_running_loop().time()

        async def aclose(self) -> None:
            await self._inner.aclose()

    return GuardedTransport()


def _one_request(seen: Exchange) -> None:
    """No SDK may retry, follow up or continue behind our back: it would be paid, and measured wrongly."""
    seen.requests += 1
    if seen.requests > 1:
        raise errors.error("protocol", "the SDK tried to send a second request; it was not sent")


async def _refusal(request: Any, response: Any, stream: Any) -> errors.Failure:
    body = b""
    try:
        async with asyncio.timeout(ERROR_BODY_S):
            async for piece in stream:
                body += piece
                if len(body) > ERROR_BODY_BYTES:
                    break
    except Exception as exc:  # noqa: BLE001
        # The status alone decides the kind; a damaged or late error body must not replace it.
        body = body or str(exc).encode()
    finally:
        await stream.aclose()
    status: int = response.status_code
    if status < 300:
        return errors.failure("protocol", f"HTTP {status} without an answer", status=status)
    if status < 400:
        target = response.headers.get("location", "an address it does not name")
        return errors.failure("redirect", f"{request.url.host} redirects to {target}", status=status)
    return vendor_errors.from_response(status, response.headers, body)
