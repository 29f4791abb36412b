"""Ollama's `/api/chat` stream, byte for byte: one JSON object a line, durations in nanoseconds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

TYPE = "application/x-ndjson"
TIMINGS: dict[str, int] = {
    "total_duration": 4_883_583_458,
    "load_duration": 1_334_875,
    "prompt_eval_count": 26,
    "prompt_eval_duration": 342_546_000,
    "eval_count": 282,
    "eval_duration": 4_535_599_000,
}


def line(data: dict[str, Any]) -> bytes:
    """One line. Go escapes `<`, `>`, `&`, U+2028 and U+2029 and leaves other characters as they are."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode() + b"\n"


def part(*, model: str = "llama3.3:latest", content: str = "", thinking: str | None = None) -> dict[str, Any]:
    """One piece of the answer; thinking arrives beside empty content."""
    message = {"role": "assistant", "content": content} | ({"thinking": thinking} if thinking is not None else {})
    return {"model": model, "created_at": "2026-11-23T08:52:19.385406455Z", "message": message, "done": False}


def end(stop: str | None = "stop", *, model: str = "llama3.3:latest", **numbers: Any) -> dict[str, Any]:
    """The last line, with what the server counted and timed; `numbers` replace or (`None`) remove."""
    reason = {"done_reason": stop} if stop else {}
    known = {name: value for name, value in (TIMINGS | numbers).items() if value is not None}
    return part(model=model) | {"done": True} | reason | known


def answer(
    pieces: Iterable[str], *, thinking: Iterable[str] = (), stop: str | None = "stop", **numbers: Any
) -> list[bytes]:
    """A whole stream, one line an element."""
    return [
        *(line(part(thinking=piece)) for piece in thinking),
        *(line(part(content=piece)) for piece in pieces),
        line(end(stop, **numbers)),
    ]


def error(message: str) -> dict[str, str]:
    """The body of an error response, and an error line inside a stream."""
    return {"error": message}


def _model(name: str) -> dict[str, Any]:
    return {
        "name": name, "model": name, "size": 42_520_413_916,
        "digest": "a6eb4748fd2990ad2952b2335a95a7f952d1a06119a0aa6a2df6cd052a93a3fa",
        "details": {
            "parent_model": "", "format": "gguf", "family": "llama", "families": ["llama"],
            "parameter_size": "70.6B", "quantization_level": "Q4_K_M",
        },
    }  # fmt: skip


def tags(*names: str) -> dict[str, Any]:
    """`/api/tags`: what is installed."""
    return {"models": [_model(name) | {"modified_at": "2026-11-20T14:56:49.277302595-07:00"} for name in names]}


def ps(*names: str) -> dict[str, Any]:
    """`/api/ps`: what is in memory."""
    loaded = {"expires_at": "2026-11-23T14:38:31.83753-07:00", "size_vram": 42_520_413_916, "context_length": 4096}
    return {"models": [_model(name) | loaded for name in names]}


SHOW = {
    "modelfile": "# Modelfile", "parameters": "stop \"<|eot_id|>\"", "template": "{{ .Prompt }}",
    "details": _model("llama3.3:latest")["details"], "capabilities": ["completion", "tools"],
    "model_info": {
        "general.architecture": "llama", "llama.block_count": 80, "llama.embedding_length": 8192,
        "llama.context_length": 131_072,
    },
}  # fmt: skip
