"""Faults below the answer: of HTTP itself, of the connection and of its encryption."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from functools import partial

import trustme

from tests.wire.dialects import Dialect
from tests.wire.faults.fault import BEGUN, WHOLE, Fault, begun, events
from tests.wire.server import Reply

_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _OK + b"transfer-encoding: chunked\r\n\r\n"
_ALERT = b"\x15\x03\x01\x00\x02\x02\x46"
_HTTP2 = b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64" + b"\x00" * 12


async def lost(reply: Reply, _: Dialect) -> None:
    reply.reset()


async def closed(reply: Reply, _: Dialect, after: bytes = b"") -> None:
    """These bytes in place of an answer, and the end."""
    await reply.raw(after)
    await reply.close()


async def greeted(reply: Reply, _: Dialect, words: bytes) -> None:
    """What another protocol says first."""
    await reply.raw(words)


async def half_closed(reply: Reply, dialect: Dialect, within: bool) -> None:
    """The server says that it will send no more, and stays."""
    if within:
        await reply.stream(begun(dialect), content_type=dialect.content_type, end=False)
    reply.finish()
    await reply.stall()


async def cut(reply: Reply, dialect: Dialect, then: bytes = b"") -> None:
    """The beginning of an answer in chunks, some bytes more, and the connection closes."""
    await reply.stream(begun(dialect), content_type=dialect.content_type, end=False)
    await reply.raw(then)
    await reply.close()


async def broken_when_read(reply: Reply, dialect: Dialect) -> None:
    await reply.stream(begun(dialect), content_type=dialect.content_type, end=False)


async def headed(reply: Reply, dialect: Dialect, head: bytes, tail: bytes = b"") -> None:
    """The whole answer behind another head, until the connection ends."""
    await reply.raw(head + b"\r\n" + b"".join(events(dialect)) + tail)
    await reply.close()


async def chunked(reply: Reply, dialect: Dialect, size: str = "%x", tail: bytes = b"0\r\n\r\n") -> None:
    """The whole answer as one chunk with its size written otherwise."""
    body = b"".join(events(dialect))
    await reply.raw(_CHUNKED + (size % len(body)).encode() + b"\r\n" + body + b"\r\n" + tail)
    await reply.close()


async def measured(reply: Reply, dialect: Dialect, pieces: int, more: int) -> None:
    """A length in the head that is not the body's."""
    body = b"".join(events(dialect)[:pieces] if pieces else events(dialect))
    await reply.head(content_type=dialect.content_type, length=len(body) + more)
    await reply.raw(body)
    await reply.close()


async def byte_by_byte(reply: Reply, dialect: Dialect, head: bool) -> None:
    """One byte at a time, of the body or of everything."""
    body = b"".join(events(dialect))
    if head:
        await reply.one_by_one(_OK + b"content-length: %d\r\n\r\n" % len(body) + body)
    else:
        await reply.head(content_type=dialect.content_type)
        for byte in body:
            await reply.send(bytes([byte]))
        await reply.end()


async def informed(reply: Reply, dialect: Dialect, before: Sequence[bytes] = ()) -> None:
    """Answers that are none before the one that is."""
    for head in before:
        await reply.raw(head)
    await reply.stream(events(dialect), content_type=dialect.content_type)


async def endless_headers(reply: Reply, _: Dialect) -> None:
    await reply.raw(_OK)
    while True:
        await reply.raw(b"x-more: and more\r\n" * 100)


async def endless_status(reply: Reply, _: Dialect) -> None:
    while True:
        await reply.raw(b"HTTP" * 1000)


