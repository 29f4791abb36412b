"""Chat Completions: whole answers in another wrapping than deltas."""

from __future__ import annotations

import json
from typing import Any

from providers.interface import Usage
from tests.wire.reported.chat import ch, chunk, counted, sse, us, whole
from tests.wire.reported.row import JSON, LINES, Reported, encoded


def token(text: str, *, special: bool = False, **more: Any) -> dict[str, Any]:
    """A piece of Text Generation Inference."""
    return {"token": {"id": 1, "text": text, "special": special}, "generated_text": None, "details": None, **more}


ENDED = {"finish_reason": "eos_token", "generated_tokens": 3, "input_length": 10}
NATIVE = {
    "Workers AI": [{"response": "Hello ", "p": "ab"}, {"response": "there."}, {"response": "", "usage": counted()}],
    "Text Generation Inference": [
        token("Hello "), token("there."), token("</s>", special=True, generated_text="Hello there.", details=ENDED),
    ],
    "llama.cpp": [
        {"content": "Hello ", "stop": False}, {"content": "there.", "stop": False},
        {"content": "", "stop": True, "stop_type": "eos", "tokens_predicted": 3, "tokens_evaluated": 10},
    ],
}  # fmt: skip
WHOLE = {
    "Workers AI": {"result": {"response": "Hello there.", "usage": counted()}, "success": True, "errors": []},
    "Text Generation Inference": [{"generated_text": "Hello there.", "details": ENDED}],
    "KoboldCpp": {"results": [{"text": "Hello there.", "prompt_tokens": 10, "completion_tokens": 3}]},
    "Mistral at Amazon": {"outputs": [{"text": "Hello there.", "stop_reason": "stop"}], "usage": counted()},
}
UNCOUNTED = {name: value for name, value in whole(content="Whole.").items() if name != "usage"}
ENVELOPES = {
    "with a word of success": {"code": 200, "message": "success", "data": whole(content="Whole.")},
    "with the counts beside it": {"output": UNCOUNTED, "usage": {"input_tokens": 10, "output_tokens": 3}},
    "of Lambda": {"statusCode": 200, "headers": {}, "body": json.dumps(whole(content="Whole."))},
    "of Vertex": {"predictions": [whole(content="Whole.")], "deployedModelId": "1"},
    "of Vertex, without a list": {"predictions": whole(content="Whole.")},
}

