"""Gemini, as Google and the gateways before it write it."""

from __future__ import annotations

import json
from typing import Any

from providers.interface import Usage
from tests.wire.reported.row import JSON, RESET, UNKNOWN, Piece, Reported, encoded


def gm(*documents: Any) -> list[Piece]:
    """Events of Gemini."""
    return [b"data: " + encoded(each) + b"\r\n\r\n" for each in documents]


def gc(text: str | None = None, fin: str | None = None, *, thought: bool = False, um: Any = None) -> dict[str, Any]:
    """One response."""
    candidate: dict[str, Any] = {"index": 0}
    if text is not None:
        candidate["content"] = {"parts": [{"text": text, **({"thought": True} if thought else {})}], "role": "model"}
    if fin:
        candidate["finishReason"] = fin
    told = {"candidates": [candidate], "modelVersion": "gemini-3.8-flash", "responseId": "r1"}
    return told | ({"usageMetadata": um} if um else {})


UM = {"promptTokenCount": 10, "candidatesTokenCount": 8, "totalTokenCount": 18}
ZERO = {"promptTokenCount": 0, "candidatesTokenCount": 0, "totalTokenCount": 0}
THOUGHT = {**UM, "thoughtsTokenCount": 5}
CALL = {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": 1}}}]}
SNAKES = {
    "finishReason": "finish_reason", "finishMessage": "finish_message", "usageMetadata": "usage_metadata",
    "promptTokenCount": "prompt_token_count", "candidatesTokenCount": "candidates_token_count",
    "totalTokenCount": "total_token_count", "thoughtsTokenCount": "thoughts_token_count",
    "modelVersion": "model_version", "responseId": "response_id", "promptFeedback": "prompt_feedback",
    "blockReason": "block_reason",
}  # fmt: skip


def snake(value: Any) -> Any:
    """A response with the names that Google's SDK for Python gives them."""
    if isinstance(value, dict):
        return {SNAKES.get(name, name): snake(inner) for name, inner in value.items()}
    return list(map(snake, value)) if isinstance(value, list) else value


BUSY = {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}
CONTENT = {"role": "model", "parts": [{"text": "Hi."}]}

ROWS = (
    Reported(
        "a reason on every chunk",
        gm(gc("One ", "STOP", um=UM), gc("two ", "STOP", um=UM), gc("three.", "STOP", um=UM)),
        "complete",
        "One two three.",
        usage=Usage(10, 8),
    ),
    Reported(
        "no reason yet on every chunk",
        gm(
            gc("One ", "FINISH_REASON_UNSPECIFIED"),
            gc("two.", "FINISH_REASON_UNSPECIFIED"),
            gc(None, "FINISH_REASON_UNSPECIFIED"),
            gc(None, "STOP", um=UM),
        ),
        "complete",
        "One two.",
    ),
    *(
        Reported(
            f"a whole answer of the older API, {name}",
            [encoded(answer)],
            "complete",
            "Hi.",
            content_type=JSON,
            flags=("not_streamed",),
        )
        for name, answer in {
            "with an output": {"candidates": [{"output": "Hi.", "safetyRatings": []}]},
            "with an author": {"candidates": [{"author": "1", "content": "Hi."}]},
            "as a prediction": {"predictions": [{"content": "Hi.", "safetyAttributes": {}}]},
            "as a prediction with candidates": {"predictions": [{"candidates": [{"author": "1", "content": "Hi."}]}]},
            "without parts": {"candidates": [{"content": {"text": "Hi."}, "finishReason": "STOP"}]},
        }.items()
    ),
    Reported("an early reason", gm(gc("One ", "STOP"), gc("two."), gc("", "MAX_TOKENS", um=UM)), "cut", "One two."),
    Reported(
        "a reason on every chunk, then cut off",
        [*gm(gc("One ", "STOP"), gc("two ", "STOP")), RESET],
        "incomplete",
        "One two ",
        kind="connection",
    ),
    Reported(
        "usage after the reason",
        gm(gc("Hello.", "STOP"), {"usageMetadata": UM, "modelVersion": "gemini-3.8-flash"}),
        "complete",
        "Hello.",
        usage=Usage(10, 8),
    ),
    Reported(
        "zeros at the end", gm(gc("Hello.", um=UM), gc("", "STOP", um=ZERO)), "complete", "Hello.", usage=Usage(10, 8)
    ),
    Reported(
        "a blocked prompt",
        gm(
            {
                "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
                "usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10},
            }
        ),
        "filtered",
    ),
    Reported(
        "a blocked prompt beside a candidate without content",
        gm({"promptFeedback": {"blockReason": "SAFETY"}, "candidates": [{"index": 0}]}),
        "filtered",
    ),
    Reported("safety in the middle", gm(gc("Well, first "), gc(None, "SAFETY", um=UM)), "filtered", "Well, first "),
    Reported(
        "the limit reached in thinking",
        gm({"candidates": [{"content": {"role": "model"}, "finishReason": "MAX_TOKENS", "index": 0}]}),
        "cut",
    ),
    Reported(
        "no candidates",
        gm({"candidates": [], "usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10}}),
        "failed",
        kind="server",
    ),
    Reported(
        "only counts",
        gm({"usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10}, "modelVersion": "gemini-3.8-flash"}),
        "failed",
        kind="server",
    ),
    Reported("a malformed call", gm(gc(None, "MALFORMED_FUNCTION_CALL", um=UM)), "incomplete", flags=("tool_asked",)),
    Reported(
        "a call nobody asked for",
        gm({**gc(None, "STOP", um=UM), "candidates": [{"index": 0, "finishReason": "STOP", "content": CALL}]}),
        "incomplete",
        flags=("tool_asked",),
    ),
    Reported("no end", gm(gc("Half an answer")), "incomplete", "Half an answer", kind="connection"),
    Reported(
        "an error in the middle",
        gm(gc("Half "), BUSY),
        "failed",
        "Half ",
        kind="overloaded",
        sentence="The model is overloaded.",
    ),
    Reported("an error after the reason", gm(gc("Half ", "STOP"), BUSY), "failed", "Half ", kind="overloaded"),
    Reported("an error in a list", [encoded([BUSY])], "failed", kind="overloaded", content_type=JSON),
    Reported(
        "thinking, then text",
        gm(gc("Thinking...", thought=True), gc("Hello.", "STOP", um={**UM, "thoughtsTokenCount": 30})),
        "complete",
        "Hello.",
        "Thinking...",
    ),
    *(
        Reported(f"names in snake case: {name}", gm(*map(snake, chunks)), state, text, thinking, usage=usage)
        for name, chunks, state, text, thinking, usage in (
            ("complete", (gc("Hi "), gc("there.", "STOP", um=UM)), "complete", "Hi there.", "", Usage(10, 8)),
            ("cut", (gc("Hi "), gc("there.", "MAX_TOKENS", um=UM)), "cut", "Hi there.", "", Usage(10, 8)),
            (
                "thinking",
                (gc("Hm.", thought=True), gc("Hi.", "STOP", um=THOUGHT)),
                "complete",
                "Hi.",
                "Hm.",
                Usage(10, 13, None, None, 5),
            ),
            ("blocked", ({"promptFeedback": {"blockReason": "SAFETY"}},), "filtered", "", "", UNKNOWN),
        )
    ),
    *(
        Reported(
            f"the reason as number {number}",
            gm({"candidates": [{"content": CONTENT, "finishReason": number}]}),
            state,
            "Hi.",
        )
        for number, state in ((1, "complete"), (2, "cut"), (3, "filtered"), (9, "incomplete"))
    ),
    Reported(
        "JSON in place of a stream",
        [encoded(gc("Hello.", "STOP", um=UM))],
        "complete",
        "Hello.",
        flags=("not_streamed",),
        usage=Usage(10, 8),
        content_type=JSON,
    ),
    *(
        Reported(
            f"a list that is cut {where}",
            [b"[" + encoded(gc("Half ")) + b"\n,\r\n" + encoded(gc("an answer", "STOP"))[:kept]],
            "incomplete",
            text,
            kind="connection",
            content_type=JSON,
        )
        for where, kept, text in (("in an item", 30, "Half "), ("before an item", 0, "Half "))
    ),
    Reported(
        "a list of responses",
        [json.dumps([gc("Hello "), gc("there.", "STOP", um=UM)], indent=1).encode()],
        "complete",
        "Hello there.",
        flags=("not_streamed",),
        content_type=JSON,
    ),
)
