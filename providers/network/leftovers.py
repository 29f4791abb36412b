"""Detects bytes that a server sends after the end of an answer, which the next answer on that connection must not begin
with.

Neither httpx nor httpcore checks for them before a connection is reused, nor exposes what its parser still holds, so
this looks into their internals. `tests/contract/test_oddities.py` fails if those change.
"""

from __future__ import annotations

from typing import Any

_ON_THE_WAY = ("_httpcore_stream", "_stream", "_connection", "_h11_state")


def are_left(stream: Any) -> bool:
    """Whether the parser of the connection behind a response's stream has bytes beyond its end."""
    found = stream
    while found is not None and not hasattr(found, "trailing_data"):
        found = next((inner for name in _ON_THE_WAY if (inner := getattr(found, name, None)) is not None), None)
    return found is not None and bool(found.trailing_data[0])
