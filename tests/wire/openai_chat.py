"""Chat Completions streams byte for byte: written from the API reference and the SDK's own types."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from tests.wire.server import Reply

ID = "chatcmpl-CzZx9mTq2LkVb41Dn8yW0RfE"
MODEL = "gpt-5.4-2026-03-05"
USAGE: dict[str, Any] = {
    "prompt_tokens": 21, "completion_tokens": 34, "total_tokens": 55,
    "prompt_tokens_details": {"cached_tokens": 16, "cache_write_tokens": 4, "audio_tokens": 0},
    "completion_tokens_details": {
        "reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
    },
}  # fmt: skip
THOUGHT_USAGE = {**USAGE, "completion_tokens_details": {**USAGE["completion_tokens_details"], "reasoning_tokens": 10}}
DONE = b"data: [DONE]\n\n"
ABSENT = object()


def event(data: Any) -> bytes:
    """One server-sent event, as OpenAI writes it: no event name, JSON without needless blanks."""
    return b"data: %b\n\n" % json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def chunk(*choices: Any, usage: Any = None, model: str = MODEL, **extra: Any) -> bytes:
    """One `chat.completion.chunk`; every chunk carries `usage`, null until the last, and padding."""
    return event(
        {
            "id": ID, "object": "chat.completion.chunk", "created": 1795305600, "model": model,
            "service_tier": "default", "system_fingerprint": "fp_44709d6fcb", "choices": list(choices),
            "usage": usage, "obfuscation": "aBcDeFgH", **extra,
        }
    )  # fmt: skip


def choice(delta: Any, finish_reason: Any = None, index: int = 0) -> dict[str, Any]:
    """One entry of `choices`."""
    return {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish_reason}


ROLE = chunk(choice({"role": "assistant", "content": "", "refusal": None}))


def text(piece: Any, **delta: Any) -> bytes:
    """A chunk of answer text."""
    return chunk(choice({"content": piece, **delta}))


def thinking(piece: str, field: str = "reasoning_content") -> bytes:
    """A chunk of thinking, as compatible hosts send it."""
    return chunk(choice({field: piece, "content": None}))


def answer(
    pieces: Iterable[Any], *, thoughts: Iterable[str] = (), stop: Any = "stop", usage: Any = USAGE, done: bool = True
) -> list[bytes]:
    """A whole answer: role, thinking, text, stop reason, usage, end marker. `usage=ABSENT` sends no usage chunk."""
    return [
        ROLE,
        *map(thinking, thoughts),
        *map(text, pieces),
        chunk(choice({}, stop)),
        *([] if usage is ABSENT else [chunk(usage=usage)]),
        *([DONE] if done else []),
    ]


def counting(pieces: Iterable[str], read: int, wrote: int) -> list[bytes]:
    """A stream without its end, of a host that counts in every chunk."""
    usage = {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}
    return [ROLE, *(chunk(choice({"content": piece}), usage=usage) for piece in pieces)]


def whole(text: str) -> dict[str, Any]:
    """The answer to a request that was not streamed."""
    return {
        "id": ID, "object": "chat.completion", "created": 1795305600, "model": MODEL, "usage": USAGE,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
    }  # fmt: skip


def listing(*names: str) -> Callable[[Reply], Awaitable[None]]:
    """A script for `/models`: the host has these."""

    async def script(reply: Reply) -> None:
        await reply.json({"object": "list", "data": [{"id": each, "object": "model", "created": 1} for each in names]})

    return script


def error_chunk(message: str, *, kind: str = "server_error", code: Any = None) -> bytes:
    """An error object in place of a chunk."""
    return event({"error": {"message": message, "type": kind, "param": None, "code": code}})


def error_body(message: str, kind: str = "invalid_request_error", code: Any = None, param: Any = None) -> bytes:
    """The JSON body of an HTTP error, indented as OpenAI sends it."""
    return json.dumps({"error": {"message": message, "type": kind, "param": param, "code": code}}, indent=2).encode()
