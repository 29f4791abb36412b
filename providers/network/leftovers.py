"""Bytes that a server sends behind the end of an answer: the next answer of that connection must not be read from them.

Neither httpx nor httpcore looks for them before a connection is used again, and neither shows what its parser still
holds, so this looks where they keep it. `tests/contract/test_oddities.py` says so if they keep it elsewhere one day.
"""

from __future__ import annotations

from typing import Any

_ON_THE_WAY = ("_httpcore_stream", "_stream", "_connection", "_h11_state")


def are_left(stream: Any) -> bool:
    """Whether the parser of the connection behind a response's stream holds bytes beyond its end."""
    found = stream
    while found is not None and not hasattr(found, "trailing_data"):
        found = next((inner for name in _ON_THE_WAY if (inner := getattr(found, name, None)) is not None), None)
    return found is not None and bool(found.trailing_data[0])
