"""The network layer under every SDK: time marks, budgets, and a clean byte stream.

Owns what no SDK does for us (docs/design/failures.md#the-network-under-every-sdk): one request per attempt, no
redirects, an error response read once and in one way, decompression and size within a budget, text that every SDK's
line splitter handles. Knows nothing of any vendor's format. `httpx` and `httpx2` have the same interface, so the module
is a parameter, and only the one used by the SDK is imported.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from typing import Any

from providers import errors
from providers.network import leftovers, vendor_errors
from providers.network.additions import Additions
from providers.network.cleaning import Cleaner
from providers.network.exchange import CONNECT_S, Exchange, exchange
from providers.network.log_redaction import redact_logs
from providers.network.stream_lines import Lines
from providers.network.trust import network

redact_logs()

NewLines = Callable[[], Lines]

SETTLE_S = 0.02
"""Seconds to wait for a server that closes its connections without notice: a request sent before would be lost."""
DRAIN_S = 0.1
"""Seconds allowed for the end of a body whose answer is over, so that its connection can be used again."""
ERROR_BODY_BYTES = 64 * 2**10
ERROR_BODY_S = 2.0
"""Seconds allowed for the body of an error response, as its status has already said what happened."""


_UNDONE = (b"content-encoding", b"content-length")  # describe the bytes before they were cleaned


def _as_cleaned(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers for a cleaned body, which is UTF-8 whatever charset is claimed."""
    kept = ((name.lower(), value) for name, value in headers if name.lower() not in _UNDONE)
    return [(name, value.partition(b";")[0] if name == b"content-type" else value) for name, value in kept]


def guarded_client(
    http: Any, lines: NewLines | None = None, *, proxy: str | None = None, verify: ssl.SSLContext | None = None,
    additions: Additions = Additions(), **options: Any,
) -> Any:  # fmt: skip
    """An `AsyncClient` of `http` (the module httpx or httpx2) with the guarded transport.

    `lines` makes a normaliser for the lines of one answer. Proxies from the environment and netrc are ignored; `proxy`
    is explicit, and so is whom to trust (`verify`). Reads have no inactivity limit here: the deadlines of a completion
    are up to `measure.py`. `await client.settled()` before a request that is measured; `client.transport` is for an SDK
    that accepts a transport but no client.
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
    """A transport for `http` that marks, bounds and cleans; `inner` replaces the network in warm-ups."""

    class GuardedStream(http.AsyncByteStream):
        def __init__(self, response: Any, cleaner: Cleaner, lines: Lines | None, closed: Callable[[], None]) -> None:
            self._stream, self._cleaner, self._lines, self._closed = response.stream, cleaner, lines, closed
            self._socket = response.extensions.get("network_stream")
            self._is_closed = False

        async def __aiter__(self) -> AsyncIterator[bytes]:
            seen, lines = self._cleaner.seen, self._lines
            asked = seen.clock()
            reads = aiter(self._stream)
            while isinstance(raw := await self._read(reads), bytes):
                seen.read_at = seen.clock()
                seen.waited_s += seen.read_at - asked
                for piece in self._cleaner.feed(raw):
                    yield lines.feed(piece) if lines is not None else piece
                    self._stop_at_failure()  # after the `yield`, so that what came before the failure has been read
                if seen.on_read is not None:
                    seen.on_read()
                if lines is not None and lines.over:
                    await self._drain(reads)
                    return
                asked = seen.clock()
            if raw is not None:
                if lines is not None:
                    yield lines.broken_off()
                raise raw
            for piece in self._cleaner.feed(b"", final=True):
                yield self._lines.feed(piece) if self._lines else piece
            if self._lines:
                yield self._lines.feed(b"", final=True)
                self._stop_at_failure()

        async def _read(self, reads: AsyncIterator[bytes]) -> bytes | Exception | None:
            """The next bytes from the network, or what broke it; `None` at the end,
            including a broken end if the answer is complete."""
            try:
                return await anext(reads, None)
            except Exception as exc:  # noqa: BLE001 -- raised again once what had come by then has been passed on
                return None if self._lines is not None and self._lines.is_whole() else exc

        async def _drain(self, reads: AsyncIterator[bytes]) -> None:
            """Read what follows the end of the answer, mostly nothing, so that the connection can be used again."""
            with suppress(TimeoutError):
                async with asyncio.timeout(DRAIN_S):
                    while isinstance(await self._read(reads), bytes):
                        pass

        def _stop_at_failure(self) -> None:
            heard = self._lines.heard if self._lines else None
            if heard is not None and heard.failure is not None:
                raise errors.ProviderError(heard.failure)

        async def aclose(self) -> None:
            if not self._is_closed:
                self._is_closed = True
                odd = leftovers.are_left(self._stream)
                await self._stream.aclose()
                if odd and self._socket is not None:
                    await self._socket.aclose()  # a connection that ended oddly must not be reused
                self._closed()

    class GuardedTransport(http.AsyncBaseTransport):
        def __init__(self) -> None:
            self._last_end = float("-inf")
            self._inner = inner or network(http, proxy, verify)

        async def handle_async_request(self, request: Any) -> Any:
            seen = exchange.get()
            if seen is not None:
                _one_request(seen)
                seen.path = request.url.path
                request.extensions["trace"] = seen.trace
            request = await additions.to(request, http)
            request.headers["accept-encoding"] = "identity"
            # Some SDKs pass no timeout at all (Google, Ollama); connecting is bounded in any case.
            # If somebody enforces deadlines, a limit here would also count the time in which our process was paused.
            connect = None if seen is not None and seen.watched else CONNECT_S
            request.extensions["timeout"] = {**request.extensions.get("timeout", {}), "connect": connect}
            response = await self._inner.handle_async_request(request)
            if seen is not None:
                seen.status, seen.headers = response.status_code, dict(response.headers)
            cleaner = Cleaner(seen, response.headers.get("content-encoding", ""))
            if response.status_code >= 300 or response.status_code == 204:
                body = GuardedStream(response, cleaner, None, self._note_end)
                raise errors.ProviderError(await _refusal(request, response, body))
            lines = new_lines() if new_lines else None
            stream = GuardedStream(response, cleaner, lines, self._note_end)
            if seen is not None:
                seen.close = stream.aclose
                if lines is not None:
                    lines.heard = seen.heard
            # Some SDKs only accept status 200, but other success statuses also carry answers.
            return http.Response(
                200, headers=_as_cleaned(response.headers.raw), extensions=response.extensions,
                stream=stream,
            )  # fmt: skip

        async def settled(self) -> None:
            """Wait until a connection that the server closed after its last answer is known to be closed."""
            left = self._last_end + SETTLE_S - asyncio.get_running_loop().time()
            if left > 0:
                await asyncio.sleep(left)

        def _note_end(self) -> None:
            self._last_end = asyncio.get_running_loop().time()

        async def aclose(self) -> None:
            await self._inner.aclose()

    return GuardedTransport()


def _one_request(seen: Exchange) -> None:
    """Raise an error for a second request: an SDK that retries or follows up would be charged, and measured wrongly."""
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
