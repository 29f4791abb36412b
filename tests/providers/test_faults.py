"""Faults of the network and of what stands between, in every wire format: which state, which kind, which text.

A sample of the catalogue of faults that every adapter owes the same answer to. What only one vendor
does is in that vendor's tests.
"""

import asyncio
import gzip
import json
import re
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from providers.adapters import ollama, ollama_serving
from providers.completion import Completion, Cost
from providers.config.connections import Connection
from providers.config.deadlines import USUAL, Deadlines
from providers.interface import Request
from providers.measuring.measure import complete
from providers.network import transport
from providers.network.exchange import Exchange
from providers.registry import open_provider
from tests.patience import PATIENCE_S, until
from tests.stepped import SteppedClock
from tests.wire.dialects import DIALECTS, HELLO, Dialect
from tests.wire.server import Reply, Script, WireServer

WHOLE = "".join(HELLO)
BEGUN = "".join(HELLO[:2])
FORMATS = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
EVENT_FORMATS = pytest.mark.parametrize(
    "dialect", [d for d in DIALECTS if d.content_type == "text/event-stream"], ids=lambda dialect: dialect.name
)


async def ask(dialect: Dialect, script: Script, **options: Any) -> tuple[Completion, WireServer]:
    """What becomes of one request that `script` answers; whatever else is asked is not found."""
    with WireServer() as server:
        server.routes[dialect.path] = script
        completion = await answer(dialect, dialect.connect(server.url), **options)
    return completion, server


async def answer(dialect: Dialect, connection: Connection, **options: Any) -> Completion:
    provider = open_provider(connection)
    try:
        request = Request.ask(dialect.model, "Say hello.")
        return await complete(provider, request, price=lambda _: Cost("unknown"), **options)
    finally:
        await provider.aclose()


def outcome(completion: Completion) -> tuple[str, str | None, str]:
    return completion.state, completion.error.kind if completion.error else None, completion.text


def events(dialect: Dialect) -> list[bytes]:
    return dialect.answer(HELLO, ())


def begun(dialect: Dialect) -> list[bytes]:
    """The events up to the last piece of text, that piece left out."""
    last = next(n for n, event in enumerate(events(dialect)) if HELLO[-1].encode() in event)
    return events(dialect)[:last]


async def whole(
    reply: Reply, dialect: Dialect, change: Callable[[bytes], bytes] = bytes, status: int = 200, **headers: str
) -> None:
    """The whole answer, changed as a whole, in one piece."""
    body = change(b"".join(events(dialect)))
    await reply.body(body, status, headers, content_type=dialect.content_type)


async def stall(reply: Reply, dialect: Dialect, pieces: Callable[[Dialect], list[bytes]]) -> None:
    await reply.stream(pieces(dialect), content_type=dialect.content_type, end=False)
    await reply.stall()


async def cut(reply: Reply, dialect: Dialect, *, inside: int = 0, how: str = "") -> None:
    """The beginning of an answer, then perhaps a part of an event, then the end."""
    rest = [events(dialect)[len(begun(dialect))][:inside]] if inside else []
    await reply.stream([*begun(dialect), *rest], content_type=dialect.content_type, end=not how)
    if how == "close":
        await reply.close()


async def silent(reply: Reply, _: Dialect, *, head: bytes = b"") -> None:
    await reply.raw(head)
    await reply.stall()


async def lost(reply: Reply, _: Dialect) -> None:
    reply.reset()


async def body(reply: Reply, _: Dialect, data: bytes, status: int = 200, content_type: str = "text/html") -> None:
    await reply.body(data, status, content_type=content_type)


async def bomb(reply: Reply, dialect: Dialect) -> None:
    packed = gzip.compress(b" " * (64 * 2**20), 9)
    await reply.body(packed, headers={"content-encoding": "gzip"}, content_type=dialect.content_type)


async def old_http(reply: Reply, dialect: Dialect, pieces: Callable[[Dialect], list[bytes]]) -> None:
    """HTTP/1.0: the end of the connection is the end of the body."""
    await reply.raw(b"HTTP/1.0 200 OK\r\n\r\n" + b"".join(pieces(dialect)))
    await reply.close()


