"""Every way to be answered, with a text or with a picture, for what befalls our own process and its disk.

A provider is in here by its row in `dialects.py` or `picture_dialects.py`; each has a whole answer that is more than is
read at once.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest

from providers.completion import Completion
from providers.interface import Request, Settings
from providers.pictures import PictureSettings
from tests.pictures import noise
from tests.wire.dialects import DIALECTS, Dialect
from tests.wire.picture_dialects import PICTURE_DIALECTS, PictureDialect
from tests.wire.server import Reply, WireServer

EVERY: tuple[Dialect, ...] = (*DIALECTS, *PICTURE_DIALECTS)
every_way = pytest.mark.parametrize("dialect", EVERY, ids=lambda dialect: dialect.name)

PIECES = tuple(f"{number} " * 1000 for number in range(40))
TEXT = "".join(PIECES)
PICTURE = noise((256, 192))


def settings_of(dialect: Dialect) -> Settings:
    """What makes a request one for text or for a picture."""
    return Settings(picture=PictureSettings()) if isinstance(dialect, PictureDialect) else Settings()


def request_of(dialect: Dialect) -> Request:
    """A request for what it answers with."""
    return Request.ask(dialect.model, "Say hello.", settings_of(dialect))


def large(dialect: Dialect) -> list[bytes]:
    """A whole answer, one event an element."""
    if isinstance(dialect, PictureDialect):
        return dialect.drawn(b64encode(PICTURE).decode())
    return dialect.answer(PIECES, ())


def kept(done: Completion) -> str | tuple[tuple[int, bool], ...]:
    """What of the answer is there: its text, or the size of each picture as it came and whether it is a preview."""
    return tuple((each.arrived_bytes, each.partial) for each in done.pictures) or done.text


def whole(dialect: Dialect) -> str | tuple[tuple[int, bool], ...]:
    """What is `kept` of `large`."""
    return ((len(PICTURE), False),) if isinstance(dialect, PictureDialect) else TEXT


def serve_beside(server: WireServer, dialect: Dialect) -> None:
    """Answer what is asked beside the request."""
    sides: Mapping[str, Any] = dialect.sides if isinstance(dialect, PictureDialect) else {}
    for path, document in sides.items():

        async def script(reply: Reply, document: Any = document) -> None:
            await reply.json(document)

        server.routes[path] = script
