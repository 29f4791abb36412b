"""Faults of the network and of what stands between: how a server plays each, and what it comes to in every format."""

import gzip
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.wire.dialects import HELLO, Dialect
from tests.wire.server import Reply

WHOLE = "".join(HELLO)
BEGUN = "".join(HELLO[:2])


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


async def deep(reply: Reply, dialect: Dialect) -> None:
    """A first event that no reader gets to the bottom of."""
    before, _, _ = events(dialect)[0].partition(b"{")
    await reply.body(before + b"[" * 200_000 + b"\n\n", content_type=dialect.content_type)


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
    Fault("JSON too deep to read", deep, "failed", "protocol"),
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
