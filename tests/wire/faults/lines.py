"""Every form in which a server may write its events or lines, and what may stand between them: the same answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial

from tests.wire.dialects import Dialect
from tests.wire.faults.fault import LINES, WHOLE, Fault, events, framed, whole
from tests.wire.server import Reply

_COUNT = re.compile(rb'("\w*(?:[Tt]okens?(?:Count)?|eval_count)"):\s?\d+')
_EVENTS = "text/event-stream"


def as_lines(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: change(data.replace(b"\r\n", b"\n"))


def over_lines(data: bytes) -> bytes:
    """Each event's data spread over lines, as the standard allows."""
    spread = [_spread(line) if line.startswith(b"data: {") else [line] for line in data.split(b"\n")]
    return b"\n".join(line for group in spread for line in group)


def _spread(line: bytes) -> list[bytes]:
    text = json.dumps(json.loads(line[6:]), indent=1, ensure_ascii=False)
    return [b"data: " + part.encode() for part in text.split("\n")]


def spelled(data: bytes) -> bytes:
    """As a proxy writes the names of fields that knows them from the headers of a mail."""
    return re.sub(rb"^(data|event):", lambda name: name[1].title() + b" :", data, flags=re.MULTILINE)


def padded(data: bytes) -> bytes:
    """With the blanks by which some servers push a proxy to pass on what it holds."""
    return b" " * 4096 + b"\n\n" + data


def zeros(data: bytes) -> bytes:
    return b"\0\0\n" + data


def blank_lines(data: bytes) -> bytes:
    return b"\r\n\r\n" + data.replace(b"\n", b"\r\n\r\n")


async def claimed(reply: Reply, dialect: Dialect, content_type: str) -> None:
    await reply.stream(events(dialect), content_type=content_type)


async def between(reply: Reply, dialect: Dialect, line: bytes) -> None:
    """A line of nothing known within the answer."""
    first, second, *rest = events(dialect)
    await reply.stream([first, second, framed(dialect, line), *rest], content_type=dialect.content_type)


async def counted(reply: Reply, dialect: Dialect, count: bytes) -> None:
    """The answer with another number wherever tokens are counted."""
    mended = [_COUNT.sub(rb"\1:" + count, event) for event in events(dialect)]
    await reply.stream(mended, content_type=dialect.content_type)


_FORMS: dict[str, Callable[[bytes], bytes]] = {
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
_TYPES = ("text/html; charset=iso-8859-1", "application/octet-stream", "text/plain; charset=utf-16", "nonsense")
_STRAYS = (
    b"keep-alive", b"<!-- still here -->", b"12", b"null", b"[1, 2]", b'"hello"', b"\xff\xfe",
    b"SSH-2.0-OpenSSH_9.6", b"{}", b'{"progress": 0.5}',
)  # fmt: skip
_COUNTS = (b"9" * 5000, b"1" + b"0" * 30, b"-1", b"NaN", b"[]", b"{}", b'"many"', b'"12"', b"1.5")

FORMS = (
    *(Fault(f"events with {name}", partial(whole, change=as_lines(form)), "complete", None, WHOLE, only=_EVENTS,
            flags=()) for name, form in _FORMS.items()),
    Fault("CRLF and blank lines between lines of JSON", partial(whole, change=blank_lines), "complete", None, WHOLE,
          only=LINES),
    Fault("fields in capitals", partial(whole, change=spelled), "complete", None, WHOLE),
    Fault("padding before the answer", partial(whole, change=padded), "complete", None, WHOLE),
    Fault("a line of zeros before the answer", partial(whole, change=zeros), "complete", None, WHOLE),
    *(Fault(f"said to be {kind}", partial(claimed, content_type=kind), "complete", None, WHOLE) for kind in _TYPES),
    *(Fault(f"a line between: {line!r}", partial(between, line=line), "complete", None, WHOLE, within=True)
      for line in _STRAYS),
    *(Fault(f"tokens counted {count[:8]!r}", partial(counted, count=count), "complete", None, WHOLE,
            flags=("usage_invalid",)) for count in _COUNTS),
)  # fmt: skip
