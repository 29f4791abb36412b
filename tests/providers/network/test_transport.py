"""The network under every SDK, on both of the HTTP libraries the SDKs use."""

import asyncio
import gzip
import socket
import threading
import tracemalloc
import zlib

import httpx
import httpx2
import pytest

from providers import errors
from providers.network import cleaning, transport
from providers.network.cleaning import Cleaner
from providers.network.exchange import Exchange, exchange
from providers.network.transport import canned_client, guarded_client
from tests.patience import PATIENCE_S, until
from tests.stepped import SteppedClock
from tests.wire.server import Reply, WireServer

TEXT = 'data: {"a":"é\u2028b 🌍"}\r\n\r\ndata: x\r\rdata: y\n\n'.encode()
CLEAN = 'data: {"a":"é\\u2028b 🌍"}\n\ndata: x\n\ndata: y\n\n'.encode()


def clean(*pieces: bytes, encoding: str = "") -> tuple[bytes, Exchange]:
    """All that comes out of a cleaner, and what it noted."""
    seen = Exchange(clock=float)
    cleaner = Cleaner(seen, encoding)
    out = [part for piece in pieces for part in cleaner.feed(piece)]
    return b"".join(out + list(cleaner.feed(b"", final=True))), seen


def one_by_one(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["bare", "BOM"])
def test_line_ends_and_marks_are_cleaned_wherever_the_bytes_are_cut(mark: bytes) -> None:
    stream = mark + TEXT
    assert clean(stream)[0] == CLEAN
    assert clean(*one_by_one(stream))[0] == CLEAN
    for cut in range(len(stream)):
        out, seen = clean(stream[:cut], b"", stream[cut:])
        assert out == CLEAN
        assert not seen.repaired


def test_a_mark_inside_the_text_stays() -> None:
    assert clean("a\ufeffb".encode())[0] == "a\ufeffb".encode()


@pytest.mark.parametrize(("raw", "escaped"), [("\u0085", b"\\u0085"), ("\u2028", b"\\u2028"), ("\u2029", b"\\u2029")])
def test_what_line_splitters_take_for_a_line_end_becomes_a_json_escape(raw: str, escaped: bytes) -> None:
    assert clean(f"a{raw}b".encode())[0] == b"a" + escaped + b"b"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"a\xffb", "a\ufffdb"),
        (b"a\xc3", "a\ufffd"),  # cut inside a character
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),  # a surrogate has no UTF-8
        (b"\xc0\xaf", "\ufffd\ufffd"),  # overlong
    ],
)
def test_invalid_utf8_is_replaced_and_flagged(raw: bytes, text: str) -> None:
    for pieces in ([raw], one_by_one(raw)):
        out, seen = clean(*pieces)
        assert (out.decode(), seen.repaired) == (text, True)


def test_valid_text_is_kept_to_the_byte() -> None:
    text = "a\x00\x1f\u00a0e\u0301\ufffd\U0010ffff".encode()
    out, seen = clean(*one_by_one(text))
    assert (out, seen.repaired) == (text, False)


def test_the_first_and_last_bytes_are_remembered() -> None:
    out, seen = clean(*[b"%04d" % n for n in range(2000)])
    assert (seen.head, seen.tail) == (out[:4096], out[-64:])
    assert seen.received == 8000


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT, mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("gzip", TEXT),
        ("", gzip.compress(TEXT, mtime=0)),
        ("identity, gzip", gzip.compress(TEXT, mtime=0)),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT), mtime=0)),
    ],
)
def test_compressed_answers_are_read_in_any_cut(encoding: str, packed: bytes) -> None:
    assert clean(packed, encoding=encoding)[0] == CLEAN
    assert clean(*one_by_one(packed), encoding=encoding)[0] == CLEAN


def failing(*pieces: bytes, encoding: str) -> errors.Failure:
    with pytest.raises(errors.ProviderError) as caught:
        clean(*pieces, encoding=encoding)
    return caught.value.failure


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(TEXT, mtime=0)[:12] + b"\xff\xff\xff\xff" + gzip.compress(TEXT, mtime=0)[16:], "gzip"),
        (TEXT, "br"),
        (TEXT, "zstd"),
        (gzip.compress(b"\x1f\x8b no more of it", mtime=0), "gzip, gzip"),
    ],
)
def test_damaged_or_unasked_compression_is_a_protocol_error(packed: bytes, encoding: str) -> None:
    assert failing(packed, encoding=encoding).kind == "protocol"


