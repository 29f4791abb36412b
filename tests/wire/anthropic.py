"""Anthropic's Messages stream, byte for byte as its documentation and SDK types describe it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

USAGE: dict[str, Any] = {
    "input_tokens": 25,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 0,
    "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
    "output_tokens": 1,
    "service_tier": "standard",
    "inference_geo": "not_available",
}
PING = b'event: ping\ndata: {"type": "ping"}\n\n'


def event(data: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return f"event: {data['type']}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def start(*, model: str = "claude-sonnet-5-5", usage: dict[str, Any] | None = None) -> bytes:
    """The first event: who answers, and what was read."""
    message = {
        "id": "msg_01XFDUDYJgAACzvnptvVoYEL", "type": "message", "role": "assistant", "model": model, "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": USAGE if usage is None else usage,
    }  # fmt: skip
    return event({"type": "message_start", "message": message})


def block(index: int, kind: str, pieces: Iterable[str]) -> list[bytes]:
    """One content block; a thinking block ends with its signature."""
    empty = {"type": kind, kind: ""} | ({"signature": ""} if kind == "thinking" else {})
    deltas = [{"type": f"{kind}_delta", kind: piece} for piece in pieces]
    if kind == "thinking":
        deltas.append({"type": "signature_delta", "signature": "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pk="})
    return [
        event({"type": "content_block_start", "index": index, "content_block": empty}),
        *(event({"type": "content_block_delta", "index": index, "delta": delta}) for delta in deltas),
        event({"type": "content_block_stop", "index": index}),
    ]


def end(stop: str | None = "end_turn", usage: dict[str, Any] | None = None) -> list[bytes]:
    """The stop reason with the cumulative counts (none when `usage` is empty), then the end marker."""
    counted = {"output_tokens": 15} if usage is None else usage
    delta = {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}}
    return [event(delta | ({"usage": counted} if counted else {})), event({"type": "message_stop"})]


def answer(
    pieces: Iterable[str], *, thinking: Iterable[str] = (), model: str = "claude-sonnet-5-5",
    start_usage: dict[str, Any] | None = None, usage: dict[str, Any] | None = None, stop: str | None = "end_turn",
) -> list[bytes]:  # fmt: skip
    """A whole stream, one event an element."""
    thoughts = list(thinking)
    first, *rest = block(1 if thoughts else 0, "text", pieces)
    return [
        start(model=model, usage=start_usage),
        *(block(0, "thinking", thoughts) if thoughts else []),
        first, PING, *rest, *end(stop, usage),
    ]  # fmt: skip


def counting(pieces: Iterable[str], read: int, wrote: int) -> list[bytes]:
    """A stream without its end: what was read is told at its beginning, and on the way what was written by then."""
    told = event({"type": "message_delta", "delta": {"stop_reason": None}, "usage": {"output_tokens": wrote}})
    return [*answer(pieces, start_usage={**USAGE, "input_tokens": read})[:-2], told]


def whole(text: str) -> dict[str, Any]:
    """The answer to a request that was not streamed."""
    return {
        "id": "msg_01XFDUDYJgAACzvnptvVoYEL", "type": "message", "role": "assistant", "model": "claude-sonnet-5-5",
        "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "stop_sequence": None,
        "usage": {**USAGE, "output_tokens": 15},
    }  # fmt: skip


def error(kind: str, message: str) -> dict[str, Any]:
    """The body of an error response, and the data of an `error` event."""
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy"}


MODELS = {
    "data": [
        {
            "type": "model", "id": "claude-sonnet-5-5", "display_name": "Claude Sonnet 5.5",
            "created_at": "2026-09-28T00:00:00Z", "lifecycle": "active", "deprecated_at": None, "retires_at": None,
            "line": "sonnet", "max_input_tokens": 1_000_000, "max_tokens": 128_000,
            "capabilities": {"image_input": {"supported": True}},
        },
        {
            "type": "model", "id": "claude-sonnet-4-5-20250929", "display_name": "Claude Sonnet 4.5",
            "created_at": "2025-09-29T00:00:00Z", "lifecycle": "deprecated", "deprecated_at": "2026-05-01T00:00:00Z",
            "retires_at": "2026-11-30T00:00:00Z", "line": "sonnet", "max_input_tokens": None, "max_tokens": 64_000,
            "capabilities": None,
        },
        {
            "type": "model", "id": "claude-3-opus-20240229", "display_name": "Claude Opus 3",
            "created_at": "2024-02-29T00:00:00Z", "lifecycle": "retired", "deprecated_at": "2025-06-30T00:00:00Z",
            "retires_at": "2026-01-05T00:00:00Z", "line": "opus", "max_input_tokens": 200_000, "max_tokens": 4096,
            "capabilities": None,
        },
    ],
    "has_more": False, "first_id": "claude-sonnet-5-5", "last_id": "claude-3-opus-20240229",
}  # fmt: skip
