"""Streams as people report them of vendors, gateways and local servers, each with what it has to come to.

Retold in our own words: the shape is of the report, texts and numbers are ours. `test_reported_streams.py`
plays every row through the real SDK.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from providers.errors import Kind
from providers.interface import Flag, Usage

Piece = bytes | str
"""Bytes are sent as they are; `RESET` breaks the connection."""
RESET = "RESET"
JSON, HTML, PLAIN = "application/json", "text/html", "text/plain; charset=utf-8"
EVENTS, LINES = "text/event-stream", "application/x-ndjson"
UNKNOWN = Usage()


@dataclass(frozen=True, slots=True)
class Reported:
    """One stream, and the completion it is."""

    name: str
    pieces: Sequence[Piece]
    state: str
    text: str = ""
    thinking: str = ""
    kind: Kind | None = None
    sentence: str | None = None
    flags: tuple[Flag, ...] = ()
    """Those that must be there; others may."""
    usage: Usage | None = UNKNOWN
    """`UNKNOWN`: not looked at."""
    content_type: str = EVENTS
    status: int = 200


def encoded(data: Any) -> bytes:
    """A document as JSON."""
    return json.dumps(data, ensure_ascii=False).encode()
