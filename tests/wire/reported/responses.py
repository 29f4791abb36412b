"""The Responses API, as OpenAI and others write it."""

from __future__ import annotations

from typing import Any

from providers.interface import Usage
from tests.wire.reported.chat import ch, sse
from tests.wire.reported.row import JSON, Piece, Reported, encoded


def rs(*events: dict[str, Any]) -> list[Piece]:
    """Events of the Responses API."""
    return [b"event: %b\ndata: %b\n\n" % (event["type"].encode(), encoded(event)) for event in events]


def ev(kind: str, **fields: Any) -> dict[str, Any]:
    """One event."""
    return {"type": kind, "sequence_number": 0, **fields}


def response(status: str = "in_progress", **fields: Any) -> dict[str, Any]:
    """The response object."""
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": status,
        "model": "gpt-5.4",
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "error": None,
        **fields,
    }


ITEM: dict[str, Any] = {
    "id": "m1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "Half an hour.", "annotations": []}],
}
COUNTED = {
    "input_tokens": 100,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 20,
    "output_tokens_details": {"reasoning_tokens": 10},
    "total_tokens": 120,
}
WHOLE = response("completed", output=[ITEM], usage=COUNTED)
BEGUN = (
    ev("response.created", response=response()),
    ev("response.output_text.delta", item_id="m1", output_index=0, content_index=0, delta="Half an ", logprobs=[]),
)


def ended(**fields: Any) -> dict[str, Any]:
    """The last event, by default without its output."""
    return ev("response.completed", response=response("completed", usage=COUNTED, **fields))


def message(text: str) -> dict[str, Any]:
    """A whole item."""
    return {**ITEM, "content": [{"type": "output_text", "text": text, "annotations": []}]}


ROWS = (
    Reported(
        "a last piece that a proxy lost",
        rs(*BEGUN, ev("response.completed", response=WHOLE)),
        "complete",
        "Half an hour.",
    ),
    Reported(
        "a last event that tells another text",
        rs(
            ev(
                "response.output_text.delta", item_id="m1", output_index=0, content_index=0, delta="A day.", logprobs=[]
            ),
            ev("response.completed", response=WHOLE),
        ),
        "complete",
        "A day.",
    ),
    Reported(
        "only the last event",
        rs(ev("response.completed", response=WHOLE)),
        "complete",
        "Half an hour.",
        flags=("not_streamed",),
        usage=Usage(100, 20, 0, None, 10),
    ),
    *(
        Reported(
            f"text told only in {kind}",
            rs(BEGUN[0], ev(f"response.{kind}.done", output_index=0, **fields), ended()),
            "complete",
            "Half an hour.",
            flags=("not_streamed",),
        )
        for kind, fields in (("output_item", {"item": ITEM}), ("content_part", {"part": ITEM["content"][0]}))
    ),
    Reported(
        "two items told only when they are done, and told again",
        rs(
            BEGUN[0],
            ev("response.output_text.done", output_index=0, content_index=0, text="One. "),
            ev("response.output_item.done", output_index=0, item=message("One. ")),
            ev("response.output_text.done", output_index=1, content_index=0, text="Two."),
            ev("response.output_item.done", output_index=1, item=message("Two.")),
            ended(output=[message("One. "), message("Two.")]),
        ),
        "complete",
        "One. Two.",
    ),
    Reported(
        "a refusal told only when it is done",
        rs(BEGUN[0], ev("response.refusal.done", output_index=0, content_index=0, refusal="I can't."), ended()),
        "refused",
        "I can't.",
    ),
    Reported(
        "thinking told only when it is done",
        rs(
            BEGUN[0],
            ev("response.reasoning_summary_text.done", output_index=0, summary_index=0, text="Hm. "),
            ev("response.reasoning_summary_text.done", output_index=0, summary_index=1, text="Ha."),
            BEGUN[1],
            ev("response.completed", response=WHOLE),
        ),
        "complete",
        "Half an hour.",
        "Hm. Ha.",
    ),
    *(
        Reported(
            f"JSON in place of a stream, with thinking in its {name}",
            [encoded({**WHOLE, "output": [{"type": "reasoning", name: [{"type": kind, "text": "Hm."}]}, ITEM]})],
            "complete",
            "Half an hour.",
            "Hm.",
            content_type=JSON,
        )
        for name, kind in (("summary", "summary_text"), ("content", "reasoning_text"))
    ),
    Reported(
        "counts by the names of the other API",
        rs(
            *BEGUN,
            ev(
                "response.completed",
                response=response("completed", usage={"prompt_tokens": 100, "completion_tokens": 20}),
            ),
        ),
        "complete",
        "Half an ",
        usage=Usage(100, 20),
    ),
    Reported(
        "text told only when it is done",
        rs(
            BEGUN[0],
            ev(
                "response.output_text.done",
                item_id="m1",
                output_index=0,
                content_index=0,
                text="Half an hour.",
                logprobs=[],
            ),
            ev("response.completed", response=response("completed", usage=COUNTED)),
        ),
        "complete",
        "Half an hour.",
        flags=("not_streamed",),
    ),
    Reported(
        "JSON in place of a stream",
        [encoded(WHOLE)],
        "complete",
        "Half an hour.",
        flags=("not_streamed",),
        usage=Usage(100, 20, 0, None, 10),
        content_type=JSON,
    ),
    Reported(
        "chunks of the other API",
        sse(ch("Chat chunks at the responses address"), ch("", "stop")),
        "incomplete",
        kind="protocol",
        sentence="the host answers in the format of Chat Completions, not in the one that was asked for: "
        'write api = "chat" in its row',
    ),
)
