"""What does not belong to an answer costs none: odd lines, endless numbers, bytes of another answer."""

import re

import pytest

from providers.completion import Completion, Cost
from providers.interface import Request
from providers.measuring.measure import complete
from providers.registry import open_provider
from tests.wire.dialects import DIALECTS, HELLO, Dialect
from tests.wire.server import Reply, WireServer

every_wire = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
COUNT = re.compile(rb'("\w*(?:[Tt]okens?(?:Count)?|eval_count)"):\s?\d+')


async def ask(dialect: Dialect, events: list[bytes]) -> Completion:
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing(events)
        provider = open_provider(dialect.connect(server.url))
        try:
            return await complete(provider, Request.ask(dialect.model, "Hi"), price=lambda _: Cost("unknown"))
        finally:
            await provider.aclose()


@every_wire
@pytest.mark.parametrize("count", [b"9" * 5000, b"1" + b"0" * 30, b"-1", b"NaN", b"[]", b"{}", b'"many"', b"1.5"])
async def test_a_count_that_is_none_is_unknown_and_the_answer_whole(dialect: Dialect, count: bytes) -> None:
    done = await ask(dialect, [COUNT.sub(rb"\1:" + count, event) for event in dialect.answer(HELLO, ())])
    assert (done.state, done.text) == ("complete", "".join(HELLO))
    assert done.usage is None
    assert "usage_invalid" in done.flags


@every_wire
async def test_digits_of_the_text_itself_stay(dialect: Dialect) -> None:
    digits = "1, " + "3" * 5000 + ", 2"
    assert (await ask(dialect, dialect.answer([digits], ()))).text == digits


@every_wire
@pytest.mark.parametrize(
    "line",
    [b"keep-alive", b"<!-- still here -->", b"12", b"null", b"[1, 2]", b'"hello"', b"\xff\xfe", b"SSH-2.0-OpenSSH_9.6",
     b"{}", b'{"progress": 0.5}'],
)  # fmt: skip
async def test_a_line_of_nothing_known_within_an_answer_is_passed_over(dialect: Dialect, line: bytes) -> None:
    events = dialect.answer(HELLO, ())
    end = b"\n" if dialect.content_type.endswith("ndjson") else b"\n\n"
    done = await ask(dialect, [*events[:2], line + end, *events[2:]])
    assert (done.state, done.text, done.error) == ("complete", "".join(HELLO), None)


@every_wire
async def test_no_answer_is_read_from_bytes_that_another_left(dialect: Dialect) -> None:
    body = b"".join(dialect.answer(["The first."], ()))
    rest = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nSSH-2.0-OpenSSH_9.6\r\n"

    async def first(reply: Reply) -> None:
        await reply.head(content_type=dialect.content_type, length=len(body))
        await reply.raw(body + rest)

    with WireServer() as server:
        provider = open_provider(dialect.connect(server.url))
        answers: list[str] = []
        for script in (first, dialect.playing(dialect.answer(["The second."], ()))):
            server.routes[dialect.path] = script
            request = Request.ask(dialect.model, "Hi")
            answers.append((await complete(provider, request, price=lambda _: Cost("unknown"))).text)
        await provider.aclose()
        assert len(server.calls(dialect.path)) == 2
    assert answers == ["The first.", "The second."]
