"""Responses event streams byte for byte: written from the API reference and the SDK's own types."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

ID = "resp_0a3f6c1b2d4e5f60718293a4b5c6d7e8"
MESSAGE = "msg_0a3f6c1b2d4e5f6071829300000000a1"
REASONING = "rs_0a3f6c1b2d4e5f607182930000000b2"
MODEL = "gpt-5.4-2026-03-05"
USAGE: dict[str, Any] = {
    "input_tokens": 21, "input_tokens_details": {"cached_tokens": 16, "cache_write_tokens": 4},
    "output_tokens": 34, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 55,
}  # fmt: skip
THOUGHT_USAGE = {**USAGE, "output_tokens_details": {**USAGE["output_tokens_details"], "reasoning_tokens": 10}}


def event(kind: str, number: int, **fields: Any) -> bytes:
    """One server-sent event with its name, type and sequence number."""
    data = {"type": kind, "sequence_number": number, **fields}
    encoded = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), encoded)


def response(status: str, *, output: list[Any] | None = None, usage: Any = None, **fields: Any) -> dict[str, Any]:
    """A `response` object as it stands in created, completed, incomplete and failed events."""
    return {
        "id": ID, "object": "response", "created_at": 1795305600, "status": status, "background": False, "error": None,
        "incomplete_details": None, "instructions": None, "max_output_tokens": None, "max_tool_calls": None,
        "model": MODEL, "output": output or [], "parallel_tool_calls": True, "previous_response_id": None,
        "prompt_cache_key": None, "reasoning": {"effort": "low", "summary": "auto"}, "safety_identifier": None,
        "service_tier": "default", "store": False, "temperature": 1.0,
        "text": {"format": {"type": "text"}, "verbosity": "medium"}, "tool_choice": "auto", "tools": [],
        "top_logprobs": 0, "top_p": 1.0, "truncation": "disabled", "usage": usage, "user": None, "metadata": {},
        **fields,
    }  # fmt: skip


def _message(content: list[Any], status: str) -> dict[str, Any]:
    return {"id": MESSAGE, "type": "message", "status": status, "content": content, "role": "assistant"}


def _text_part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def _thinking(thoughts: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    at = {"item_id": REASONING, "output_index": 0, "summary_index": 0}
    whole = {"type": "summary_text", "text": "".join(thoughts)}
    item = {"id": REASONING, "type": "reasoning", "encrypted_content": "gAAAAAB=", "summary": []}
    yield "response.output_item.added", {"output_index": 0, "item": item}
    yield "response.reasoning_summary_part.added", {**at, "part": {"type": "summary_text", "text": ""}}
    for thought in thoughts:
        yield "response.reasoning_summary_text.delta", {**at, "delta": thought, "obfuscation": "x7Gq"}
    yield "response.reasoning_summary_text.done", {**at, "text": whole["text"]}
    yield "response.reasoning_summary_part.done", {**at, "part": whole}
    yield "response.output_item.done", {"output_index": 0, "item": {**item, "summary": [whole]}}


def _writing(pieces: list[str], *, refusal: bool, index: int) -> Iterator[tuple[str, dict[str, Any]]]:
    at = {"item_id": MESSAGE, "output_index": index, "content_index": 0}
    kind, field = ("refusal", "refusal") if refusal else ("output_text", "text")
    empty: dict[str, Any] = {"type": "refusal", "refusal": ""} if refusal else _text_part("")
    whole, more = {**empty, field: "".join(pieces)}, {} if refusal else {"logprobs": []}
    yield "response.output_item.added", {"output_index": index, "item": _message([], "in_progress")}
    yield "response.content_part.added", {**at, "part": empty}
    for piece in pieces:
        yield f"response.{kind}.delta", {**at, "delta": piece, **more, "obfuscation": "k2Lm9"}
    yield f"response.{kind}.done", {**at, field: whole[field], **more}
    yield "response.content_part.done", {**at, "part": whole}
    yield "response.output_item.done", {"output_index": index, "item": _message([whole], "completed")}


def answer(
    pieces: Iterable[str], *, thoughts: Iterable[str] = (), refusal: bool = False, usage: Any = USAGE,
    end: str = "completed", reason: str | None = None, **final: Any,
) -> list[bytes]:  # fmt: skip
    """A whole answer, from `response.created` to the terminal event `end`; `final` overrides its response's fields."""
    thoughts, pieces = list(thoughts), list(pieces)
    steps = [
        ("response.created", {"response": response("in_progress")}),
        ("response.in_progress", {"response": response("in_progress")}),
        *(_thinking(thoughts) if thoughts else ()),
        *(_writing(pieces, refusal=refusal, index=1 if thoughts else 0) if pieces else ()),
    ]
    output = [step["item"] for kind, step in steps if kind == "response.output_item.done"]
    details = {"reason": reason} if reason else None
    last = response(end, output=output, usage=usage, **{"incomplete_details": details, **final})
    steps.append((f"response.{end}", {"response": last}))
    return [event(kind, number, **fields) for number, (kind, fields) in enumerate(steps)]


def silent(text: str) -> list[bytes]:
    """A server that streams no text and tells it all in the terminal event."""
    output = [_message([_text_part(text)], "completed")]
    return [
        event("response.created", 0, response=response("in_progress")),
        event("response.completed", 1, response=response("completed", output=output, usage=USAGE)),
    ]


def counting(pieces: Iterable[str], read: int, wrote: int) -> list[bytes]:
    """A stream without its end, of a host that tells its counts on the way."""
    usage = {"input_tokens": read, "output_tokens": wrote, "total_tokens": read + wrote}
    told = event("response.in_progress", 0, response=response("in_progress", usage=usage))
    return [*answer(pieces)[:-1], told]


def whole(text: str) -> dict[str, Any]:
    """The answer to a request that was not streamed."""
    return response("completed", output=[_message([_text_part(text)], "completed")], usage=USAGE)


def error_event(code: str | None, message: str, number: int = 2) -> bytes:
    """The `error` event as the API reference has it."""
    return event("error", number, code=code, message=message, param=None)


def nested_error_event(code: str, message: str, number: int = 2) -> bytes:
    """The `error` event with an error object in it, as it is also sent."""
    return event("error", number, error={"type": code, "code": code, "message": message, "param": None})


def failed(code: str, message: str, pieces: Iterable[str] = ()) -> list[bytes]:
    """A response that ends with `response.failed`, after `pieces`."""
    return answer(pieces, end="failed", usage=None, error={"code": code, "message": message})
