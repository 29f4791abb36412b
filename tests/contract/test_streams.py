"""What every provider owes where an answer is not as it should be.

A new provider is tested by its row of `tests/wire/dialects.py`; the failures are those of `tests/wire/failures.py`.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from prompts.core.plain_json import to_json
from providers.adapters import stop_reasons
from providers.completion import Completion, Cost
from providers.interface import Request, Settings
from providers.measuring.measure import complete
from providers.registry import list_models, open_provider
from tests.wire.dialects import DIALECTS, HELLO, Dialect
from tests.wire.failures import HARMLESS, TOLD, Told
from tests.wire.server import Reply, Script, WireServer

TEXT = "".join(HELLO)
every_wire = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
Ask = Callable[[Script], Awaitable[Completion]]


@asynccontextmanager
async def asking(dialect: Dialect) -> AsyncIterator[Ask]:
    """A way to ask the same provider again and again, each time answered by a script."""
    with WireServer() as server:
        provider = open_provider(dialect.connect(server.url))

        async def ask(script: Script) -> Completion:
            server.routes[dialect.path] = script
            return await complete(provider, Request.ask(dialect.model, "Say hello."), price=lambda _: Cost("unknown"))

        try:
            yield ask
        finally:
            await provider.aclose()


def before_the_end(dialect: Dialect) -> Sequence[bytes]:
    """An answer up to where its end begins to be told."""
    events = dialect.answer(HELLO, ())
    return events[: len(events) - dialect.proof]


def framed(dialect: Dialect, document: object) -> bytes:
    """A document as the format frames it."""
    data = json.dumps(document, ensure_ascii=False).encode()
    return data + b"\n" if dialect.content_type.endswith("ndjson") else b"data: " + data + b"\n\n"


def body(data: bytes) -> Script:
    async def script(reply: Reply) -> None:
        await reply.body(data)

    return script


def check(done: Completion, told: Told, text: bool) -> None:
    assert done.error is not None, told.document
    assert (done.error.kind, done.error.message) == (told.kind, told.sentence), told.document
    assert done.state == {"filtered": "filtered", "timeout": done.state}.get(told.kind, "failed"), told.document
    assert done.state != "complete"
    assert bool(done.text) is text
    assert TEXT.startswith(done.text)


@every_wire
async def test_a_failure_told_inside_the_stream_is_one_whatever_its_shape(dialect: Dialect) -> None:
    async with asking(dialect) as ask:
        for told in TOLD:
            done = await ask(dialect.playing([*before_the_end(dialect), framed(dialect, told.document)]))
            check(done, told, text=True)


@every_wire
async def test_a_failure_told_in_place_of_the_stream_is_one_whatever_its_shape(dialect: Dialect) -> None:
    async with asking(dialect) as ask:
        for told in TOLD:
            check(await ask(body(json.dumps(told.document).encode())), told, text=False)
            check(await ask(body(json.dumps(told.document, indent=2).encode() + b"\n")), told, text=False)


@every_wire
async def test_fields_that_say_that_nothing_is_wrong_are_no_failure(dialect: Dialect) -> None:
    async with asking(dialect) as ask:
        for harmless in HARMLESS:
            events = dialect.answer(HELLO, ())
            done = await ask(dialect.playing([_with(event, harmless) for event in events]))
            assert (done.state, done.text) == ("complete", TEXT), harmless


def _with(event: bytes, fields: object) -> bytes:
    """The event with more fields in its document."""
    head, brace, rest = event.partition(b"{")
    more = json.dumps(fields).encode()[1:-1]
    return head + brace + more + b", " + rest if brace else event


@every_wire
async def test_an_answer_that_speaks_of_failures_is_an_answer(dialect: Dialect) -> None:
    pieces = ['{"error": {"message": "boom"}}', ' {"success": false}', " data: [ERROR]\n\nevent: error\n"]
    async with asking(dialect) as ask:
        done = await ask(dialect.playing(dialect.answer(pieces, ())))
    assert (done.state, done.text, done.error) == ("complete", "".join(pieces), None)


@every_wire
async def test_a_whole_answer_in_place_of_the_stream_is_one_without_rates(dialect: Dialect) -> None:
    async with asking(dialect) as ask:
        for data in (json.dumps(dialect.whole(TEXT)), json.dumps(dialect.whole(TEXT), indent=1) + "\n"):
            done = await ask(body(data.encode()))
            assert (done.state, done.text, done.error) == ("complete", TEXT, None)
            assert "not_streamed" in done.flags
            assert done.usage is not None
            assert (done.timings.output_tokens_per_s, done.timings.output_characters_per_s) == (None, None)


REPEATING = (["Hello ", "there.", "Hello there."], ["Hel", "Hello", "Hello there."])
"""Everything once more at the end; everything so far again and again."""


@every_wire
async def test_a_text_that_the_host_repeats_stands_as_it_came_and_says_so_without_rates(dialect: Dialect) -> None:
    async with asking(dialect) as ask:
        for pieces in REPEATING:
            done = await ask(dialect.playing(dialect.answer(pieces, ())))
            assert (done.state, done.text) == ("complete", "".join(pieces))
            assert "text_repeated" in done.flags
            assert (done.timings.output_tokens_per_s, done.timings.output_characters_per_s) == (None, None)


@every_wire
async def test_a_model_that_says_the_same_word_again_is_not_called_a_host_that_repeats(dialect: Dialect) -> None:
    async with asking(dialect) as ask:
        for pieces in (["ha", "ha"], ["ha", "ha", "haha"], ["No. ", "No. ", "No. ", "Never."]):
            done = await ask(dialect.playing(dialect.answer(pieces, ())))
            assert "text_repeated" not in done.flags


@pytest.mark.filterwarnings("ignore:.* is not a valid:UserWarning")
@every_wire
async def test_a_stop_reason_that_nobody_knows_is_never_complete(dialect: Dialect) -> None:
    async with asking(dialect) as ask:
        done = await ask(dialect.playing(dialect.ending("sundown")))
    assert (done.state, done.stop_reason, done.text) == ("incomplete", "sundown", TEXT)
    assert "stop_reason_unknown" in done.flags


@every_wire
async def test_signs_of_life_are_none_of_the_answer(dialect: Dialect) -> None:
    events = dialect.answer(HELLO, ())
    signs = [b"\n"] if dialect.content_type.endswith("ndjson") else [b": still here\n\n", b"event: ping\ndata: {}\n\n"]
    async with asking(dialect) as ask:
        done = await ask(dialect.playing([piece for event in events for piece in (*signs, event)]))
    assert (done.state, done.text) == ("complete", TEXT)


@every_wire
async def test_a_connection_that_stays_open_behind_a_stop_reason_does_not_hold_the_answer(
    dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stop_reasons, "LINGER_S", 0.05)
    events = dialect.answer(HELLO, ())

    async def script(reply: Reply) -> None:
        await reply.stream(events[: -1 if dialect.proof > 1 else None], content_type=dialect.content_type, end=False)
        await reply.stall()

    async with asking(dialect) as ask:
        done = await ask(script)
    assert (done.state, done.text) == ("complete", TEXT)


TAGGED = {
    "both tags": (["<think>", "Hm, 2 + 2.", "</thi", "nk>\n\n", "It is ", "4."], "Hm, 2 + 2.", "It is 4."),
    "only the closing tag": (["Hm, 2 ", "+ 2.\n</think>", "\n\nIt is", " 4."], "Hm, 2 + 2.\n", "It is 4."),
    "only the opening tag": (["<think>\nHm, ", "2 + 2."], "\nHm, 2 + 2.", ""),
    "a word of the answer": (["It ends with `</think>`", " and goes on."], "", "It ends with `</think>` and goes on."),
}


@every_wire
async def test_thinking_in_tags_is_no_part_of_the_answer(dialect: Dialect) -> None:
    async with asking(dialect) as ask:
        for pieces, thinking, text in TAGGED.values():
            done = await ask(dialect.playing(dialect.answer(pieces, ())))
            assert (done.thinking, done.text) == (thinking, text)
            assert ("thinking_in_tags" in done.flags) is bool(thinking)
            assert done.state == ("complete" if text else "empty")


@every_wire
async def test_tags_are_left_alone_where_the_host_is_set_so(dialect: Dialect) -> None:
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing(dialect.answer(["<think>hm</think>", "yes"], ()))
        provider = open_provider(replace(dialect.connect(server.url), thinking_tags=False))
        asked = Request.ask(dialect.model, "Say hello.")
        done = await complete(provider, asked, price=lambda _: Cost("unknown"))
        await provider.aclose()
    assert (done.thinking, done.text) == ("", "<think>hm</think>yes")


# What a host's row changes -------------------------------------------------------------------------------------------


@every_wire
async def test_a_host_that_cannot_stream_is_asked_for_one_piece(dialect: Dialect) -> None:
    with WireServer(body(json.dumps(dialect.whole(TEXT)).encode())) as server:
        provider = open_provider(replace(dialect.connect(server.url), stream=False))
        asked = Request.ask(dialect.model, "Say hello.")
        done = await complete(provider, asked, price=lambda _: Cost("unknown"))
        await provider.aclose()
    (received,) = [each for each in server.requests if each.method == "POST"]
    assert received.json.get("stream", False) is False
    assert "stream_options" not in received.json
    assert "streamGenerate" not in received.path
    assert (done.state, done.text) == ("complete", TEXT)
    assert "not_streamed" in done.flags


SECRET = "Zq8-planted.gateway/77"


@every_wire
async def test_what_a_row_adds_reaches_the_host_and_is_told_by_name_only(dialect: Dialect) -> None:
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        host = replace(
            dialect.connect(server.url), headers=(("cf-aig-authorization", SECRET),),
            body=json.dumps({"enable_thinking": False, "options": {"num_ctx": 8192}}),
        )  # fmt: skip
        provider = open_provider(host)
        asked = Request.ask(dialect.model, "Say hello.", Settings(temperature=0.5))
        done = await complete(provider, asked, price=lambda _: Cost("unknown"))
        await provider.aclose()
    (received,) = server.calls(dialect.path)
    assert received.headers["cf-aig-authorization"] == SECRET
    assert received.json["enable_thinking"] is False
    assert received.json["options"]["num_ctx"] == 8192
    assert "0.5" in received.body.decode()  # what the request set stands beside it
    assert (done.state, done.text) == ("complete", TEXT)
    added = {each.setting: each.sent for each in done.adjustments if each.setting in ("headers", "body")}
    assert added == {"headers": "cf-aig-authorization", "body": "enable_thinking, options"}
    assert SECRET not in to_json(done, run="r", id="i", repeat=0) + repr(host)


@every_wire
async def test_what_a_row_adds_is_no_part_of_the_list_of_models(dialect: Dialect) -> None:
    async def listing(reply: Reply) -> None:
        await reply.json(dialect.listing[1])

    with WireServer() as server:
        server.routes[dialect.listing[0]] = listing
        host = dialect.connect(server.url)
        provider = open_provider(replace(host, headers=(("x-team", SECRET),), body='{"stream": 1}', stream=False))
        assert dialect.model in [model.id for model in await list_models(provider)]
        await provider.aclose()
    assert server.requests[0].headers["x-team"] == SECRET
    assert all("stream" not in each.json for each in server.requests if each.body)