def stranger() -> ssl.SSLContext:
    """A certificate of an authority that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


async def never(reply: Reply, _: Dialect) -> None:
    raise AssertionError("a request came through a connection that is not to be trusted")


_EARLY = b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
_TWO_LENGTHS = b"content-length: 5\r\ncontent-length: 6\r\n"
_GZIPPED = b"transfer-encoding: gzip, chunked\r\n"
_SSH = b"SSH-2.0-OpenSSH_9.6\r\n"
_SMTP = b"220 mail ready\r\n"
_LARGE = _OK + b"x-large: " + b"x" * 512 * 1024 + b"\r\n\r\n"
_CAUSES = "unknown failed"  # whether the request had been written is the kernel's secret

CONNECTION = (
    Fault("a reset on accepting", lost, _CAUSES, "connection", when="connected"),
    Fault("a close on accepting", closed, _CAUSES, "connection", when="connected"),
    Fault("a reset before the headers", lost, "unknown", "connection"),
    Fault("a close before the headers", closed, "unknown", "connection"),
    Fault("a close within the status", partial(closed, after=b"HTTP/1.1 2"), "unknown", "connection"),
    Fault("a close within the headers", partial(closed, after=_OK + b"x: 1\r\nx-"), "unknown", "connection"),
    Fault("a close behind the headers", partial(closed, after=_CHUNKED), "unknown", "connection"),
    Fault("a half-close before the headers", partial(half_closed, within=False), "unknown", "connection"),
    Fault("a half-close in the middle", partial(half_closed, within=True), "incomplete", "connection", BEGUN),
    Fault("a reset in the middle", broken_when_read, "incomplete", "connection", BEGUN, when="read"),
    Fault("a close in the middle", cut, "incomplete", "connection", BEGUN),
    Fault("a close within the size of a chunk", partial(cut, then=b"1"), "incomplete", "connection", BEGUN),
    Fault("a close within a chunk", partial(cut, then=b"ff\r\n: h"), "incomplete", "connection", BEGUN),
    Fault("a chunk whose size is none", partial(cut, then=b"zz\r\nhello\r\n"), "incomplete", "protocol", BEGUN),
    Fault("a chunk of a negative size", partial(cut, then=b"-5\r\nhello\r\n"), "incomplete", "protocol", BEGUN),
    Fault("a chunk longer than its size", partial(cut, then=b"2\r\n: hello\r\n"), "incomplete", "protocol", BEGUN),
    Fault("a chunk of endless size", partial(cut, then=b"f" * 30 + b"\r\n: h"), "incomplete", "protocol", BEGUN),
    Fault("a size of endless length", partial(cut, then=b"0" * 200_000), "incomplete", "protocol", BEGUN),
    Fault("a chunk with an extension", partial(chunked, size="%X; name=value"), "complete", None, WHOLE),
    Fault("a chunk size with zeros before", partial(chunked, size="000%x"), "complete", None, WHOLE),
    Fault("trailers", partial(chunked, tail=b"0\r\nx-sum: 1\r\n\r\n"), "complete", None, WHOLE),
    Fault("no end of the chunks", partial(chunked, tail=b""), "complete", None, WHOLE),
    Fault("a length too long", partial(measured, pieces=0, more=100), "complete", None, WHOLE),
    Fault("one byte a chunk", partial(byte_by_byte, head=False), "complete", None, WHOLE),
    Fault("one byte at a time, headers too", partial(byte_by_byte, head=True), "complete", None, WHOLE),
    Fault("100 and 103 before the answer", partial(informed, before=_EARLY), "complete", None, WHOLE),
    Fault("a thousand times 100 before", partial(informed, before=_EARLY[:1] * 1000), "complete", None, WHOLE),
    Fault("another protocol in the answer", partial(headed, head=b"HTTP/1.1 101 Switching\r\n"), "unknown", "protocol"),
    Fault("no reason in the status", partial(headed, head=b"HTTP/1.1 200\r\n"), "complete", None, WHOLE),
    Fault("another HTTP in the status", partial(headed, head=b"HTTP/7.3 200 OK\r\n"), "complete", None, WHOLE),
    Fault("a status of two digits", partial(headed, head=b"HTTP/1.1 20 OK\r\n"), "failed", "protocol"),
    Fault("ICY in place of HTTP", partial(headed, head=b"ICY 200 OK\r\n"), "failed", "protocol"),
    Fault("line ends of one byte", partial(headed, head=b"HTTP/1.1 200 OK\nx: 1\n"), "complete", None, WHOLE),
    Fault("a header over two lines", partial(headed, head=_OK + b"x: 1\r\n 2\r\n"), "complete", None, WHOLE),
    Fault("a header of other letters", partial(headed, head=_OK + b"x: \xe9\xff\r\n"), "complete", None, WHOLE),
    Fault("a header without a colon", partial(headed, head=_OK + b"hello\r\n"), "unknown", "protocol"),
    Fault("a header with a zero", partial(headed, head=_OK + b"x: a\0b\r\n"), "unknown", "protocol"),
    Fault("two lengths", partial(headed, head=_OK + _TWO_LENGTHS), "unknown", "protocol"),
    Fault("a length that is none", partial(headed, head=_OK + b"content-length: many\r\n"), "unknown", "protocol"),
    Fault("a negative length", partial(headed, head=_OK + b"content-length: -5\r\n"), "unknown", "protocol"),
    Fault("an unknown transfer", partial(headed, head=_OK + _GZIPPED), "unknown", "protocol"),
    Fault("a header of 512 KB", partial(closed, after=_LARGE), "unknown", "protocol"),
    Fault("endless headers", endless_headers, "unknown", "protocol"),
    Fault("an endless status", endless_status, "unknown", "protocol"),
    Fault("a banner of SSH", partial(greeted, words=_SSH), "unknown", "connection", when="connected"),
    Fault("a greeting of SMTP", partial(greeted, words=_SMTP), "unknown", "connection", when="connected"),
    Fault("HTTP/2 unasked", partial(closed, after=_HTTP2), "failed", "protocol"),
    Fault("a TLS alert", partial(closed, after=_ALERT), "failed", "protocol"),
    Fault("an answer before it is asked for", informed, "complete", None, WHOLE, when="connected"),
    Fault("a certificate of nobody known", never, "failed", "tls", tls=stranger),
)  # fmt: skip