def test_a_compression_bomb_meets_the_budget_in_little_memory() -> None:
    bomb = gzip.compress(bytes(512 * 2**20), 9, mtime=0)
    tracemalloc.start()
    failure = failing(bomb, encoding="gzip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert failure.kind == "too_long"
    assert peak < 4 * 2**20 + cleaning.WIRE_BYTES  # the test's own list of clean pieces is as large as the budget


def test_the_budget_counts_plain_bytes_too() -> None:
    piece = b"x" * 2**20
    assert clean(*[piece] * 16)[1].received == cleaning.WIRE_BYTES
    assert failing(*[piece] * 16, b"x", encoding="").kind == "too_long"


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def http(request: pytest.FixtureRequest):
    return request.param


async def get(http, url: str, seen: Exchange | None, **options):
    """One GET through the guarded transport, within the attempt `seen`."""
    token = exchange.set(seen)
    try:
        async with guarded_client(http, **options) as client:
            return await client.get(url)
    finally:
        exchange.reset(token)


async def failed_get(http, url: str) -> errors.Failure:
    with pytest.raises(errors.ProviderError) as caught:
        await get(http, url, Exchange(clock=float))
    return caught.value.failure


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


async def test_a_connection_is_used_again_but_never_one_that_was_closed_unannounced(
    http, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "SETTLE_S", 1)

    async def kept(reply: Reply) -> None:
        await reply.body(b"hello")

    settling = threading.Semaphore(0)

    async def dropped(reply: Reply) -> None:
        await reply.body(b"hello")
        await asyncio.to_thread(settling.acquire, timeout=PATIENCE_S)
        await reply.close()

    for script, connections in ((kept, 1), (dropped, 8)):
        with WireServer(script) as server:
            opened = []
            async with guarded_client(http) as client:
                for n in range(8):
                    settled = asyncio.create_task(client.settled())
                    await clock.idle()
                    if n:
                        assert not settled.done()
                        settling.release()
                        await until(server.requests[-1].disconnected.is_set)
                        clock.move(transport.SETTLE_S)
                    await settled
                    token = exchange.set(seen := Exchange(clock=clock))
                    await client.get(server.url)
                    exchange.reset(token)
                    opened.append(seen.connected_at is not None)
            settling.release()
        assert sum(opened) == connections


async def test_settling_waits_only_after_an_answer(http, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "SETTLE_S", 2)

    async def script(reply: Reply) -> None:
        await reply.body(b"hello")

    with WireServer(script) as server:
        async with guarded_client(http) as client:
            await client.settled()
            await client.get(server.url)
            settled = asyncio.create_task(client.settled())
            clock.move(1)
            await clock.idle()
            assert not settled.done()
            clock.move(1)
            await settled
            await client.settled()


async def test_the_type_of_a_cleaned_body_claims_no_charset(http) -> None:
    async def script(reply: Reply) -> None:
        await reply.body("é".encode(), content_type="text/plain; charset=iso-8859-1")

    with WireServer(script) as server:
        response = await get(http, server.url, None)
    assert (response.text, response.headers["content-type"]) == ("é", "text/plain")


def test_gzip_may_have_many_members_and_padding() -> None:
    packed = gzip.compress(TEXT[:20], mtime=0) + gzip.compress(TEXT[20:], mtime=0) + bytes(100)
    assert clean(packed, encoding="gzip")[0] == CLEAN
    assert clean(*one_by_one(packed), encoding="gzip")[0] == CLEAN
    assert failing(gzip.compress(TEXT, mtime=0) + b"no more of it", encoding="gzip").kind == "protocol"


async def test_the_body_of_an_error_is_not_waited_for(http, monkeypatch) -> None:
    monkeypatch.setattr(transport, "ERROR_BODY_S", 0.1)

    async def script(reply: Reply) -> None:
        await reply.head(500, length=100)
        await reply.stall()

    with WireServer(script) as server:
        failure = await failed_get(http, server.url)
    assert (failure.kind, failure.status) == ("server", 500)
