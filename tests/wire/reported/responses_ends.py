"""How answers of the Responses API end: whole, cut, refused, failed, or with a call of a tool."""

from __future__ import annotations

from tests.wire.reported.responses import BEGUN, ITEM, WHOLE, ev, response, rs
from tests.wire.reported.row import JSON, Reported, encoded

ROWS = (
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
