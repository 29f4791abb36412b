"""One fault: how a server plays it in any format, and what it comes to in all of them."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from providers.errors import Kind
from tests.wire.dialects import HELLO, Dialect
from tests.wire.server import Reply

WHOLE = "".join(HELLO)
BEGUN = "".join(HELLO[:2])
LINES, DOCUMENT = "application/x-ndjson", "application/json"
"""The formats of one document a line, and of one document in all; all others write events."""

Play = Callable[[Reply, Dialect], Awaitable[None]]
When = Literal["asked", "connected", "waited for", "read"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of the catalogue. Each is one cell for every format it can come in."""

    name: str
    play: Play
    states: str
    """The state of the completion; several where the network decides which."""
    kind: Kind | None
    """What went wrong; `None` where nothing did."""
    text: str = ""
    """What is kept of the answer."""
    when: When = "asked"
    """When it is played: once the request has come; as soon as the connection is made, which closes after the
    request; for ever, until our own
    limits end it; or, its break, once all that was sent has been read."""
    only: str | None = None
    """The content type of the formats it can come in; `None`: all."""
    within: bool = False
    """It stands between the events of a stream: none where the answer is one document."""
    tls: Callable[[], ssl.SSLContext] | None = None
    """The server's side of an encrypted connection."""
    flags: tuple[str, ...] | None = None
    """What is said of the answer; `None` where it does not matter."""

    def comes_in(self, dialect: Dialect) -> bool:
        """Whether there is such a cell."""
        streams = dialect.content_type != DOCUMENT
        return self.only in (None, dialect.content_type) and (streams or not self.within)


def events(dialect: Dialect) -> list[bytes]:
    """A whole answer."""
    return dialect.answer(HELLO, ())


def begun(dialect: Dialect) -> list[bytes]:
    """The events up to the last piece of text, that piece left out."""
    last = next(n for n, event in enumerate(events(dialect)) if dialect.last in event)
    return events(dialect)[:last]


def framed(dialect: Dialect, line: bytes) -> bytes:
    """A line as the format ends one that stands alone."""
    return line + (b"\n" if dialect.content_type == LINES else b"\n\n")


async def whole(
    reply: Reply, dialect: Dialect, change: Callable[[bytes], bytes] = bytes, status: int = 200, **headers: str
) -> None:
    """The whole answer, changed as a whole, in one piece."""
    body = change(b"".join(events(dialect)))
    await reply.body(body, status, headers, content_type=dialect.content_type)
