"""The body of an error response is read within bounds, and the status decides."""

import gzip

import pytest

from providers.network import transport
from tests.providers.network.getting import failed_get
from tests.wire.server import Reply, WireServer


@pytest.mark.parametrize(
    ("body", "headers", "message"),
    [
        (b'{"error": {"message": "No such model"}}', {}, "No such model"),
        (
            gzip.compress(b'{"error": {"message": "No such model"}}', mtime=0),
            {"content-encoding": "gzip"},
            "No such model",
        ),
        (b"<html>\n<h1>Bad\tgateway</h1>", {}, "HTTP 502: Bad gateway"),
        (b"", {}, "HTTP 502"),
        (b"<p>" + b"x" * 10**6, {}, "HTTP 502: " + "x" * 200),
        (b"garbage", {"content-encoding": "gzip"}, "HTTP 502: garbage"),
        (b"\x1f\x8bgarbage", {"content-encoding": "gzip"}, "HTTP 502: the compressed answer is damaged"),
        (b"garbage", {"content-encoding": "br"}, "HTTP 502"),
    ],
)
async def test_an_error_body_is_read_once_within_bounds_and_the_status_decides(http, body, headers, message) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(body, 502, headers)

    with WireServer(script) as server:
        failure = await failed_get(http, server.url)
    assert (failure.kind, failure.status) == ("server", 502)
    assert failure.message.startswith(message)
    assert len(failure.message) < 300


async def test_an_endless_error_body_is_not_read_to_its_end(http) -> None:
    async def script(reply: Reply) -> None:
        await reply.head(500)
        await reply.send(b"x" * 2 * transport.ERROR_BODY_BYTES)
        await reply.stall()

    with WireServer(script) as server:
        failure = await failed_get(http, server.url)
    assert (failure.kind, failure.status) == ("server", 500)


async def test_an_error_body_that_is_cut_still_is_that_status(http) -> None:
    async def script(reply: Reply) -> None:
        await reply.head(429, {"retry-after": "3"}, length=1000)
        await reply.send(b'{"error":')
        await reply.close()

    with WireServer(script) as server:
        failure = await failed_get(http, server.url)
    assert (failure.kind, failure.status, failure.retry_after_s) == ("rate_limit", 429, 3.0)


async def test_the_body_of_an_error_is_not_waited_for(http, monkeypatch) -> None:
    monkeypatch.setattr(transport, "ERROR_BODY_S", 0.1)

    async def script(reply: Reply) -> None:
        await reply.head(500, length=100)
        await reply.stall()

    with WireServer(script) as server:
        failure = await failed_get(http, server.url)
    assert (failure.kind, failure.status) == ("server", 500)
