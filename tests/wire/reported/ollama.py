"""Ollama, and what answers in its place."""

from __future__ import annotations

import json
from typing import Any

from providers.interface import Usage
from tests.wire.reported.row import EVENTS, JSON, Piece, Reported, encoded


def ol(*documents: Any) -> list[Piece]:
    """Lines of Ollama."""
    return [encoded(each) + b"\n" for each in documents]


def om(content: str = "", *, done: bool = False, message: Any = None, **more: Any) -> dict[str, Any]:
    """One part."""
    said = {"role": "assistant", "content": content, **(message or {})}
    return {"model": "llama3.3", "created_at": "2026-01-01T00:00:00.1Z", "message": said, "done": done, **more}


COUNTS = {
    "total_duration": 2_000_000_000,
    "load_duration": 100_000_000,
    "prompt_eval_count": 26,
    "prompt_eval_duration": 300_000_000,
    "eval_count": 8,
    "eval_duration": 1_500_000_000,
}
OD = {"done_reason": "stop", **COUNTS}

ROWS = (
    Reported(
        "done with every part",
        ol(om("Hello ", done=True, **OD), om("there.", done=True, **OD)),
        "complete",
        "Hello there.",
        usage=Usage(26, 8),
    ),
    Reported("done too early", ol(om("Hello "), om("", done=True, **OD), om("there.")), "complete", "Hello there."),
    *(
        Reported(
            f"thinking as {name}",
            ol(om("", message={name: "Hm."}), om("Yes."), om("", done=True, **OD)),
            "complete",
            "Yes.",
            "Hm.",
        )
        for name in ("reasoning", "reasoning_content")
    ),
    Reported("only loaded", ol(om("", done=True, done_reason="load")), "incomplete", flags=("paused",)),
    Reported(
        "unloaded", ol(om("Half "), om("", done=True, done_reason="unload")), "incomplete", "Half ", kind="server"
    ),
    Reported(
        "an unknown reason",
        ol(om("Half "), om("", done=True, done_reason="sundown", **COUNTS)),
        "incomplete",
        "Half ",
        flags=("stop_reason_unknown",),
    ),
    Reported(
        "an error in the middle",
        ol(om("Half "), {"error": "an error was encountered while running the model: unexpected EOF"}),
        "failed",
        "Half ",
        kind="server",
        sentence="an error was encountered while running the model: unexpected EOF",
    ),
    Reported(
        "a limit of use in the middle",
        ol(om("Half "), {"error": "you've reached your hourly usage limit, please upgrade to continue"}),
        "failed",
        "Half ",
        kind="quota",
        sentence="you've reached your hourly usage limit, please upgrade to continue",
    ),
    Reported(
        "an error in JSON in a text",
        ol(om("Half "), {"error": '{"error":{"code":500,"message":"context shift is disabled"}}'}),
        "failed",
        "Half ",
        sentence="context shift is disabled",
    ),
    Reported(
        "an error object",
        ol(om("Half "), {"error": {"message": "runner died", "type": "server_error"}}),
        "failed",
        "Half ",
        kind="server",
        sentence="runner died",
    ),
    Reported(
        "calls nobody asked for",
        ol(om(message={"tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}]}), om("", done=True, **OD)),
        "incomplete",
        flags=("tool_asked",),
    ),
    Reported(
        "a call behind text",
        ol(
            om("Let me look."),
            om(message={"tool_calls": [{"function": {"name": "f", "arguments": {}}}]}),
            om("", done=True, **OD),
        ),
        "incomplete",
        "Let me look.",
        flags=("tool_asked",),
    ),
    Reported(
        "thinking",
        ol(om(message={"thinking": "Let me think"}), om("Four."), om("", done=True, **OD)),
        "complete",
        "Four.",
        "Let me think",
    ),
    Reported(
        "one line", ol(om("Hello.", done=True, **OD)), "complete", "Hello.", flags=("not_streamed",), usage=Usage(26, 8)
    ),
    Reported(
        "a last line without a message",
        ol(om("Hello."), {k: v for k, v in om(done=True, **OD).items() if k != "message"}),
        "complete",
        "Hello.",
        usage=Usage(26, 8),
    ),
    Reported(
        "lines of the other address",
        ol(
            {"model": "llama3.3", "response": "Hello ", "done": False},
            {"model": "llama3.3", "response": "there.", "done": False},
            {"model": "llama3.3", "response": "", "done": True, **OD},
        ),
        "complete",
        "Hello there.",
        usage=Usage(26, 8),
    ),
    Reported(
        "pretty JSON",
        [json.dumps(om("Hello.", done=True, **OD), indent=2).encode()],
        "complete",
        "Hello.",
        flags=("not_streamed",),
        content_type=JSON,
    ),
    Reported(
        "as events",
        [b"data: " + encoded(each) + b"\n\n" for each in (om("Hello."), om("", done=True, **OD))]
        + [b"data: [DONE]\n\n"],
        "complete",
        "Hello.",
        content_type=EVENTS,
    ),
    Reported(
        "zeros at the end",
        ol(om("Hello.", done=True, **OD), om("", done=True, done_reason="stop", prompt_eval_count=0, eval_count=0)),
        "complete",
        "Hello.",
        usage=Usage(26, 8),
    ),
    Reported(
        "too little memory",
        [b'{"error":"model requires more system memory (12.0 GiB) than is available (7.1 GiB)"}'],
        "failed",
        kind="server",
        content_type=JSON,
        status=500,
    ),
    Reported(
        "busy",
        [b'{"error":"server busy, please try again.  maximum pending requests exceeded"}'],
        "failed",
        kind="overloaded",
        content_type=JSON,
        status=503,
    ),
)
