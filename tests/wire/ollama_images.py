"""Ollama's pictures by `/api/generate`, byte for byte: written from its server's code, versions 0.14.3 to 0.32.5."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from tests.wire.ollama import line

PATH, MODEL = "/api/generate", "x/z-image-turbo:latest"
_LINE = {"model": MODEL, "created_at": "2026-06-15T10:30:00.000000Z", "response": "", "done": False}


def step(done: int, of: int = 9) -> bytes:
    """One step of the model."""
    return line({**_LINE, "completed": done, "total": of})


def end(picture: bytes, reason: str | None = "stop", **more: Any) -> bytes:
    """The last line: the picture, and how long it took."""
    return line({
        **_LINE, "done": True, **({"done_reason": reason} if reason else {}), "total_duration": 15_000_000_000,
        "load_duration": 2_000_000_000, "image": b64encode(picture).decode(), **more,
    })  # fmt: skip


def answer(picture: bytes, steps: int = 3) -> list[bytes]:
    """A whole stream."""
    return [*(step(number, steps) for number in range(1, steps + 1)), end(picture)]
