"""Chat Completions as hosts write it: the pieces that the reported streams are made of."""

from __future__ import annotations

from typing import Any

from tests.wire.reported.row import Piece, encoded


def sse(*documents: Any, done: bool = True, sep: bytes = b"\n\n", prefix: bytes = b"data: ") -> list[Piece]:
    """Chat Completions events, with or without their end marker."""
    return [prefix + encoded(each) + sep for each in documents] + ([prefix + b"[DONE]" + sep] if done else [])


def ch(content: Any = None, fin: Any = None, **delta: Any) -> dict[str, Any]:
    """One chunk of one choice."""
    said = delta | ({} if content is None else {"content": content})
    return chunk([{"index": 0, "delta": said, "finish_reason": fin}])


def chunk(choices: Any, **more: Any) -> dict[str, Any]:
    """One chunk."""
    return {"id": "x1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, **more}


def us(read: int = 10, written: int = 3, **more: Any) -> dict[str, Any]:
    """The usage chunk."""
    return chunk([], usage=counted(read, written, **more))


def counted(read: int = 10, written: int = 3, **more: Any) -> dict[str, Any]:
    """A usage object."""
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written, **more}


def whole(**message: Any) -> dict[str, Any]:
    """An answer in one piece."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": counted()}


def ended(reason: Any) -> list[Piece]:
    """An answer that ends for this reason."""
    return sse(ch("The capital of "), ch("", reason), us())


WORDS = "One two three four."
TOO_LONG = "context length is 65536 tokens, your prompt has 70000"
