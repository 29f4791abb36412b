"""Chat Completions: failures that are told inside HTTP 200."""

from __future__ import annotations

import json

from tests.wire.reported.chat import TOO_LONG, ch, chunk, sse, us
from tests.wire.reported.row import HTML, JSON, Reported, encoded

ROWS = (
    Reported(
        "an engine that fails midway",
        sse(
            ch("Half an answer "),
            {
                "object": "error",
                "message": "CUDA out of memory on rank 0",
                "type": "InternalServerError",
                "param": None,
                "code": 500,
            },
        ),
        "failed",
        "Half an answer ",
        kind="server",
        sentence="CUDA out of memory on rank 0",
    ),
    Reported(
        "error fields beside null choices",
        sse(chunk(None, error_type="BadRequestError", error_message=TOO_LONG, error_code=400)),
        "failed",
        kind="context_length",
        sentence=TOO_LONG,
    ),
    Reported(
        "an error, then the end marker",
        sse({"error": {"message": "queue is full, try later", "type": "rate_limit_error", "code": 429}}),
        "failed",
        kind="rate_limit",
        sentence="queue is full, try later",
    ),
    Reported(
        "an error that is a text",
        sse(ch("Half "), {"error": "upstream worker died"}, done=False),
        "failed",
        "Half ",
        kind="server",
        sentence="upstream worker died",
    ),
    Reported(
        "an event named error",
        [
            *sse(ch("Half "), done=False),
            b'event: error\ndata: {"message":"quota used up for today","code":"insufficient_quota"}\n\n',
        ],
        "failed",
        "Half ",
        kind="quota",
        sentence="quota used up for today",
    ),
    Reported(
        "a field named error in place of data",
        [
            *sse(ch("Half "), done=False),
            b'error: {"code":500,"message":"out of context","type":"server_error"}\n\ndata: [DONE]\n\n',
        ],
        "failed",
        "Half ",
        kind="server",
        sentence="out of context",
    ),
    Reported(
        "the name of an error",
        sse(ch("Half "), {"name": "InferenceUpstreamError", "message": "at capacity, try again", "internalCode": 3040}),
        "failed",
        "Half ",
        kind="overloaded",
        sentence="at capacity, try again",
    ),
    *(
        Reported(
            f"an error inside the {place}",
            sse(
                ch("Half "),
                chunk(
                    [{"index": 0, place: {"content": "", "error": {"message": "it broke"}}, "finish_reason": "stop"}]
                ),
            ),
            "failed",
            "Half ",
            kind="server",
            sentence="it broke",
        )
        for place in ("delta", "message")
    ),
    Reported(
        "a limit of requests, in words",
        sse({"error_code": 18, "error_msg": "Open api qps request limit reached"}),
        "failed",
        kind="rate_limit",
        sentence="Open api qps request limit reached",
    ),
    Reported(
        "nothing wrong beside an answer",
        sse(
            {**ch("All "), "error": False, "errors": [], "warnings": ["x"]},
            {**ch("good.", "stop"), "error_code": 0, "detail": "", "message": "success", "code": 0},
        ),
        "complete",
        "All good.",
    ),
    Reported(
        "an error beside the choices, as Groq tells it",
        sse(ch("Half "), {**chunk([]), "x_groq": {"id": "r", "error": "over_capacity"}}),
        "failed",
        "Half ",
        kind="server",
        sentence="over_capacity",
    ),
    Reported(
        "an event named error, in words",
        [*sse(ch("Half "), done=False), b"event: error\ndata: upstream worker died\n\n"],
        "failed",
        "Half ",
        kind="server",
        sentence="upstream worker died",
    ),
    Reported(
        "an error beside the last words",
        [
            b": OPENROUTER PROCESSING\n\n",
            *sse(
                ch("Half "),
                {
                    **ch("way", "error"),
                    "error": {
                        "code": 502,
                        "message": "Provider returned error",
                        "metadata": {"raw": "model ran out of breath"},
                    },
                },
            ),
        ],
        "failed",
        "Half way",
        kind="server",
        sentence="model ran out of breath",
    ),
    Reported(
        "an error inside a choice",
        sse(
            ch("Half "),
            chunk(
                [{"index": 0, "delta": {}, "finish_reason": "error", "error": {"code": 429, "message": "slow down"}}]
            ),
        ),
        "failed",
        "Half ",
        kind="rate_limit",
        sentence="slow down",
    ),
    Reported(
        "an error as the only body",
        [encoded({"error": {"message": "Model is at capacity, retry later", "type": "overloaded_error", "code": 503}})],
        "failed",
        kind="overloaded",
        sentence="Model is at capacity, retry later",
        content_type=JSON,
    ),
    Reported(
        "a pretty-printed error",
        [json.dumps({"detail": [{"loc": ["body", "messages"], "msg": "field required"}]}, indent=2).encode()],
        "failed",
        sentence="messages: field required",
        content_type=JSON,
    ),
    Reported(
        "success: false",
        sse({"success": False, "errors": [{"code": 7009, "message": "no route for that URI"}], "result": None}),
        "failed",
        sentence="no route for that URI",
    ),
    Reported(
        "a status of MiniMax",
        sse({**chunk([]), "base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}),
        "failed",
        kind="quota",
        sentence="insufficient balance",
    ),
    Reported(
        "a status of MiniMax that is none",
        sse({**ch("Yes."), "base_resp": {"status_code": 0, "status_msg": ""}}, ch("", "stop")),
        "complete",
        "Yes.",
    ),
    Reported(
        "a bare line of JSON",
        [*sse(ch("Half "), done=False), b'{"error": {"message": "worker died"}}\n\n'],
        "failed",
        "Half ",
        kind="server",
        sentence="worker died",
    ),
    Reported(
        "an error after the end marker",
        [*sse(ch("Yes."), ch("", "stop"), us()), *sse({"error": {"message": "late"}}, done=False)],
        "complete",
        "Yes.",
    ),
    Reported(
        "an error of null", sse({**ch("Yes."), "error": None}, {**ch("", "stop"), "error": {}}), "complete", "Yes."
    ),
    Reported(
        "an answer that speaks of errors",
        sse(ch('{"error": {"message": "boom"}}'), ch("", "stop"), us()),
        "complete",
        '{"error": {"message": "boom"}}',
    ),
    Reported(
        "a web page",
        [b"<!doctype html><html><head><title>Open WebUI</title></head><body>data: hi</body></html>"],
        "failed",
        kind="protocol",
        sentence="HTTP 200 without an answer: Open WebUI",
        content_type=HTML,
    ),
    Reported("only the end marker", [b"data: [DONE]\n\n"], "failed", kind="protocol"),
    Reported(
        "only comments", [b": OPENROUTER PROCESSING\n\n", b": OPENROUTER PROCESSING\n\n"], "failed", kind="protocol"
    ),
    Reported("nothing", [b""], "failed", kind="protocol"),
    Reported(
        "a filter of Azure",
        [
            encoded(
                {
                    "error": {
                        "message": "The response was filtered due to the content management policy.",
                        "type": None,
                        "param": "prompt",
                        "code": "content_filter",
                        "status": 400,
                        "innererror": {"code": "ResponsibleAIPolicyViolation"},
                    }
                }
            )
        ],
        "filtered",
        kind="filtered",
        content_type=JSON,
        status=400,
    ),
)
