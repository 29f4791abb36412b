"""What every provider makes of a refusal, a broken way, silence and a Stop."""

import asyncio
from dataclasses import replace
from typing import get_args

import pytest

from providers.config.deadlines import Deadlines
from providers.errors import Kind, ProviderError
from providers.interface import Request
from providers.measuring.measure import complete
from providers.network.exchange import Exchange
from providers.registry import list_models
from tests.contract.asking import (
    PROMPT,
    TEXT,
    ask,
    ask_slowly,
    every_wire,
    opened,
    unpriced,
)
from tests.patience import PATIENCE_S
from tests.stepped import SteppedClock
from tests.wire.dialects import DIALECTS, HELLO, Dialect
from tests.wire.faults.catalogue import CATALOGUE
from tests.wire.faults.fault import begun
from tests.wire.server import Reply, WireServer

PLACE = {"run": "r", "id": "i", "repeat": 0}


REFUSALS = [(dialect, kind) for dialect in DIALECTS for kind in dialect.refusals]


@pytest.mark.parametrize(("dialect", "kind"), REFUSALS, ids=[f"{d.name}: {kind}" for d, kind in REFUSALS])
async def test_what_the_vendor_refuses_is_named_and_asked_once(dialect: Dialect, kind: Kind) -> None:
    status, body = dialect.refusals[kind]

    async def script(reply: Reply) -> None:
        headers = {"x-request-id": "req_1", "retry-after": "0", "x-should-retry": "true"}
        await reply.body(body, status, headers)

    done = await ask(dialect, script)
    assert done.error is not None
    assert (done.error.kind, done.error.status) == (kind, status)
    assert done.state == ("unknown" if status == 504 else "filtered" if kind == "filtered" else "failed")
    assert (done.text, done.usage, done.timings.time_to_first_token_s) == ("", None, None)
    assert done.attempts[0].status == status
    assert done.attempts[0].request_id == "req_1"


@every_wire
async def test_silence_is_left_at_our_deadline(
    dialect: Dialect, clock: SteppedClock, exchanges: list[Exchange]
) -> None:
    done = await ask_slowly(dialect, None, clock, exchanges, deadlines=Deadlines(first_byte_s=2))
    assert done.error is not None
    assert (done.error.kind, done.state, done.error.retry) == ("timeout", "unknown", "ask")
    assert done.timings.duration_s == 2


PAGES = [
    (b"<html><body>Please log in</body></html>", "Please log in"),
    (b"<html>\n<body>\n\nLog in: here\n\n</body></html>\n", "Log in: here"),
]  # fmt: skip


@every_wire
@pytest.mark.parametrize(("body", "words"), PAGES, ids=[repr(words) for _, words in PAGES])
async def test_a_body_that_is_no_stream_is_told_in_its_words(dialect: Dialect, body: bytes, words: str) -> None:
    done = await ask(dialect, dialect.playing([body]))
    assert done.error is not None
    assert (done.state, done.error.kind, done.text) == ("failed", "protocol", "")
    assert words in done.error.message
    assert "<" not in done.error.message


@every_wire
async def test_nothing_listens_there(dialect: Dialect) -> None:
    with WireServer() as server:
        url = server.url
    async with opened(dialect.connect(url)) as provider:
        done = await complete(provider, Request.ask(dialect.model, PROMPT), price=unpriced)
        with pytest.raises(ProviderError) as caught:
            await list_models(provider)
    assert done.error is not None
    kind = "local_unavailable" if provider.local else "connection"
    assert (done.state, done.error.kind, done.error.retry) == ("failed", kind, "yes")
    assert caught.value.failure.kind == kind


@every_wire
async def test_a_plain_port_behind_https_is_a_tls_failure(dialect: Dialect) -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with opened(dialect.connect(f"https://127.0.0.1:{port}")) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT), price=unpriced)
    assert done.error is not None
    assert (done.state, done.error.kind, done.error.retry, done.text) == ("failed", "tls", "no", "")


@every_wire
async def test_without_a_key_nothing_is_sent(dialect: Dialect) -> None:
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        connection = replace(dialect.connect(server.url), key=None)
        async with opened(connection) as provider:
            done = await complete(provider, Request.ask(dialect.model, PROMPT), price=unpriced)
    if not connection.needs_key:
        assert done.state == "complete"
        return
    assert done.error is not None
    assert (done.state, done.error.kind) == ("failed", "missing_key")
    assert connection.key_variable in done.error.message
    assert server.requests == []


def test_every_kind_of_failure_is_reached_by_some_provider() -> None:
    reached: set[str | None] = {kind for dialect in DIALECTS for kind in dialect.refusals} | {
        row.kind for row in CATALOGUE
    }
    assert reached | {"missing_key", "local_unavailable"} == {*get_args(Kind), None}


@every_wire
async def test_a_redirect_carries_neither_prompt_nor_key_elsewhere(dialect: Dialect) -> None:
    with WireServer(dialect.playing()) as elsewhere:

        async def script(reply: Reply) -> None:
            await reply.head(307, {"location": f"{elsewhere.url}/v1{dialect.path}"}, length=0)

        done = await ask(dialect, script)
    assert elsewhere.requests == []
    assert done.error is not None
    assert elsewhere.url in done.error.message


@every_wire
async def test_stopping_closes_the_connection(dialect: Dialect) -> None:
    events = dialect.answer(HELLO, ())

    async def script(reply: Reply) -> None:
        await reply.stream(events[: len(events) - dialect.proof], content_type=dialect.content_type, end=False)
        await reply.stall()

    begun = asyncio.Event()
    with WireServer() as server:
        server.routes[dialect.path] = script
        async with opened(dialect.connect(server.url)) as provider:
            request = Request.ask(dialect.model, PROMPT)
            task = asyncio.create_task(complete(provider, request, price=unpriced, on_delta=lambda _: begun.set()))
            await begun.wait()
            task.cancel()
            done = await task
            received = server.calls(dialect.path)[0]
            assert await asyncio.to_thread(received.disconnected.wait, PATIENCE_S)
    assert received.client_left
    assert done.state == "cancelled"
    assert done.text
    assert TEXT.startswith(done.text)


@every_wire
async def test_what_failed_behind_text_is_asked_again_by_nobody_but_a_person(dialect: Dialect) -> None:
    """The same failure before any text would be: nothing was generated."""
    done = await ask(dialect, dialect.playing([*begun(dialect), dialect.error_event("It broke")]))
    assert done.error is not None
    assert (done.error.kind, done.error.retry) == ("server", "ask")
