"""Chat Completions: odd types, odd lines, and counts in odd places."""

from __future__ import annotations

from providers.interface import Usage
from tests.wire.reported.chat import ch, chunk, counted, sse, us
from tests.wire.reported.row import PLAIN, Reported, encoded

ROWS = (
    Reported(
        "an index as text",
        sse(
            chunk([{"index": "0", "delta": {"content": "Hello"}, "finish_reason": None}]),
            chunk([{"index": "0", "delta": {}, "finish_reason": "stop"}]),
        ),
        "complete",
        "Hello",
    ),
    Reported(
        "an index of 1",
        sse(
            chunk([{"index": 1, "delta": {"content": "Hello"}, "finish_reason": None}]),
            chunk([{"index": 1, "delta": {}, "finish_reason": "stop"}]),
        ),
        "complete",
        "Hello",
    ),
    Reported(
        "no index",
        sse(
            chunk([{"delta": {"content": "Hello"}, "finish_reason": None}]),
            chunk([{"delta": {}, "finish_reason": "stop"}]),
        ),
        "complete",
        "Hello",
    ),
    Reported(
        "reasoning as an object",
        sse(ch("", reasoning={"content": "Thinking"}), ch("Answer."), ch("", "stop"), us()),
        "complete",
        "Answer.",
        "Thinking",
    ),
    Reported(
        "reasoning as nonsense",
        sse(ch("", reasoning=[5, {"x": [None]}]), ch("Answer."), ch("", "stop"), us()),
        "complete",
        "Answer.",
    ),
    Reported(
        "only reasoning details",
        sse(
            ch("", reasoning_details=[{"type": "reasoning.text", "text": "Thinking hard. ", "index": 0}]),
            ch("Answer."),
            ch("", "stop"),
            us(),
        ),
        "complete",
        "Answer.",
        "Thinking hard. ",
    ),
    *(
        Reported(f"thinking in {name}", sse(ch(text, **told), ch("Yes.", "stop")), "complete", "Yes.", "Hm.")
        for name, text, told in (
            ("blocks", "", {"thinking_blocks": [{"type": "thinking", "thinking": "Hm.", "signature": "s"}]}),
            ("the tags of Apertus", "<|inner_prefix|>Hm.<|inner_suffix|>", {}),
        )
    ),
    Reported(
        "reasoning told twice",
        sse(
            ch("", reasoning="Hm. ", reasoning_details=[{"type": "reasoning.text", "text": "Hm. "}]),
            ch("Answer.", "stop"),
        ),
        "complete",
        "Answer.",
        "Hm. ",
    ),
    Reported(
        "encrypted reasoning",
        sse(ch("", reasoning_details=[{"type": "reasoning.encrypted", "data": "AAAA"}]), ch("Answer.", "stop")),
        "complete",
        "Answer.",
    ),
    Reported(
        "content in parts",
        sse(
            ch([{"type": "thinking", "thinking": [{"type": "text", "text": "Let me think. "}]}]),
            ch([{"type": "text", "text": "The answer is "}]),
            ch("4."),
            ch([{"type": "reference", "reference_ids": [1]}]),
            ch("", "stop"),
        ),
        "complete",
        "The answer is 4.",
        "Let me think. ",
    ),
    Reported(
        "a null delta",
        sse(
            chunk([{"index": 0, "delta": None, "finish_reason": None}]),
            ch("Hi"),
            chunk([{"index": 0, "delta": None, "finish_reason": "stop"}]),
        ),
        "complete",
        "Hi",
    ),
    Reported(
        "a reason of nothing on each chunk",
        sse(ch("One ", ""), ch("two.", ""), ch("", "stop"), us()),
        "complete",
        "One two.",
    ),
    Reported(
        "a prelude of filters",
        sse(
            chunk(
                [], prompt_filter_results=[{"prompt_index": 0, "content_filter_results": {"hate": {"filtered": False}}}]
            ),
            ch("Paris.", "stop"),
            us(),
        ),
        "complete",
        "Paris.",
    ),
    Reported(
        "only annotations of a filter",
        sse(
            chunk(
                [
                    {
                        "content_filter_results": {
                            "error": {"code": "content_filter_error", "message": "the contents are not filtered"}
                        },
                        "finish_reason": "content_filter",
                        "index": 0,
                        "delta": {},
                    }
                ]
            )
        ),
        "filtered",
    ),
    Reported(
        "one line end between events",
        [
            b"".join(b"data: " + encoded(each) + b"\n" for each in (ch("Hi"), ch(" there", "stop"), us()))
            + b"data: [DONE]\n"
        ],
        "complete",
        "Hi there",
        usage=Usage(10, 3),
    ),
    Reported(
        "one line end and no end marker",
        [b"".join(b"data: " + encoded(each) + b"\n" for each in (ch("Hi"), ch(" there", "stop"), us()))],
        "complete",
        "Hi there",
        usage=Usage(10, 3),
    ),
    Reported(
        "events with control lines only",
        [b"retry: 1000\n\n", b"id: 1\n\n", b"event: ping\ndata:\n\n", *sse(ch("Hello"), ch("", "stop"), us())],
        "complete",
        "Hello",
    ),
    Reported(
        "no space, CRLF, a byte order mark",
        [b"\xef\xbb\xbf", *sse(ch("Hi"), ch(" there", "stop"), us(), sep=b"\r\n\r\n", prefix=b"data:")],
        "complete",
        "Hi there",
    ),
    Reported(
        "data wrapped twice", sse(ch("Hi"), ch(" there", "stop"), us(), prefix=b"data: data: "), "complete", "Hi there"
    ),
    Reported("as plain text", sse(ch("Hi"), ch("", "stop"), us()), "complete", "Hi", content_type=PLAIN),
    Reported(
        "comments after the end marker",
        [*sse(ch("Hi"), ch("", "stop"), us()), b": bye " + b"-" * 90 + b"\n\n"],
        "complete",
        "Hi",
    ),
    Reported(
        "usage in the choice",
        sse(
            ch("Hi"),
            chunk([{"index": 0, "delta": {}, "finish_reason": "stop", "usage": counted(1000, 3, cached_tokens=900)}]),
        ),
        "complete",
        "Hi",
        usage=Usage(1000, 3, 900),
    ),
    Reported(
        "usage of Groq",
        sse(ch("Hi"), {**ch("", "stop"), "x_groq": {"id": "r", "usage": {"queue_time": 0.01, **counted(36, 12)}}}),
        "complete",
        "Hi",
        usage=Usage(36, 12),
    ),
    Reported(
        "cache hits of DeepSeek",
        sse(ch("Hi"), ch("", "stop"), us(1000, 3, prompt_cache_hit_tokens=900, prompt_cache_miss_tokens=100)),
        "complete",
        "Hi",
        usage=Usage(1000, 3, 900),
    ),
    Reported(
        "usage in every chunk",
        sse(
            {**ch("One "), "usage": counted(10, 1)},
            {**ch("two"), "usage": counted(10, 2)},
            {**ch("", "stop"), "usage": counted(10, 3)},
        ),
        "complete",
        "One two",
        usage=Usage(10, 3),
    ),
    Reported(
        "zeros at the end",
        sse({**ch("Hi"), "usage": counted(10, 3)}, {**ch("", "stop"), "usage": counted(0, 0)}),
        "complete",
        "Hi",
        usage=Usage(10, 3),
    ),
)
