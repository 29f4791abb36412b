"""Chat Completions: an end, counts, text or a failure where this format has no place for it."""

from __future__ import annotations

from typing import Any

from providers.interface import Usage
from tests.wire.reported.chat import ch, chunk, sse
from tests.wire.reported.row import Reported

RENAMED = {"input_tokens": 10, "output_tokens": 5}
COUNTS = {"prompt_tokens": 10, "completion_tokens": 5}


def choice(**fields: Any) -> dict[str, Any]:
    return chunk([{"index": 0, "delta": {}, **fields}])


ROWS = (
    *(
        Reported(f"the end as {name}", sse(ch("Half a"), choice(**end)), "cut", "Half a")
        for name, end in {
            "finishReason": {"finishReason": "MAX_TOKENS"},
            "finish_details": {"finish_details": {"type": "max_tokens"}},
            "stop_reason": {"stop_reason": "length"},
            "native_finish_reason": {"native_finish_reason": "max_tokens"},
        }.items()
    ),
    Reported("the end beside the choices", sse(ch("Half a"), chunk([], finish_reason="length")), "cut", "Half a"),
    Reported("a stop_reason that is the text of the stop", sse(ch("All."), choice(stop_reason="length of it")),
             "complete", "All.", flags=("stop_reason_unknown",)),
    Reported("the word null for an end", sse(ch("All.", "null"), ch("", "stop")), "complete", "All."),
    Reported("error in capitals", sse(ch("Half a"), ch("", "ERROR")), "failed", "Half a", kind="server"),
    Reported("counts inside the delta", sse(ch("All."), choice(delta={"usage": COUNTS}, finish_reason="stop")),
             "complete", "All.", usage=Usage(10, 5)),
    Reported("counts by other names", sse(ch("All.", "stop"), chunk([], usage=RENAMED)),
             "complete", "All.", usage=Usage(10, 5)),
    Reported("a delta that is a text", sse(choice(delta="Hello"), ch("", "stop")), "complete", "Hello"),
    Reported("a delta that is a list", sse(choice(delta=[{"content": "Hello"}]), ch("", "stop")), "failed",
             kind="protocol"),
    Reported("a choice without its list", sse({**ch("x"), "choices": {"index": 0, "delta": {"content": "Hello"}}},
             ch("", "stop")), "complete", "Hello"),
    *(
        Reported(f"thinking as {name}", sse(ch("", **{name: "Hm."}), ch("Yes.", "stop")), "complete", "Yes.", "Hm.")
        for name in ("reasoning_text", "thinking_content", "thought", "thoughts")
    ),
    Reported("a closing tag with a blank", sse(ch("<think >Hm.</think >Yes.", "stop")), "complete", "Yes.", "Hm."),
    *(
        Reported(f"words in place of a chunk: {words}", [*sse(ch("Half a"), done=False), f"data: {words}\n\n".encode()],
                 "failed", "Half a", kind="server", sentence=words)
        for words in ("Internal Server Error", "[ERROR] it broke", "error: it broke")
    ),
    *(
        Reported(f"a pulse of words: {words}", [f"data: {words}\n\n".encode(), *sse(ch("All.", "stop"))], "complete",
                 "All.")
        for words in ("ping", "null", ": keep-alive")
    ),
)  # fmt: skip