ROWS = (
    *(
        Reported(f"pieces of {name}", sse(*pieces), "complete", "Hello there.", usage=Usage(10, 3))
        for name, pieces in NATIVE.items()
    ),
    *(
        Reported(
            f"a whole answer of {name}",
            [encoded(answer)],
            "complete",
            "Hello there.",
            flags=("not_streamed",),
            usage=Usage(10, 3),
            content_type=JSON,
        )
        for name, answer in WHOLE.items()
    ),
    Reported(
        "pieces of KoboldCpp",
        sse({"token": "Half ", "finish_reason": None}, {"token": "a", "finish_reason": "length"}, done=False),
        "cut",
        "Half a",
    ),
    Reported(
        "llama.cpp at its limit",
        sse({"content": "Half a", "stop": False}, {"content": "", "stop": True, "stop_type": "limit"}, done=False),
        "cut",
        "Half a",
    ),
    Reported(
        "what is no piece beside chunks",
        sse(ch("Hello "), {"response": "searching"}, {"content": "status", "stop": False}, ch("there.", "stop")),
        "complete",
        "Hello there.",
    ),
    Reported(
        "JSON in place of a stream",
        [encoded(whole(content="A whole answer, not streamed."))],
        "complete",
        "A whole answer, not streamed.",
        flags=("not_streamed",),
        usage=Usage(10, 3),
        content_type=JSON,
    ),
    Reported(
        "pretty JSON in place of a stream",
        [json.dumps(whole(content="Whole.", reasoning_content="Hm."), indent=2).encode() + b"\n"],
        "complete",
        "Whole.",
        "Hm.",
        flags=("not_streamed",),
        content_type=JSON,
    ),
    *(
        Reported(
            f"JSON in an envelope {name}",
            [encoded(told)],
            "complete",
            "Whole.",
            flags=("not_streamed",),
            usage=Usage(10, 3),
            content_type=JSON,
        )
        for name, told in ENVELOPES.items()
    ),
    Reported(
        "a stream in a JSON text",
        [
            encoded(
                "".join(event.decode() for event in sse(ch("Hello "), ch("there.", "stop")) if isinstance(event, bytes))
            )
        ],
        "complete",
        "Hello there.",
        content_type=JSON,
    ),
    Reported(
        "a list in each event",
        sse([ch("Hello ")], [ch("there.", "stop")], [us()]),
        "complete",
        "Hello there.",
        usage=Usage(10, 3),
    ),
    Reported(
        "JSON in an envelope",
        [encoded({"code": 0, "data": whole(content="Whole.")})],
        "complete",
        "Whole.",
        flags=("not_streamed",),
        content_type=JSON,
    ),
    *(
        Reported(
            f"chunks each in an envelope called {name}",
            sse(*({"request_id": "r", name: each} for each in (ch("Hello "), ch("there."), ch("", "stop"), us()))),
            "complete",
            "Hello there.",
            usage=Usage(10, 3),
        )
        for name in ("data", "result", "response", "output")
    ),
    Reported(
        "chunks in an envelope that tells the counts beside them",
        sse({"output": ch("Whole.", "stop"), "usage": {"input_tokens": 10, "output_tokens": 3}}),
        "complete",
        "Whole.",
        usage=Usage(10, 3),
    ),
    Reported(
        "a list of chunks",
        [encoded([ch("Hello "), ch("there."), ch("", "stop"), us()])],
        "complete",
        "Hello there.",
        flags=("not_streamed",),
        content_type=JSON,
    ),
    Reported(
        "a list of chunks that is cut",
        [b"[" + encoded(ch("Half ")) + b",\n" + encoded(ch("an answer")) + b",\n"],
        "incomplete",
        "Half an answer",
        kind="connection",
        content_type=JSON,
    ),
    *(
        Reported(
            f"chunks stuck together by {stuck!r}",
            [
                b"data: " + stuck.join(map(encoded, (ch("Hello {a}{b} "), ch("there.")))) + b"\n\n",
                *sse(ch("", "stop")),
            ],
            "complete",
            "Hello {a}{b} there.",
        )
        for stuck in (b"", b"data: ")
    ),
    Reported(
        "chunks inside a text",
        sse(json.dumps(ch("Hello ")), json.dumps(ch("there.", "stop"))),
        "complete",
        "Hello there.",
    ),
    *(
        Reported(
            f"text as {delta}",
            sse(chunk([{"index": 0, "delta": delta, "finish_reason": "stop"}])),
            "complete",
            "Hello.",
        )
        for delta in (
            {"text": "Hello."},
            {"content": {"type": "text", "text": "Hello."}},
            {"content": [{"type": "text", "text": {"value": "Hello."}}]},
            {"content": ["Hel", "lo."]},
        )
    ),
    Reported(
        "lines of JSON",
        [encoded(each) + b"\n" for each in (ch("Hello "), ch("there."), ch("", "stop"), us())],
        "complete",
        "Hello there.",
        content_type=LINES,
    ),
    Reported("one event with a message", sse(whole(content="Whole.")), "complete", "Whole.", flags=("not_streamed",)),
    Reported(
        "messages in place of deltas",
        sse(
            *(
                chunk([{"index": 0, "message": {"content": each}, "finish_reason": None}])
                for each in ("Hello ", "there.")
            ),
            ch("", "stop"),
        ),
        "complete",
        "Hello there.",
    ),
    Reported(
        "messages that grow",
        sse(
            *(
                chunk([{"index": 0, "message": {"content": each}, "finish_reason": None}])
                for each in ("Hel", "Hello", "Hello there.")
            ),
            ch("", "stop"),
        ),
        "complete",
        "Hello there.",
    ),
    Reported(
        "a message beside each delta",
        sse(
            *(
                chunk([{"index": 0, "message": {"content": whole}, "delta": {"content": new}, "finish_reason": None}])
                for whole, new in (("Hello", "Hello"), ("Hello world", " world"))
            ),
            ch("", "stop"),
        ),
        "complete",
        "Hello world",
    ),
    Reported(
        "the whole message last",
        sse(ch("Hello "), ch("there."), whole(content="Hello there."), us()),
        "complete",
        "Hello there.",
    ),
    Reported(
        "the older completions",
        sse(
            chunk([{"index": 0, "text": "Hello ", "finish_reason": None}]),
            chunk([{"index": 0, "text": "there.", "finish_reason": "stop"}]),
        ),
        "complete",
        "Hello there.",
    ),
)
