"""Streams of the SDKs that make a model of each event, read without these models: as the JSON that came.

Making the models takes longer than everything else in a call together, and answers from hosts that deviate are read
field by field in any case. The request, the key and the reading of events stay the SDK's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast


async def plain_events(client: Any, path: str, body: Mapping[str, object], stream_cls: Any, **options: object) -> Any:
    """The open stream of the answer to `body`, sent to `path`: each item one document, parsed.

    `stream_cls` is the SDK's own `AsyncStream[object]`, `options` what else is to be said to the SDK of the request.
    """
    return await client.post(path, body=body, cast_to=object, options=options, stream=True, stream_cls=stream_cls)


def mapping(value: object) -> Mapping[str, object]:
    """`value` if it holds fields, else no fields at all."""
    return cast(Mapping[str, object], value) if isinstance(value, dict) else {}


def word(value: object) -> str | None:
    """`value` if it is a text."""
    return value if isinstance(value, str) else None
