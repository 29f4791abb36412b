"""The network under every SDK, on both of the HTTP libraries the SDKs use."""

import asyncio
import gzip
import socket

import pytest

from providers import errors
from providers.network import transport
from providers.network.exchange import Exchange, exchange
from providers.network.transport import canned_client, guarded_client
from tests.providers.network.getting import CLEAN, TEXT, failed_get, get
from tests.wire.server import Reply, WireServer


async def test_the_steps_of_an_exchange_are_marked_in_order(http) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(b"hello", headers={"X-Request-Id": "req_1"})

    seen = Exchange(clock=asyncio.get_running_loop().time)
    with WireServer(script) as server:
        response = await get(http, server.url, seen)
    assert response.text == "hello"
    assert seen.connected_at is not None
    assert seen.sent_at is not None
    assert seen.headers_at is not None
    assert seen.connected_at <= seen.sent_at <= seen.headers_at
    assert (seen.status, seen.request_id, seen.requests, seen.received) == (200, "req_1", 1, 5)
    assert server.requests[0].headers["accept-encoding"] == "identity"


async def test_one_attempt_sends_one_request(http) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(b"hello")

    token = exchange.set(Exchange(clock=float))
    with WireServer(script) as server:
        async with guarded_client(http) as client:
            await client.get(server.url)
            with pytest.raises(errors.ProviderError, match="second request"):
                await client.get(server.url)
            exchange.set(Exchange(clock=float))
            await client.get(server.url)  # the next attempt may
    exchange.reset(token)
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_error_and_its_target_is_never_asked(http, status: int) -> None:
    with WireServer() as target:

        async def script(reply: Reply) -> None:
            await reply.body(b"", status, {"location": f"{target.url}/v1"})

        with WireServer(script) as server:
            failure = await failed_get(http, server.url)
    assert (failure.kind, failure.status, failure.retry) == ("redirect", status, "no")
    assert f"{target.url}/v1" in failure.message
    assert (len(server.requests), len(target.requests)) == (1, 0)


async def test_a_body_shorter_than_promised_is_not_taken_for_whole(http) -> None:
    async def script(reply: Reply) -> None:
        await reply.head(200, length=1000)
        await reply.send(b"only this")
        await reply.close()

    with WireServer(script) as server, pytest.raises(http.RemoteProtocolError) as caught:
        await get(http, server.url, Exchange(clock=float))
    failure = errors.from_exception(caught.value)
    assert (failure.kind, failure.retry) == ("connection", "ask")


async def test_a_compressed_answer_is_unpacked_once(http) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(gzip.compress(TEXT, mtime=0), headers={"content-encoding": "gzip"})

    with WireServer(script) as server:
        response = await get(http, server.url, None)
    assert response.content == CLEAN


async def test_proxies_of_the_environment_are_ignored(http, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(b"direct")

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with WireServer(script) as server:
        assert (await get(http, server.url, None)).text == "direct"


async def test_a_proxy_that_was_asked_for_is_used(http) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(b"by proxy")

    with WireServer(script) as server:
        assert (await get(http, "http://example.invalid/x", None, proxy=server.url)).text == "by proxy"
    assert server.requests[0].path == "http://example.invalid/x"


async def test_a_refused_connection_is_told_from_one_that_was_lost(http) -> None:
    with WireServer() as server:
        pass
    with pytest.raises(http.ConnectError) as caught:
        await get(http, server.url, Exchange(clock=float))
    assert errors.from_exception(caught.value).retry == "yes"

    async def script(reply: Reply) -> None:
        reply.reset()

    with WireServer(script) as server, pytest.raises(http.TransportError) as caught:
        await get(http, server.url, Exchange(clock=float))
    failure = errors.from_exception(caught.value)
    assert (failure.kind, failure.retry) == ("connection", "ask")


async def test_a_canned_client_answers_without_a_network(http) -> None:
    async with canned_client(http, TEXT, "text/event-stream") as client:
        response = await client.post("http://example.invalid/v1", json={})
    assert (response.content, response.headers["content-type"]) == (CLEAN, "text/event-stream")


async def test_no_answer_to_a_connection_within_the_limit_is_a_time_out_that_was_never_sent(http, monkeypatch) -> None:
    monkeypatch.setattr(transport, "CONNECT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:  # the queue of the server is full: a further SYN is dropped
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        with pytest.raises(http.ConnectTimeout) as caught:
            await get(http, f"http://127.0.0.1:{full.getsockname()[1]}", None)
        for one in waiting:
            one.close()
    failure = errors.from_exception(caught.value)
    assert (failure.kind, failure.retry) == ("timeout", "yes")


async def test_the_type_of_a_cleaned_body_claims_no_charset(http) -> None:
    async def script(reply: Reply) -> None:
        await reply.body("é".encode(), content_type="text/plain; charset=iso-8859-1")

    with WireServer(script) as server:
        response = await get(http, server.url, None)
    assert (response.text, response.headers["content-type"]) == ("é", "text/plain")
