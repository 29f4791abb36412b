"""Every form in which a server may write its events or lines is the same answer."""

import json
from collections.abc import Callable
from functools import partial

import pytest

from tests.contract.asking import ask, every_wire, outcome
from tests.wire.dialects import DIALECTS, Dialect
from tests.wire.faults import WHOLE, events, whole
from tests.wire.server import Reply

EVENT_FORMATS = pytest.mark.parametrize(
    "dialect", [d for d in DIALECTS if d.content_type == "text/event-stream"], ids=lambda dialect: dialect.name
)


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
    done = await ask(dialect, partial(whole, dialect=dialect, change=as_lines(FORMS[form])))
    assert (*outcome(done), done.flags) == ("complete", None, WHOLE, ())


@every_wire
async def test_a_charset_that_the_server_claims_changes_nothing(dialect: Dialect) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(events(dialect), content_type="text/html; charset=iso-8859-1")

    assert outcome(await ask(dialect, script)) == ("complete", None, WHOLE)


async def test_blank_lines_and_crlf_between_lines_of_json_mean_nothing() -> None:
    dialect = DIALECTS[-1]

    def change(data: bytes) -> bytes:
        return b"\r\n\r\n" + data.replace(b"\n", b"\r\n\r\n")

    assert outcome(await ask(dialect, partial(whole, dialect=dialect, change=change))) == ("complete", None, WHOLE)
