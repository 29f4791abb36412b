"""What looks odd and belongs to an answer stays; what another answer left does not come into it."""

import gc
import sys

import pytest

from providers.completion import Completion, Cost
from providers.interface import Request
from providers.measuring.measure import complete
from providers.registry import open_provider
from tests.wire.dialects import DIALECTS, Dialect
from tests.wire.server import Reply, WireServer

every_wire = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


async def ask(dialect: Dialect, events: list[bytes]) -> Completion:
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing(events)
        provider = open_provider(dialect.connect(server.url))
        try:
            return await complete(provider, Request.ask(dialect.model, "Hi"), price=lambda _: Cost("unknown"))
        finally:
            await provider.aclose()


@every_wire
async def test_digits_of_the_text_itself_stay(dialect: Dialect) -> None:
    digits = "1, " + "3" * 5000 + ", 2"
    assert (await ask(dialect, dialect.answer([digits], ()))).text == digits


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


@every_wire
async def test_no_generator_is_left_for_others_to_close(dialect: Dialect) -> None:
    """Each would cost a task of its own, as much as several percent of the call."""
    left = list[str]()
    hooks = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(hooks.firstiter, lambda generator: left.append(generator.__qualname__))
    try:
        assert (await ask(dialect, dialect.answer(["Hi"], ()))).text == "Hi"
        gc.collect()
    finally:
        sys.set_asyncgen_hooks(*hooks)
    assert left == []


async def test_what_follows_the_end_mark_is_not_read_and_does_not_hold_the_answer_up() -> None:
    chat = DIALECTS[1]

    async def goes_on(reply: Reply) -> None:
        await reply.stream([*chat.answer(["Hi"], ()), *chat.answer([" again"], ())], end=False)
        await reply.stall()

    with WireServer() as server:
        server.routes[chat.path] = goes_on
        provider = open_provider(chat.connect(server.url))
        done = await complete(provider, Request.ask(chat.model, "Hi"), price=lambda _: Cost("unknown"))
        await provider.aclose()
    assert (done.text, done.state, done.error) == ("Hi", "complete", None)
