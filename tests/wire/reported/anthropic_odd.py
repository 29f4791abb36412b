"""The Messages API: text, counts and thinking where this format has no place for them."""

from __future__ import annotations

from typing import Any

from providers.interface import Usage
from tests.wire.reported.anthropic import MESSAGE, STOP, an, bs, md, ms, td
from tests.wire.reported.row import JSON, Reported, encoded

METRICS = {
    "amazon-bedrock-invocationMetrics": {
        "inputTokenCount": 25, "outputTokenCount": 4, "invocationLatency": 1200, "firstByteLatency": 300,
    }
}  # fmt: skip
UNCOUNTED = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}
COUNTED = {"usage": {"input_tokens": 25, "output_tokens": 4}}
THOUGHT = {"type": "thinking", "thinking": "Hm."}


def begun(*blocks: Any, **fields: Any) -> dict[str, Any]:
    """A first event that already has content."""
    return {"type": "message_start", "message": {**ms()["message"], "content": list(blocks), **fields}}


def text(text: str) -> dict[str, Any]:
    """A block of text."""
    return {"type": "text", "text": text}


ROWS = (
    *(
        Reported(f"text in the first event, {name}", an(*events, md("end_turn"), STOP), "complete", "Hello there.")
        for name, events in {
            "and the rest in pieces": (begun(text("Hello ")), bs(), td("there.")),
            "which the pieces repeat": (begun(text("Hello ")), bs(), td("Hello "), td("there.")),
            "which the block repeats": (begun(text("Hello ")), bs(0, **text("Hello ")), td("there.")),
            "which is all of it": (begun(text("Hello there.")),),
        }.items()
    ),
    Reported("thinking and text in the first event, and the reason", an(
        begun(THOUGHT, text("Hello there."), stop_reason="end_turn"), STOP), "complete", "Hello there.", "Hm."),
    Reported("the whole message after text in the first event", an(
        begun(text("Hello")), {**begun(text("Hello there."), stop_reason="end_turn")["message"], "type": "message"}),
        "complete", "Hello there."),
    Reported("thinking by another name", an(
        ms(), bs(), {"type": "content_block_delta", "delta": {"type": "reasoning_delta", "reasoning": "Hm."}},
        td("Hi."), md("end_turn"), STOP), "complete", "Hi.", "Hm."),
    *(
        Reported(f"counts in {name}", an(ms(input_tokens=0), bs(), td("Hi."), end, {**STOP, **stop}), "complete", "Hi.",
                 usage=Usage(25, 4))
        for name, end, stop in (
            ("Amazon's metrics", UNCOUNTED, METRICS),
            ("the last event", UNCOUNTED, COUNTED),
            ("the message of the last event", UNCOUNTED, {"message": COUNTED}),
            ("the delta", {"type": "message_delta", "delta": {"stop_reason": "end_turn", **COUNTED}}, {}),
        )
    ),
    Reported("counts in OpenAI's names, and the first of what was written", an(
        ms(input_tokens=0, prompt_tokens=10, completion_tokens=1), bs(), td("Hi."),
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"completion_tokens": 3}}, STOP),
        "complete", "Hi.", usage=Usage(10, 3)),
    Reported("no final count in OpenAI's names either", an(
        ms(input_tokens=0, prompt_tokens=10, completion_tokens=1), bs(), td("Hi."), UNCOUNTED, STOP),
        "complete", "Hi.", usage=Usage(10, None)),
    Reported("a content that is a text", [encoded({**MESSAGE, "content": "Hello there."})], "complete", "Hello there.",
             flags=("not_streamed",), content_type=JSON),
    Reported("a call of a tool that ends as an answer does", an(
        ms(), bs(0, type="tool_use", id="t", name="f", input={}), md("end_turn"), STOP), "incomplete",
        flags=("tool_asked",)),
    Reported("text before a call of a tool that ends as an answer does", an(
        ms(), bs(), td("Hi."), bs(1, type="tool_use", id="t", name="f", input={}), md("end_turn"), STOP),
        "incomplete", "Hi.", flags=("tool_asked",)),
    Reported("the host's own tool before the answer", an(
        ms(), bs(0, type="server_tool_use", id="t", name="search", input={}), bs(1), td("Hi.", 1), md("end_turn"),
        STOP), "complete", "Hi."),
    Reported("counts of its own beside Amazon's metrics", an(
        ms(), bs(), td("Hi."), md("end_turn", cache_read_input_tokens=100), {**STOP, **METRICS}),
        "complete", "Hi.", usage=Usage(125, 15, 100)),
)  # fmt: skip
