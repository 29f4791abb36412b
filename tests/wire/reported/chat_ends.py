"""Chat Completions: where an answer ends, and what the reasons for it mean."""

from __future__ import annotations

from providers.interface import Usage
from tests.wire.reported.chat import WORDS, ch, chunk, ended, sse, us
from tests.wire.reported.row import RESET, Reported

ROWS = (
    Reported(
        "a reason on every chunk",
        sse(
            ch("One ", "stop", role="assistant"),
            ch("two ", "stop"),
            ch("three ", "stop"),
            ch("four.", "stop"),
            us(10, 8),
        ),
        "complete",
        WORDS,
        usage=Usage(10, 8),
    ),
    Reported(
        "an early reason, then none",
        sse(ch("One ", "stop"), ch("two "), ch("three "), ch("four."), us()),
        "complete",
        WORDS,
    ),
    Reported(
        "an early reason, then another", sse(ch("One ", "stop"), ch("two "), ch("", "length"), us()), "cut", "One two "
    ),
    Reported("a limit, then a plain stop", sse(ch("One "), ch("", "length"), ch("", "stop"), us()), "cut", "One "),
    Reported(
        "thinking after a reason",
        sse(ch("", "stop", reasoning_content="Hm. "), ch("Yes.", "stop"), us()),
        "complete",
        "Yes.",
        "Hm. ",
    ),
    Reported(
        "a reason on every chunk, then cut off",
        [*sse(ch("One ", "stop"), ch("two ", "stop"), done=False), RESET],
        "incomplete",
        "One two ",
        kind="connection",
    ),
    Reported(
        "no end marker",
        sse(ch("A full answer."), ch("", "stop"), us(), done=False),
        "complete",
        "A full answer.",
        flags=("end_marker_missing",),
    ),
    *(
        Reported(
            f"an end marker written {marker}",
            [*sse(ch("A full answer."), ch("", "stop"), us(), done=False), f"data: {marker}\n\n".encode()],
            "complete",
            "A full answer.",
            flags=(),
        )
        for marker in ("[done]", "DONE", "[Done]", '"[DONE]"')
    ),
    Reported(
        "no reason", sse(ch("A full answer."), us()), "complete", "A full answer.", flags=("stop_reason_unknown",)
    ),
    Reported(
        "no end at all", sse(ch("Half an answer "), done=False), "incomplete", "Half an answer ", kind="connection"
    ),
    Reported(
        "a reset", [*sse(ch("Half an answer "), done=False), RESET], "incomplete", "Half an answer ", kind="connection"
    ),
    *(
        Reported(f"ends with {reason}", ended(reason), state, "The capital of ", flags=flags)
        for reason, state, flags in (
            ("end_turn", "complete", ()),
            ("eos_token", "complete", ()),
            ("eos", "complete", ()),
            ("STOP", "complete", ()),
            ("stop_sequence", "complete", ()),
            ("max_tokens", "cut", ()),
            ("MAX_TOKENS", "cut", ()),
            ("maxTokens", "cut", ()),
            ("max_output_tokens", "cut", ()),
            ("SAFETY", "filtered", ()),
            ("sensitive", "filtered", ()),
            ("guardrail_intervened", "filtered", ()),
            ("refusal", "refused", ()),
            ("tool_calls", "incomplete", ("tool_asked",)),
            ("pause_turn", "incomplete", ("paused",)),
            ("abort", "incomplete", ()),
            ("network_error", "incomplete", ()),
            ("insufficient_system_resource", "incomplete", ()),
            ("REASON_MAX_LEN", "cut", ()),
            ({"type": "length", "length": 16}, "cut", ()),
            ({"type": "stop", "matched": 2}, "complete", ()),
            ({"type": "sundown"}, "incomplete", ("stop_reason_unknown",)),
            ("sundown", "incomplete", ("stop_reason_unknown",)),
            (["length"], "cut", ()),
            ("eosFound", "complete", ()),
            ("stopStringFound", "complete", ()),
            ("stop_criteria_met", "complete", ()),
            ("maxPredictedTokensReached", "cut", ()),
            ("contextLengthReached", "cut", ()),
            ("max_tokens_reached", "cut", ()),
            ("model_context_length_exceeded", "cut", ()),
            ("ERROR_LIMIT", "cut", ()),
            (7, "incomplete", ("stop_reason_unknown",)),
        )
    ),
    *(
        Reported(
            f"broken off: {word}",
            ended(word),
            "incomplete",
            "The capital of ",
            kind="server",
            sentence=f"the answer was broken off: {word}",
        )
        for word in ("userStopped", "modelUnloaded", "failed")
    ),
    Reported(
        "an abort in an object, with its sentence",
        ended({"type": "abort", "message": "the server is shutting down", "status_code": 503}),
        "incomplete",
        "The capital of ",
        kind="server",
        sentence="the answer was broken off: abort: the server is shutting down",
    ),
    *(
        Reported(
            f"{word} until the end",
            sse(ch("One ", word), ch("two.", word), ch("", word), ch("", "eos_token"), us()),
            "complete",
            "One two.",
        )
        for word in ("not_finished", "FINISH_REASON_UNSPECIFIED", "in_progress")
    ),
    *(
        Reported(
            f"a gateway's stop for {native}",
            sse(
                ch("Half a"),
                chunk([{"index": 0, "delta": {}, "finish_reason": "stop", "native_finish_reason": native}]),
                us(),
            ),
            state,
            "Half a",
        )
        for native, state in (("MAX_TOKENS", "cut"), ("SAFETY", "filtered"), ("end_turn", "complete"))
    ),
    Reported(
        "asks for a tool",
        sse(
            ch(
                role="assistant",
                tool_calls=[
                    {"index": 0, "id": "c1", "type": "function", "function": {"name": "search", "arguments": "{}"}}
                ],
            ),
            ch(None, "tool_calls"),
            us(),
        ),
        "incomplete",
        flags=("tool_asked",),
    ),
)
