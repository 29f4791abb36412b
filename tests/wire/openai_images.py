"""The Images API byte for byte: written from the API reference and the SDK's own types.

Tokens of output are split in an answer in one piece alone: in a stream their count is "the number of image tokens".
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

PATH = "/images/generations"
USAGE: dict[str, Any] = {
    "input_tokens": 14, "input_tokens_details": {"image_tokens": 0, "text_tokens": 14}, "output_tokens": 1056,
    "total_tokens": 1070,
}  # fmt: skip
_LOOKS = {
    "background": "opaque", "created_at": 1795305600, "output_format": "png", "quality": "medium", "size": "1024x1024",
}  # fmt: skip


def event(kind: str, **fields: Any) -> bytes:
    """One server-sent event."""
    data = json.dumps({"type": kind, **fields}, separators=(",", ":")).encode()
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), data)


def answer(picture: bytes, previews: Sequence[bytes] = (), usage: Any = USAGE) -> list[bytes]:
    """A whole stream: previews, then the picture with its usage."""
    partial = [
        event("image_generation.partial_image", b64_json=b64encode(each).decode(), partial_image_index=number, **_LOOKS)
        for number, each in enumerate(previews)
    ]
    return [
        *partial,
        event("image_generation.completed", b64_json=b64encode(picture).decode(), usage=usage, **_LOOKS),
    ]


def whole(picture: bytes, **fields: Any) -> dict[str, Any]:
    """An answer in one piece, as hosts give it that do not stream."""
    return {"created": 1795305600, "data": [{"b64_json": b64encode(picture).decode(), **fields}]}


def at_an_address() -> dict[str, Any]:
    """An answer that names an address in place of a picture."""
    return {"created": 1795305600, "data": [{"url": "http://127.0.0.1:9/picture.png"}]}
