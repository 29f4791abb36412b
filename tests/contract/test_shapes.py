"""An answer in another wrapping is an answer: a list, one last event, other numbers, counts told twice."""

import json
import re
from collections.abc import Callable, Sequence

import pytest

from providers.completion import Completion, Cost
from providers.interface import Request
from providers.measuring.measure import complete
from providers.network.exchange import Exchange
from providers.registry import open_provider
from tests.wire.dialects import DIALECTS, HELLO, Dialect
from tests.wire.server import Reply, Script, WireServer

TEXT = "".join(HELLO)
every_wire = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
COUNT = re.compile(rb'("\w*(?:[Tt]okens?(?:Count)?|eval_count)"):\s?\d+')
INDEX = re.compile(rb'("(?:\w+_)?index"):\s?(\d+)')


async def answered(dialect: Dialect, script: Script) -> Completion:
    with WireServer() as server:
        server.routes[dialect.path] = script
        provider = open_provider(dialect.connect(server.url))
        try:
            return await complete(provider, Request.ask(dialect.model, "Hi"), price=lambda _: Cost("unknown"))
        finally:
            await provider.aclose()


async def streamed(dialect: Dialect, events: Sequence[bytes]) -> Completion:
    return await answered(dialect, dialect.playing(events))


def body(data: bytes) -> Script:
    async def script(reply: Reply) -> None:
        await reply.body(data)

    return script


def begun_list(pieces: Sequence[object]) -> bytes:
    return b"[" + b",\n".join(json.dumps(piece).encode() for piece in pieces)


def reset_after(data: bytes, exchanges: list[Exchange]) -> Script:
    async def script(reply: Reply) -> None:
        await reply.head(content_type="application/json")
        await reply.send(data)
        await reply.reset_when_read(exchanges)

    return script


def documents(events: Sequence[bytes]) -> list[object]:
    """What the events of a stream hold."""
    return [json.loads(event[event.index(b"{") :]) for event in events if b"{" in event]


def framed(dialect: Dialect, document: object) -> bytes:
    data = json.dumps(document, ensure_ascii=False).encode()
    return data + b"\n" if dialect.content_type.endswith("ndjson") else b"data: " + data + b"\n\n"


def before_the_mark(dialect: Dialect) -> int:
    """How many events of a whole answer precede the one that ends the stream by the protocol; all, without one."""
    events = dialect.answer(HELLO, ())
    return len(events) - (dialect.proof > 1)


def silent(dialect: Dialect) -> list[bytes]:
    """What ends an answer, without its text and without the mark of the protocol."""
    events = dialect.answer([""], ())
    return events[: len(events) - (dialect.proof > 1)]


@every_wire
@pytest.mark.parametrize("indent", [None, 1])
async def test_a_list_of_the_pieces_in_place_of_the_stream_is_the_answer(dialect: Dialect, indent: int | None) -> None:
    pieces = documents(dialect.answer(HELLO, ()))
    done = await answered(dialect, body(json.dumps(pieces, indent=indent).encode()))
    assert (done.state, done.text, done.error) == ("complete", TEXT, None)
    assert "not_streamed" in done.flags


@every_wire
async def test_a_whole_answer_in_a_json_text_is_the_answer(dialect: Dialect) -> None:
    done = await answered(dialect, body(json.dumps(json.dumps(dialect.whole(TEXT))).encode()))
    assert (done.state, done.text, done.error) == ("complete", TEXT, None)
    assert "not_streamed" in done.flags


@every_wire
@pytest.mark.parametrize("closed", [True, False])
async def test_a_list_that_a_reset_breaks_after_its_last_piece_is_the_answer(
    dialect: Dialect, closed: bool, exchanges: list[Exchange]
) -> None:
    pieces = documents(dialect.answer(HELLO, ()))
    done = await answered(dialect, reset_after(begun_list(pieces) + b"]" * closed, exchanges))
    assert (done.state, done.text, done.error) == ("complete", TEXT, None)


@every_wire
async def test_a_list_that_a_reset_breaks_before_its_last_piece_is_not_complete(
    dialect: Dialect, exchanges: list[Exchange]
) -> None:
    pieces = documents(dialect.answer(HELLO, ())[: -dialect.proof])
    done = await answered(dialect, reset_after(begun_list(pieces), exchanges))
    assert done.state == "incomplete"
    assert done.text
    assert TEXT.startswith(done.text)
    assert done.error is not None
    assert (done.error.kind, done.error.retry) == ("connection", "ask")


