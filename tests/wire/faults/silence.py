"""Servers that keep us waiting, each in its own way: our own limits end them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.wire.dialects import HELLO, Dialect
from tests.wire.faults.fault import BEGUN, LINES, WHOLE, Fault, begun, events
from tests.wire.server import Reply


async def silent(reply: Reply, _: Dialect, *, head: bytes = b"") -> None:
    await reply.raw(head)
    await reply.stall()


async def stall(reply: Reply, dialect: Dialect, pieces: Callable[[Dialect], list[bytes]]) -> None:
    await reply.stream(pieces(dialect), content_type=dialect.content_type, end=False)
    await reply.stall()


async def pinging(reply: Reply, dialect: Dialect, pieces: Callable[[Dialect], list[bytes]]) -> None:
    """Signs of life without end, and no text."""
    await reply.stream(pieces(dialect), content_type=dialect.content_type, end=False)
    while True:
        await reply.send(b"\n" if dialect.content_type == LINES else b": ping\n\n")
        await reply.pause()


async def informing(reply: Reply, _: Dialect) -> None:
    """Answers that are none without end."""
    while True:
        await reply.raw(b"HTTP/1.1 102 Processing\r\n\r\n")
        await reply.pause()


def none(_: Dialect) -> list[bytes]:
    return []


def within_a_line(dialect: Dialect) -> list[bytes]:
    return [*begun(dialect), events(dialect)[len(begun(dialect))][:20]]


def up_to_the_end(dialect: Dialect) -> list[bytes]:
    """All of the text; a piece without any is there for the format that proves the end together with the last."""
    said = dialect.answer([*HELLO, ""], ())
    return said[: len(said) - dialect.proof]


SILENCE = tuple(
    Fault(name, play, states, "timeout", text, when="waited for")
    for name, play, states, text in (
        ("no answer at all", silent, "unknown", ""),
        ("a hang in the headers", partial(silent, head=b"HTTP/1.1 200 OK\r\n"), "unknown", ""),
        ("a banner of SSH, then silence", partial(silent, head=b"SSH-2.0-OpenSSH_9.6\r\n"), "unknown", ""),
        ("a hang after the headers", partial(stall, pieces=none), "unknown", ""),
        ("a stall in the middle", partial(stall, pieces=begun), "incomplete", BEGUN),
        ("a stall within a line", partial(stall, pieces=within_a_line), "incomplete", BEGUN),
        ("a stall before the end is proved", partial(stall, pieces=up_to_the_end), "incomplete", WHOLE),
        ("pings and no text", partial(pinging, pieces=none), "incomplete", ""),
        ("pings behind some text", partial(pinging, pieces=begun), "incomplete", BEGUN),
        ("102 without end", informing, "unknown", ""),
    )
)