def cut_short(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(data[: len(data) // 8]) + packer.flush(zlib.Z_SYNC_FLUSH)


def twice(data: bytes) -> bytes:
    return gzip.compress(gzip.compress(data))


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def spelled(data: bytes) -> bytes:
    """As a proxy writes the names of fields that knows them from the headers of a mail."""
    return re.sub(rb"^(data|event):", lambda name: name[1].title() + b" :", data, flags=re.MULTILINE)


def padded(data: bytes) -> bytes:
    """With the blanks by which some servers push a proxy to pass on what it holds."""
    return b" " * 4096 + b"\n\n" + data


def zeros(data: bytes) -> bytes:
    return b"\0\0\n" + data


def members(data: bytes) -> bytes:
    """Gzip in three members, with the padding that some writers leave."""
    third = len(data) // 3
    return b"".join(map(gzip.compress, (data[:third], data[third : 2 * third], data[2 * third :]))) + bytes(32)


@dataclass(frozen=True)
class Fault:
    name: str
    play: Callable[[Reply, Dialect], object]
    states: str
    kind: str | None
    text: str = ""


LOGIN = b'<html><body>Log in\n<img src="data:image/gif;base64,R0">\ndata:image/gif;base64,R0\n</body></html>\n'
PACKED = {"content-encoding": "gzip"}
DEFLATED = {"content-encoding": "deflate"}

STALLS = [
    Fault("no answer at all", silent, "unknown", "timeout"),
    Fault("a hang in the headers", partial(silent, head=b"HTTP/1.1 200 OK\r\n"), "unknown", "timeout"),
    Fault("a hang after the headers", partial(stall, pieces=lambda _: []), "unknown", "timeout"),
    Fault("a stall in the middle", partial(stall, pieces=begun), "incomplete", "timeout", BEGUN),
]
FAULTS = [
    Fault("a reset before the headers", lost, "unknown", "connection"),
    Fault("a close in the middle", partial(cut, how="close"), "incomplete", "connection", BEGUN),
    Fault("a clean but early end", cut, "incomplete", "connection", BEGUN),
    Fault("a cut inside an event", partial(cut, inside=40), "incomplete", "connection", BEGUN),
    Fault("an old server cut short", partial(old_http, pieces=begun), "incomplete", "connection", BEGUN),
    Fault("an old server", partial(old_http, pieces=events), "complete", None, WHOLE),
    Fault("a web page", partial(body, data=LOGIN), "failed", "protocol"),
    Fault("an empty body", partial(body, data=b""), "failed", "protocol"),
    Fault("null", partial(body, data=b"null"), "failed", "protocol"),
    Fault("a list", partial(body, data=b"[]"), "failed", "protocol"),
    Fault("an object of nothing", partial(body, data=b"{}"), "failed", "protocol"),
    Fault("a page of a gateway", partial(body, data=b"<h1>Bad gateway</h1>", status=502), "failed", "server"),
    Fault("an answer lost by a gateway", partial(body, data=b"late", status=504), "unknown", "timeout"),
    Fault("gzip", partial(whole, change=gzip.compress, **PACKED), "complete", None, WHOLE),
    Fault("gzip in members", partial(whole, change=members, **PACKED), "complete", None, WHOLE),
    Fault("gzip that is none", partial(whole, **PACKED), "complete", None, WHOLE),
    Fault("gzip that is not said", partial(whole, change=gzip.compress), "complete", None, WHOLE),
    Fault("gzip twice", partial(whole, change=twice, **{"content-encoding": "gzip, GZIP"}), "complete", None, WHOLE),
    Fault("deflate", partial(whole, change=zlib.compress, **DEFLATED), "complete", None, WHOLE),
    Fault("deflate without its header", partial(whole, change=bare_deflate, **DEFLATED), "complete", None, WHOLE),
    Fault("brotli, which nobody asked for", partial(whole, **{"content-encoding": "br"}), "failed", "protocol"),
    Fault("another success than 200", partial(whole, status=206), "complete", None, WHOLE),
    Fault("fields in capitals", partial(whole, change=spelled), "complete", None, WHOLE),
    Fault("padding before the answer", partial(whole, change=padded), "complete", None, WHOLE),
    Fault("a line of zeros before the answer", partial(whole, change=zeros), "complete", None, WHOLE),
    Fault("gzip cut short", partial(whole, change=cut_short, **PACKED), "incomplete unknown", "connection"),
    Fault("a gzip bomb", bomb, "failed", "too_long"),
]  # fmt: skip


@FORMATS
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_fault_has_one_outcome_in_every_format(fault: Fault, dialect: Dialect) -> None:
    completion, server = await ask(dialect, lambda reply: fault.play(reply, dialect))
    state, kind, text = outcome(completion)
    assert (state in fault.states.split(), kind) == (True, fault.kind), completion.error
    assert text == fault.text
    assert len(server.calls(dialect.path)) == 1


@FORMATS
@pytest.mark.parametrize("fault", STALLS, ids=lambda fault: fault.name)
async def test_what_stalls_is_left_at_our_deadline(fault: Fault, dialect: Dialect, clock: SteppedClock) -> None:
    shown: list[str] = []
    with WireServer() as server:
        server.routes[dialect.path] = lambda reply: fault.play(reply, dialect)
        asking = answer(
            dialect, dialect.connect(server.url), clock=clock, on_delta=lambda delta: shown.append(delta.text)
        )
        asked = asyncio.create_task(asking)
        await until(lambda: server.calls(dialect.path) and "".join(shown) == fault.text)
        clock.move(max(usual.call_s or 0 for usual in USUAL.values()))
        assert outcome(await asked) == (fault.states, fault.kind, fault.text)
    assert len(server.calls(dialect.path)) == 1


@FORMATS
async def test_a_reset_in_the_middle_keeps_the_text(dialect: Dialect, exchanges: list[Exchange]) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(begun(dialect), content_type=dialect.content_type, end=False)
        await reply.reset_when_read(exchanges)

    completion, _ = await ask(dialect, script)
    assert outcome(completion) == ("incomplete", "connection", BEGUN)


@FORMATS
async def test_an_error_that_is_never_told_to_its_end_is_that_error(
    dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(reply: Reply) -> None:
        await reply.head(500, length=1000)
        await reply.stall()

    monkeypatch.setattr(transport, "ERROR_BODY_S", 0.1)
    completion, _ = await ask(dialect, script)
    assert outcome(completion) == ("failed", "server", "")


async def test_a_204_is_no_answer() -> None:
    async def nothing(reply: Reply) -> None:
        await reply.head(204)

    for dialect in DIALECTS:
        completion, _ = await ask(dialect, nothing)
        assert outcome(completion) == ("failed", "protocol", "")


def as_lines(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: change(data.replace(b"\r\n", b"\n"))


def over_lines(data: bytes) -> bytes:
    """Each event's data spread over lines, as the standard allows."""
    spread = [_spread(line) if line.startswith(b"data: {") else [line] for line in data.split(b"\n")]
    return b"\n".join(line for group in spread for line in group)


def _spread(line: bytes) -> list[bytes]:
    text = json.dumps(json.loads(line[6:]), indent=1, ensure_ascii=False)
    return [b"data: " + part.encode() for part in text.split("\n")]


FORMS = {
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "CR": lambda data: data.replace(b"\n", b"\r"),
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "comments": lambda data: b": hello\n\n" + data.replace(b"\n\n", b"\n\n: keep-alive\n\n"),
    "ids, then comments": lambda data: data.replace(b"data: ", b"id: 1\ndata: ").replace(b"\n\n", b"\n\n: hm\n\n"),
    "a retry line": lambda data: b"retry: 3000\n\n" + data,
    "events without data": lambda data: data.replace(b"\n\n", b"\n\nevent: heartbeat\n\n"),
    "empty data": lambda data: data.replace(b"\n\n", b"\n\ndata:\n\n"),
    "no space": lambda data: data.replace(b"data: ", b"data:").replace(b"event: ", b"event:"),
    "more blank lines": lambda data: b"\n" + data.replace(b"\n\n", b"\n\n\n\n"),
    "unknown fields": lambda data: data.replace(b"data: ", b"foo: bar\nbaz\ndata: "),
    "no names": lambda data: b"\n".join(line for line in data.split(b"\n") if not line.startswith(b"event:")),
    "data over lines": over_lines,
}


@EVENT_FORMATS
@pytest.mark.parametrize("form", FORMS)
async def test_every_form_of_an_event_stream_is_the_same_answer(form: str, dialect: Dialect) -> None:
    completion, _ = await ask(dialect, partial(whole, dialect=dialect, change=as_lines(FORMS[form])))
    assert (*outcome(completion), completion.flags) == ("complete", None, WHOLE, ())


@FORMATS
async def test_a_charset_that_the_server_claims_changes_nothing(dialect: Dialect) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(events(dialect), content_type="text/html; charset=iso-8859-1")

    completion, _ = await ask(dialect, script)
    assert outcome(completion) == ("complete", None, WHOLE)


async def test_blank_lines_and_crlf_between_lines_of_json_mean_nothing() -> None:
    dialect = DIALECTS[-1]

    def change(data: bytes) -> bytes:
        return b"\r\n\r\n" + data.replace(b"\n", b"\r\n\r\n")

    completion, _ = await ask(dialect, partial(whole, dialect=dialect, change=change))
    assert outcome(completion) == ("complete", None, WHOLE)


@FORMATS
async def test_an_address_that_speaks_no_tls_is_a_matter_of_tls(dialect: Dialect) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        completion = await answer(dialect, dialect.connect(f"https://127.0.0.1:{port}"))
    assert outcome(completion) == ("failed", "tls", "")


@FORMATS
async def test_a_server_that_closes_unannounced_costs_no_answer(
    dialect: Dialect, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It closes while the next request is being prepared, which waits for that."""
    monkeypatch.setattr(transport, "SETTLE_S", 1)
    for module in (ollama, ollama_serving):  # what is loaded is not asked
        monkeypatch.setattr(module, "ASK_S", 0)
    preparing = threading.Semaphore(0)

    async def script(reply: Reply) -> None:
        await reply.stream(events(dialect), content_type=dialect.content_type)
        await asyncio.to_thread(preparing.acquire, timeout=PATIENCE_S)
        await reply.close()

    with WireServer() as server:
        server.routes[dialect.path] = script
        provider = open_provider(dialect.connect(server.url))
        await provider.warm()
        settled = provider._http_client.settled

        async def settle() -> None:
            settling = asyncio.create_task(settled())
            await clock.idle()
            if before := server.calls(dialect.path):
                assert not settling.done()
                preparing.release()
                await until(before[-1].disconnected.is_set)
            clock.move(1)
            await settling

        monkeypatch.setattr(provider._http_client, "settled", settle)
        request = Request.ask(dialect.model, "Say hello.")
        states = [(await complete(provider, request, price=lambda _: Cost("unknown"))).state for _ in range(4)]
        preparing.release()
        await provider.aclose()
    assert states == ["complete"] * 4
    assert len(server.calls(dialect.path)) == 4


@FORMATS
async def test_the_vendor_is_told_at_once_when_an_answer_is_stopped_for_its_size(dialect: Dialect) -> None:
    first, *_ = (event for event in events(dialect) if HELLO[0].encode() in event)

    async def endless(reply: Reply) -> None:
        await reply.head(content_type=dialect.content_type)
        while True:
            await reply.send(first)
            await asyncio.sleep(0)

    with WireServer() as server:
        server.routes[dialect.path] = endless
        provider = open_provider(dialect.connect(server.url))
        deadlines = Deadlines(text_bytes=100)
        request = Request.ask(dialect.model, "Say hello.")
        completion = await complete(provider, request, price=lambda _: Cost("unknown"), deadlines=deadlines)
        told = await asyncio.to_thread(server.calls(dialect.path)[0].disconnected.wait, PATIENCE_S)
        await provider.aclose()
    assert (completion.state, completion.error.kind) == ("failed", "too_long")
    assert 90 < len(completion.text.encode()) <= 100
    assert told
