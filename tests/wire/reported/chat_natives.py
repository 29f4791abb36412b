"""Chat Completions: answers that a gateway passes on as models at Amazon, Google's older API and others write them."""

from __future__ import annotations

from typing import Any

from providers.interface import Usage
from tests.wire.reported.chat import ch, counted, sse
from tests.wire.reported.row import JSON, Reported, encoded

CONVERSE: list[dict[str, Any]] = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockDelta": {"delta": {"reasoningContent": {"text": "Hm."}}, "contentBlockIndex": 0}},
    {"contentBlockDelta": {"delta": {"text": "Hello "}, "contentBlockIndex": 1}},
    {"contentBlockDelta": {"delta": {"text": "there."}, "contentBlockIndex": 1}},
    {"contentBlockStop": {"contentBlockIndex": 1}},
    {"messageStop": {"stopReason": "end_turn"}},
    {"metadata": {"usage": {"inputTokens": 10, "outputTokens": 3, "totalTokens": 13}, "metrics": {"latencyMs": 300}}},
]
TITAN = [
    {"outputText": "Hello ", "index": 0, "completionReason": None, "inputTextTokenCount": 10},
    {"outputText": "there.", "index": 0, "completionReason": "FINISH", "totalOutputTextTokenCount": 3},
]
LLAMA = [
    {"generation": "Hello ", "prompt_token_count": 10, "generation_token_count": 1, "stop_reason": None},
    {"generation": "there.", "prompt_token_count": None, "generation_token_count": 3, "stop_reason": "stop"},
]
MISTRAL = [{"outputs": [{"text": "Hello "}]}, {"outputs": [{"text": "there.", "stop_reason": "stop"}]}]
RENAMED = {"input_tokens": 10, "output_tokens": 3}
DASHSCOPE = [
    {"output": {"text": "Hello ", "finish_reason": "null"}, "usage": RENAMED},
    {"output": {"text": "there.", "finish_reason": "stop"}, "usage": RENAMED},
]
BLOCKS = [{"reasoningContent": {"reasoningText": {"text": "Hm."}}}, {"text": "Hello there."}]
TOKENS = {"inputTokenCount": {"totalTokens": 10}, "outputTokenCount": {"totalTokens": 3}}
WHOLE = {
    "Converse": {
        "output": {"message": {"role": "assistant", "content": BLOCKS}}, "stopReason": "end_turn",
        "usage": {"inputTokens": 10, "outputTokens": 3},
    },
    "Titan": {
        "inputTextTokenCount": 10,
        "results": [{"tokenCount": 3, "outputText": "Hello there.", "completionReason": "FINISH"}],
    },
    "Llama at Amazon": {"generation": "Hello there.", "prompt_token_count": 10, "generation_token_count": 3},
    "Vertex, with a content": {
        "predictions": [{"content": "Hello there.", "safetyAttributes": {}}], "metadata": {"tokenMetadata": TOKENS},
    },
    "Vertex, with candidates": {
        "predictions": [{"candidates": [{"author": "1", "content": "Hello there."}]}],
        "metadata": {"tokenMetadata": TOKENS},
    },
    "Vertex, with a text": {"predictions": ["Hello there."], "usage": counted()},
    "the older API of Google": {"candidates": [{"output": "Hello there."}], "usage": counted()},
    "an output that is a text": {"output": "Hello there.", "usage": counted()},
    "an output that is a list": {"output": ["Hello ", "there."], "usage": counted()},
    "DashScope": {"output": {"text": "Hello there.", "finish_reason": "stop"}, "usage": RENAMED},
}  # fmt: skip

ROWS = (
    *(
        Reported(f"pieces of {name}", sse(*pieces, done=False), "complete", "Hello there.", thinking, usage=usage)
        for name, pieces, thinking, usage in (
            ("Converse", CONVERSE, "Hm.", Usage(10, 3)),
            ("Titan", TITAN, "", Usage(10, 3)),
            ("Llama at Amazon", LLAMA, "", Usage(10, 3)),
            ("Mistral at Amazon", [*MISTRAL, {"usage": counted()}], "", Usage(10, 3)),
            ("DashScope", DASHSCOPE, "", Usage(10, 3)),
        )
    ),
    *(
        Reported(
            f"a whole answer of {name}", [encoded(answer)], "complete", "Hello there.",
            "Hm." if name == "Converse" else "", flags=("not_streamed",), usage=Usage(10, 3), content_type=JSON,
        )
        for name, answer in WHOLE.items()
    ),
    Reported("Converse at its limit", sse(*CONVERSE[:4], {"messageStop": {"stopReason": "max_tokens"}}), "cut",
             "Hello there.", "Hm."),
    Reported("Converse without an end", sse(*CONVERSE[:4], done=False), "incomplete", "Hello there.", "Hm.",
             kind="connection"),
    Reported("JSON that was asked for, from Workers AI", [encoded({"result": {"response": '{"capital":"Paris"}'}})],
             "complete", '{"capital":"Paris"}', content_type=JSON),
    Reported("a call of a tool that ends as an answer does", sse(
        ch(None, tool_calls=[{"index": 0, "id": "c", "function": {"name": "f", "arguments": "{}"}}]), ch("", "stop")),
        "incomplete", flags=("tool_asked",)),
    Reported("a host's own tool before the answer", sse(
        ch(None, tool_calls=[{"index": 0, "id": "c", "function": {"name": "search", "arguments": "{}"}}]),
        ch("Hello there."), ch("", "stop")), "complete", "Hello there."),
    Reported("a function call with nothing in it", sse(
        ch("Hello there."), ch("", "stop", function_call={"name": "", "arguments": ""}, tool_calls=[])),
        "complete", "Hello there."),
    *(
        Reported(f"the end inside the delta as {name}", sse(ch("Half a", **{name: "length"})), "cut", "Half a")
        for name in ("finish_reason", "stop_reason", "done_reason")
    ),
    Reported("zeros beside counts by another name", sse(
        ch("Hello there.", "stop"), {**ch(""), "usage": {**counted(0, 0), **RENAMED}}), "complete", "Hello there.",
        usage=Usage(10, 3)),
)  # fmt: skip
