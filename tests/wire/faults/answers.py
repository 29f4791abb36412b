"""What comes in place of an answer, and answers that are cut off above the connection."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from tests.wire.dialects import Dialect
from tests.wire.faults.fault import BEGUN, WHOLE, Fault, begun, events, whole
from tests.wire.server import Reply

LOGIN = b'<html><body>Log in\n<img src="data:image/gif;base64,R0">\ndata:image/gif;base64,R0\n</body></html>\n'


async def body(reply: Reply, _: Dialect, data: bytes, status: int = 200, content_type: str = "text/html") -> None:
    await reply.body(data, status, content_type=content_type)


async def in_format(reply: Reply, dialect: Dialect, data: bytes) -> None:
    await reply.body(data, content_type=dialect.content_type)


async def nothing(reply: Reply, _: Dialect) -> None:
    await reply.head(204)


async def redirected(reply: Reply, _: Dialect) -> None:
    await reply.head(307, {"location": "http://127.0.0.1:9/elsewhere"}, length=0)


async def deep(reply: Reply, dialect: Dialect) -> None:
    """A first event that no reader gets to the bottom of."""
    before, _, _ = events(dialect)[0].partition(b"{")
    await reply.body(before + b"[" * 200_000 + b"\n\n", content_type=dialect.content_type)


async def one_piece(reply: Reply, dialect: Dialect, indent: int | None = None) -> None:
    """The answer as it comes where nothing is streamed."""
    await reply.body(json.dumps(dialect.whole(WHOLE), indent=indent).encode())


async def cut(reply: Reply, dialect: Dialect, *, inside: int = 0) -> None:
    """The beginning of an answer, then perhaps a part of an event, then the proper end of the body."""
    rest = [events(dialect)[len(begun(dialect))][:inside]] if inside else []
    await reply.stream([*begun(dialect), *rest], content_type=dialect.content_type)


async def broken(reply: Reply, dialect: Dialect, before: Callable[[Dialect], list[bytes]]) -> None:
    """An event that is not JSON, and then the rest."""
    event = events(dialect)[len(begun(dialect))].replace(b'":', b'"')
    await reply.stream([*before(dialect), event, *events(dialect)[-dialect.proof :]], content_type=dialect.content_type)


async def old_http(reply: Reply, dialect: Dialect, pieces: Callable[[Dialect], list[bytes]]) -> None:
    """HTTP/1.0: the end of the connection is the end of the body."""
    await reply.raw(b"HTTP/1.0 200 OK\r\n\r\n" + b"".join(pieces(dialect)))
    await reply.close()


_NOTHING = (
    ("a web page", LOGIN), ("an empty body", b""), ("null", b"null"), ("a text", b'"x"'), ("a list", b"[]"),
    ("an object of nothing", b"{}"),
)  # fmt: skip

ANSWERS = (
    Fault("an empty body", partial(body, data=b""), "failed", "protocol"),
    *(Fault(f"{name} of the format", partial(in_format, data=data), "failed", "protocol") for name, data in _NOTHING),
    Fault("null", partial(body, data=b"null"), "failed", "protocol"),
    Fault("a text", partial(body, data=b'"x"'), "failed", "protocol"),
    Fault("a list", partial(body, data=b"[]"), "failed", "protocol"),
    Fault("an object of nothing", partial(body, data=b"{}"), "failed", "protocol"),
    Fault("an event of nothing", partial(in_format, data=b"data: {}\n\n"), "failed incomplete unknown", "connection",
          within=True),
    Fault("no content", nothing, "failed", "protocol"),
    Fault("a redirect", redirected, "failed", "redirect"),
    Fault("JSON too deep to read", deep, "failed", "protocol"),
    Fault("a page of a gateway", partial(body, data=b"<h1>Bad gateway</h1>", status=502), "failed", "server"),
    Fault("an answer lost by a gateway", partial(body, data=b"late", status=504), "unknown", "timeout"),
    Fault("an answer that a proxy lost", partial(body, data=b"late", status=524), "unknown", "timeout"),
    Fault("a clean but early end", cut, "incomplete", "connection", BEGUN),
    Fault("an event that is not JSON", partial(broken, before=begun), "incomplete", "protocol", BEGUN),
    Fault("a first event that is not JSON", partial(broken, before=lambda _: []), "incomplete failed", "protocol"),
    Fault("a cut inside an event", partial(cut, inside=40), "incomplete", "connection", BEGUN),
    Fault("an old server cut short", partial(old_http, pieces=begun), "incomplete", "connection", BEGUN),
    Fault("an old server", partial(old_http, pieces=events), "complete", None, WHOLE),
    Fault("another success than 200", partial(whole, status=206), "complete", None, WHOLE),
    Fault("an answer in one piece", one_piece, "complete", None, WHOLE),
    Fault("an answer in one piece, indented", partial(one_piece, indent=1), "complete", None, WHOLE),
)  # fmt: skip
