"""How answers of the Responses API end: whole, cut, refused, failed, or with a call of a tool."""

from __future__ import annotations

from typing import Any

from providers.interface import Usage
from tests.wire.reported.responses import BEGUN, COUNTED, ITEM, WHOLE, ev, response, rs
from tests.wire.reported.row import JSON, Reported, encoded

AT = {"output_index": 0, "content_index": 0}
ENDED = response("completed", usage=COUNTED)
CUT = {"incomplete_details": {"reason": "max_output_tokens"}}


def delta(kind: str, text: Any) -> dict[str, Any]:
    """A piece."""
    return ev(f"response.{kind}.delta", **AT, delta=text)


def part(text: str) -> dict[str, Any]:
    """A part that begins with text."""
    return ev("response.content_part.added", **AT, part={"type": "output_text", "text": text})


ROWS = (
    *(
        Reported(f"counts {name}", rs(*BEGUN, *events), "complete", "Half an ", usage=Usage(100, 20, 0, None, 10))
        for name, events in {
            "beside the response": [ev("response.completed", response=response("completed"), usage=COUNTED)],
            "told on the way": [
                ev("response.in_progress", response=ENDED),
                ev("response.completed", response=response("completed", usage=None)),
            ],
            "of an end without its envelope": [{**ENDED, "type": "response.completed"}],
        }.items()
    ),
    *(
        Reported(
            f"cut, told {name}",
            rs(*BEGUN, ev(f"response.{status}", response=response(status, **told))),
            "cut",
            "Half an ",
        )
        for name, status, told in (
            ("in a word", "incomplete", {"incomplete_details": "max_output_tokens"}),
            ("of a completed response", "completed", CUT),
        )
    ),
    *(
        Reported(
            f"thinking as {kind}, {type(told).__name__}",
            rs(BEGUN[0], delta(kind, told), BEGUN[1], ev("response.completed", response=WHOLE)),
            "complete",
            "Half an hour.",
            "Hm.",
        )
        for kind in ("reasoning", "reasoning_summary")
        for told in ("Hm.", {"text": "Hm."})
    ),
    *(
        Reported(
            f"a part that begins with text, {name}",
            rs(BEGUN[0], part("Half an "), *events, ev("response.completed", response=last)),
            "complete",
            text,
        )
        for name, events, last, text in (
            ("and goes on", [delta("output_text", "hour.")], WHOLE, "Half an hour."),
            (
                "which is repeated",
                [delta("output_text", "Half an "), delta("output_text", "hour.")],
                WHOLE,
                "Half an hour.",
            ),
            ("and ends with it", [], ENDED, "Half an "),
            ("and is told at the end", [], WHOLE, "Half an hour."),
        )
    ),
    *(
        Reported(f"JSON with {name}", [encoded({**ENDED, **fields})], "complete", "Half an hour.", content_type=JSON)
        for name, fields in {
            "output_text alone": {"output_text": "Half an hour."},
            "a text for its content": {"output": [{**ITEM, "content": "Half an hour."}]},
            "parts of type text": {"output": [{**ITEM, "content": [{"type": "text", "text": "Half an hour."}]}]},
        }.items()
    ),
    Reported(
        "a failure told beside the response",
        rs(*BEGUN, ev("response.failed", error={"message": "It broke"}, response=response("failed"))),
        "failed",
        "Half an ",
        kind="server",
        sentence="It broke",
    ),
    Reported(
        "a flat error",
        rs(*BEGUN, ev("error", code="rate_limit_exceeded", message="Rate limit reached", param=None)),
        "failed",
        "Half an ",
        kind="rate_limit",
        sentence="Rate limit reached",
    ),
    Reported(
        "a nested error",
        rs(*BEGUN, ev("error", error={"type": "server_error", "code": "server_error", "message": "It broke"})),
        "failed",
        "Half an ",
        kind="server",
        sentence="It broke",
    ),
    Reported(
        "an error of a gateway",
        [*rs(*BEGUN), b'data: {"detail": "upstream died"}\n\n'],
        "failed",
        "Half an ",
        kind="server",
        sentence="upstream died",
    ),
    Reported(
        "failed",
        rs(
            *BEGUN,
            ev("response.failed", response=response("failed", error={"code": "server_error", "message": "It broke"})),
        ),
        "failed",
        "Half an ",
        kind="server",
        sentence="It broke",
    ),
    Reported(
        "completed, and failed",
        rs(
            *BEGUN,
            ev("response.completed", response=response("failed", error={"code": "server_error", "message": "boom"})),
        ),
        "failed",
        "Half an ",
        kind="server",
        sentence="boom",
    ),
    Reported(
        "completed, and incomplete",
        rs(
            *BEGUN,
            ev(
                "response.completed",
                response=response("incomplete", incomplete_details={"reason": "max_output_tokens"}),
            ),
        ),
        "cut",
        "Half an ",
    ),
    Reported(
        "incomplete",
        rs(
            *BEGUN,
            ev(
                "response.incomplete",
                response=response("incomplete", incomplete_details={"reason": "max_output_tokens"}),
            ),
        ),
        "cut",
        "Half an ",
    ),
    Reported(
        "incomplete for an unknown reason",
        rs(
            *BEGUN, ev("response.incomplete", response=response("incomplete", incomplete_details={"reason": "sundown"}))
        ),
        "incomplete",
        "Half an ",
        flags=("stop_reason_unknown",),
    ),
    Reported(
        "cancelled",
        rs(*BEGUN, ev("response.cancelled", response=response("cancelled"))),
        "incomplete",
        "Half an ",
        kind="server",
    ),
    Reported("no end", rs(*BEGUN), "incomplete", "Half an ", kind="connection"),
    Reported(
        "an end marker after the end",
        [*rs(*BEGUN, ev("response.completed", response=WHOLE)), b"data: [DONE]\n\n"],
        "complete",
        "Half an hour.",
    ),
    Reported(
        "a refusal",
        rs(
            BEGUN[0],
            ev("response.refusal.delta", item_id="m1", output_index=0, content_index=0, delta="I can't."),
            ev("response.completed", response=WHOLE),
        ),
        "refused",
        "I can't.",
    ),
    Reported("another name for the end", rs(*BEGUN, ev("response.done", response=WHOLE)), "complete", "Half an hour."),
    Reported(
        "another name for the end, which is cut",
        rs(
            *BEGUN,
            ev("response.done", response=response("incomplete", incomplete_details={"reason": "max_output_tokens"})),
        ),
        "cut",
        "Half an ",
    ),
    Reported(
        "JSON of a failed response",
        [encoded(response("failed", error={"code": "server_error", "message": "boom"}))],
        "failed",
        kind="server",
        sentence="boom",
        content_type=JSON,
    ),
    Reported(
        "asks for a tool",
        rs(
            BEGUN[0],
            ev(
                "response.completed",
                response=response(
                    "completed",
                    output=[{"type": "function_call", "id": "f", "call_id": "c", "name": "x", "arguments": "{}"}],
                ),
            ),
        ),
        "incomplete",
        flags=("tool_asked",),
    ),
    Reported(
        "asks for a tool beside its text",
        rs(
            *BEGUN,
            ev(
                "response.completed",
                response=response(
                    "completed",
                    output=[ITEM, {"type": "function_call", "id": "f", "call_id": "c", "name": "x", "arguments": "{}"}],
                ),
            ),
        ),
        "incomplete",
        "Half an hour.",
        flags=("tool_asked",),
    ),
)