@every_wire
async def test_one_event_that_holds_the_whole_answer_is_enough(dialect: Dialect) -> None:
    done = await streamed(dialect, [framed(dialect, dialect.whole(TEXT))])
    assert (done.text, done.error) == (TEXT, None)
    assert done.state == "complete"


@every_wire
@pytest.mark.parametrize("number", [rb'"0"', rb"1", rb'"1"', rb"null"])
async def test_however_the_pieces_are_numbered_they_are_read(dialect: Dialect, number: bytes) -> None:
    events = [INDEX.sub(rb"\1:" + number, event) for event in dialect.answer(HELLO, ())]
    done = await streamed(dialect, events)
    assert (done.state, done.text, done.error) == ("complete", TEXT, None)


@every_wire
@pytest.mark.parametrize("told", [rb"0", rb"null"])
async def test_nothing_told_at_the_end_does_not_replace_what_was_counted(dialect: Dialect, told: bytes) -> None:
    events, at = dialect.answer(HELLO, ()), before_the_mark(dialect)
    counted = next(event for event in reversed(silent(dialect)) if COUNT.search(event))
    done = await streamed(dialect, [*events[:at], COUNT.sub(rb"\1:" + told, counted), *events[at:]])
    plain = await streamed(dialect, events)
    assert (done.state, done.text) == ("complete", TEXT)
    assert (done.usage, done.flags) == (plain.usage, plain.flags)


@every_wire
async def test_a_reason_that_is_told_again_changes_nothing(dialect: Dialect) -> None:
    events, at = dialect.answer(HELLO, ()), before_the_mark(dialect)
    done = await streamed(dialect, [*events[:at], silent(dialect)[-1], *events[at:]])
    assert (done.state, done.text, done.error) == ("complete", TEXT, None)


@every_wire
async def test_text_behind_a_reason_counts_unless_the_protocol_has_ended(dialect: Dialect) -> None:
    events, at = dialect.answer(HELLO, ()), before_the_mark(dialect)
    more = next(event for event in dialect.answer([" More.", "."], ()) if b" More." in event)
    done = await streamed(dialect, [*events[:at], more, silent(dialect)[-1], *events[at:]])
    assert (done.state, done.error) == ("complete", None)
    assert done.text == TEXT + ("" if dialect.path == "/responses" else " More.")


@every_wire
@pytest.mark.parametrize("odd", [b"true", b"7"])
async def test_what_is_no_text_where_text_belongs_is_said_in_a_sentence(dialect: Dialect, odd: bytes) -> None:
    piece = json.dumps(HELLO[-1], ensure_ascii=False).encode()
    events = dialect.answer(HELLO, ())
    assert any(piece in event for event in events)
    done = await streamed(dialect, [event.replace(piece, odd, 1) for event in events])
    assert done.state in ("failed", "incomplete")
    assert done.text == TEXT.removesuffix(HELLO[-1])
    assert done.error is not None
    assert done.error.kind == "protocol"
    assert re.search("where text was expected|damaged", done.error.message)


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "one line end": lambda event: event.replace(b"\r\n", b"\n").replace(b"\n\n", b"\n"),
    "no space after the colon": lambda event: event.replace(b"data: ", b"data:").replace(b"event: ", b"event:"),
    "numbered events": lambda event: b"id: 7\nretry: 100\n" + event,
    "other line ends": lambda event: event.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
}


@every_wire
@pytest.mark.parametrize("way", WAYS)
async def test_however_the_events_are_written_they_are_read(dialect: Dialect, way: str) -> None:
    events = list(map(WAYS[way], dialect.answer(HELLO, ())))
    done = await streamed(dialect, events if not dialect.content_type.endswith("ndjson") else dialect.answer(HELLO, ()))
    assert (done.state, done.text, done.error) == ("complete", TEXT, None)


@every_wire
async def test_what_is_asked_for_is_never_packed(dialect: Dialect) -> None:
    """No honest host sends what it was not asked for, and what is not packed needs nobody who unpacks it."""
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        provider = open_provider(dialect.connect(server.url))
        await complete(provider, Request.ask(dialect.model, "Hi"), price=lambda _: Cost("unknown"))
        await provider.aclose()
    assert {request.headers["accept-encoding"] for request in server.requests} == {"identity"}
