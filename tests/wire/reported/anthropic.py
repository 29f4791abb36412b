"""The Messages API, as Anthropic and the gateways before it write it."""

from __future__ import annotations

from typing import Any

from providers.interface import Usage
from tests.wire.reported.row import JSON, Piece, Reported, encoded


def an(*events: dict[str, Any]) -> list[Piece]:
    """Events of the Messages API."""
    return [b"event: %b\ndata: %b\n\n" % (event["type"].encode(), encoded(event)) for event in events]


def ms(**usage: Any) -> dict[str, Any]:
    """The first event."""
    counts = {"input_tokens": 25, "output_tokens": 1, **usage}
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": counts,
    }
    return {"type": "message_start", "message": message}


def bs(index: int = 0, **block: Any) -> dict[str, Any]:
    """A block begins."""
    return {"type": "content_block_start", "index": index, "content_block": block or {"type": "text", "text": ""}}


def td(text: str, index: int = 0) -> dict[str, Any]:
    """A piece of text."""
    return {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": text}}


def be(index: int = 0) -> dict[str, Any]:
    """A block ends."""
    return {"type": "content_block_stop", "index": index}


def md(reason: Any, **usage: Any) -> dict[str, Any]:
    """The stop reason."""
    counts = {"output_tokens": 15, **usage}
    return {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": counts}


STOP = {"type": "message_stop"}
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}, "request_id": "req_1"}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-5-5",
    "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "Hello there."}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 25, "output_tokens": 5},
}

ROWS = (
    Reported(
        "an early reason",
        an(ms(), bs(), td("One "), md("end_turn"), td("two."), be(), md("end_turn"), STOP),
        "complete",
        "One two.",
    ),
    Reported(
        "an early reason and no end marker",
        an(ms(), bs(), td("One "), md("end_turn"), td("two."), be()),
        "complete",
        "One two.",
        flags=("end_marker_missing",),
    ),
    Reported(
        "no end marker",
        an(ms(), bs(), td("Hi there."), be(), md("end_turn")),
        "complete",
        "Hi there.",
        flags=("end_marker_missing",),
    ),
    Reported(
        "a reason in the first event",
        an(
            {"type": "message_start", "message": {**ms()["message"], "stop_reason": "end_turn"}},
            bs(),
            td("Hi."),
            be(),
            md("max_tokens"),
            STOP,
        ),
        "cut",
        "Hi.",
    ),
    Reported(
        "overloaded in the middle",
        an(ms(), bs(), {"type": "ping"}, td("Half an "), OVERLOADED),
        "failed",
        "Half an ",
        kind="overloaded",
        sentence="Overloaded",
    ),
    Reported(
        "an error without its name",
        [*an(ms(), bs(), td("Half ")), b"data: " + encoded(OVERLOADED) + b"\n\n"],
        "failed",
        "Half ",
        kind="overloaded",
    ),
    Reported(
        "an error of a gateway",
        [*an(ms(), bs(), td("Half ")), b'data: {"error": "upstream died"}\n\n'],
        "failed",
        "Half ",
        kind="server",
        sentence="upstream died",
    ),
    Reported(
        "an error after the reason",
        [*an(ms(), bs(), td("Half "), be(), md("end_turn")), *an(OVERLOADED)],
        "failed",
        "Half ",
        kind="overloaded",
    ),
    Reported(
        "paused",
        an(ms(), bs(), td("Let me search."), be(), md("pause_turn"), STOP),
        "incomplete",
        "Let me search.",
        flags=("paused",),
    ),
    Reported(
        "asks for a tool",
        an(ms(), bs(0, type="tool_use", id="t1", name="x", input={}), be(), md("tool_use"), STOP),
        "incomplete",
        flags=("tool_asked",),
    ),
    Reported("refused", an(ms(), bs(), td("I can"), be(), md("refusal"), STOP), "refused", "I can"),
    Reported(
        "hidden thinking",
        an(
            ms(),
            bs(0, type="redacted_thinking", data="AAAA"),
            be(0),
            bs(1),
            td("Hello", 1),
            be(1),
            md("end_turn"),
            STOP,
        ),
        "complete",
        "Hello",
    ),
    Reported(
        "a delta without a reason",
        an(
            ms(),
            bs(),
            td("Hi."),
            be(),
            {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 5}},
            md("end_turn"),
            STOP,
        ),
        "complete",
        "Hi.",
    ),
    Reported(
        "no names of events, the type last",
        [
            b"data: " + encoded({**{k: v for k, v in each.items() if k != "type"}, "type": each["type"]}) + b"\n\n"
            for each in (ms(), bs(), td("Hi there."), be(), md("end_turn"), STOP)
        ],
        "complete",
        "Hi there.",
    ),
    Reported(
        "one line end between events",
        [
            b"".join(
                b"event: %b\ndata: %b\n" % (each["type"].encode(), encoded(each))
                for each in (ms(), bs(), td("Hi there."), be(), md("end_turn"), STOP)
            )
        ],
        "complete",
        "Hi there.",
    ),
    Reported("no beginning", an(bs(), td("Hi."), be(), md("end_turn"), STOP), "complete", "Hi."),
    Reported(
        "the whole message once more",
        an(ms(), bs(), td("Hello there."), be(), MESSAGE, md("end_turn"), STOP),
        "complete",
        "Hello there.",
    ),
    Reported(
        "only the whole message",
        an(MESSAGE),
        "complete",
        "Hello there.",
        "Hm.",
        flags=("not_streamed",),
        usage=Usage(25, 5),
    ),
    Reported(
        "JSON in place of a stream",
        [encoded(MESSAGE)],
        "complete",
        "Hello there.",
        "Hm.",
        flags=("not_streamed",),
        usage=Usage(25, 5),
        content_type=JSON,
    ),
    Reported(
        "a block that begins with text",
        an(ms(), bs(0, type="text", text="Hel"), td("lo."), be(), md("end_turn"), STOP),
        "complete",
        "Hello.",
    ),
    Reported(
        "a block that begins with what its deltas repeat",
        an(ms(), bs(0, type="text", text="Hello there."), td("Hello "), td("there."), be(), md("end_turn"), STOP),
        "complete",
        "Hello there.",
    ),
    Reported(
        "a block that is only a beginning",
        an(ms(), bs(0, type="text", text="Hello."), be(), md("end_turn"), STOP),
        "complete",
        "Hello.",
    ),
    Reported(
        "input counted at the end",
        an(ms(input_tokens=0), bs(), td("Hi."), be(), md("end_turn", input_tokens=4000), STOP),
        "complete",
        "Hi.",
        usage=Usage(4000, 15),
    ),
    Reported(
        "zeros at the end",
        an(ms(), bs(), td("Hi."), be(), md("end_turn", input_tokens=0), STOP),
        "complete",
        "Hi.",
        usage=Usage(25, 15),
    ),
)
