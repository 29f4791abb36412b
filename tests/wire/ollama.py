"""Ollama's `/api/chat` stream, byte for byte: one JSON object a line, durations in nanoseconds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

TYPE = "application/x-ndjson"
DIGEST = "a6eb4748fd2990ad2952b2335a95a7f952d1a06119a0aa6a2df6cd052a93a3fa"
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
        "digest": DIGEST,
        "details": {
            "parent_model": "", "format": "gguf", "family": "llama", "families": ["llama"],
            "parameter_size": "70.6B", "quantization_level": "Q4_K_M",
        },
    }  # fmt: skip


def installed(name: str, **changed: Any) -> dict[str, Any]:
    """One row of `/api/tags`; `changed` replaces fields."""
    return _model(name) | {"modified_at": "2026-11-20T14:56:49.277302595-07:00"} | changed


def loaded(name: str, **changed: Any) -> dict[str, Any]:
    """One row of `/api/ps`; `changed` replaces fields."""
    told = {"expires_at": "2026-11-23T14:38:31.83753-07:00", "size_vram": 42_520_413_916, "context_length": 4096}
    return _model(name) | told | changed


def tags(*names: str) -> dict[str, Any]:
    """`/api/tags`: what is installed."""
    return {"models": [installed(name) for name in names]}


def ps(*names: str) -> dict[str, Any]:
    """`/api/ps`: what is in memory."""
    return {"models": [loaded(name) for name in names]}


SHOW = {
    "modelfile": "# Modelfile", "parameters": "stop \"<|eot_id|>\"", "template": "{{ .Prompt }}",
    "details": _model("llama3.3:latest")["details"], "capabilities": ["completion", "tools"],
    "model_info": {
        "general.architecture": "llama", "llama.block_count": 80, "llama.embedding_length": 8192,
        "llama.context_length": 131_072,
    },
}  # fmt: skip


def show(**facts: Any) -> dict[str, Any]:
    """`/api/show` of an 8B Llama; `facts` replaces numbers of its architecture (dots written as `__`)."""
    numbers = {
        "block_count": 32, "embedding_length": 4096, "context_length": 131_072, "attention.head_count": 32,
        "attention.head_count_kv": 8,
    } | {name.replace("__", "."): value for name, value in facts.items()}  # fmt: skip
    known = {f"llama.{name}": value for name, value in numbers.items() if value is not None}
    return SHOW | {"model_info": {"general.architecture": "llama", **known, "tokenizer.ggml.tokens": []}}


def pulling(digest: str, total: int, completed: int | None = None) -> dict[str, Any]:
    """One report of a part on its way; `completed` is left out until there is something."""
    done = {} if completed is None else {"completed": completed}
    return {"status": f"pulling {digest[7:19]}", "digest": digest, "total": total} | done


def pull_begins() -> list[dict[str, Any]]:
    """What `/api/pull` says before the first part."""
    return [{"status": "pulling manifest"}]


def pull_ends() -> list[dict[str, Any]]:
    """What it says after the last."""
    words = ("verifying sha256 digest", "writing manifest", "success")
    return [{"status": status} for status in words]


def unloaded(name: str) -> dict[str, Any]:
    """What `/api/generate` answers to an empty prompt with `keep_alive` 0."""
    return {
        "model": name, "created_at": "2026-11-23T08:52:19.385406455Z", "response": "", "done": True,
        "done_reason": "unload",
    }  # fmt: skip
