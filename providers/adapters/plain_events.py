"""Reads streams of SDKs that build a model object for each event as plain JSON, without these objects.

Building them takes longer than everything else in a call together, and answers from hosts that deviate are read field
by field anyway. The SDK still makes the request, adds the key and reads the events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast


async def plain_events(client: Any, path: str, body: Mapping[str, object], stream_cls: Any, **options: object) -> Any:
    """The open stream of the answer to `body`, sent to `path`, each item one parsed document.

    `stream_cls` is the SDK's own `AsyncStream[object]`, `options` are further options for the SDK's request.
    """
    return await client.post(path, body=body, cast_to=object, options=options, stream=True, stream_cls=stream_cls)


def mapping(value: object) -> Mapping[str, object]:
    """`value` if it is an object, else an empty one."""
    return cast(Mapping[str, object], value) if isinstance(value, dict) else {}


def word(value: object) -> str | None:
    """`value` if it is a text, else `None`."""
    return value if isinstance(value, str) else None
