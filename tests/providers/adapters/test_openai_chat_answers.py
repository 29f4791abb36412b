"""What a chat stream becomes: its end, its thinking, its counts, and whatever breaks in between."""

from __future__ import annotations

from decimal import Decimal

import pytest

from providers.interface import Done, Usage
from tests.providers.adapters.asking import playing
from tests.providers.adapters.openai_chat_adapter import ASK, HELLO, adapter, ask
from tests.wire import openai_chat as wire
from tests.wire.server import Reply, WireServer


@pytest.mark.parametrize(
    ("stop", "state", "flags"),
    [
        ("stop", "complete", ()),
        ("length", "cut", ()),
        ("model_length", "cut", ()),
        ("content_filter", "filtered", ()),
        ("tool_calls", "incomplete", ("tool_asked",)),
        ("sundown", "incomplete", ("stop_reason_unknown",)),
        (5, "incomplete", ("stop_reason_unknown",)),
    ],
)
async def test_the_stop_reason_decides_the_state_and_is_kept_as_sent(stop, state: str, flags) -> None:
    completion, _ = await ask(wire.answer(HELLO, stop=stop))
    assert (completion.state, completion.stop_reason, completion.flags) == (state, str(stop), flags)
    assert completion.text == "Hello wörld 🌍"


@pytest.mark.parametrize("stop", [None, ""])
async def test_an_end_marker_without_a_stop_reason_is_a_flagged_end(stop) -> None:
    completion, _ = await ask(wire.answer(HELLO, stop=stop))
    assert (completion.state, completion.flags) == ("complete", ("stop_reason_unknown",))
    assert completion.stop_reason is None


async def test_the_end_marker_in_the_answer_itself_proves_nothing() -> None:
    completion, _ = await ask([wire.ROLE, b'data: {"choices":[{"delta":{"content":"data: [DONE]"}}]}\n\n'])
    assert (completion.state, completion.text) == ("incomplete", "data: [DONE]")


async def test_a_stop_reason_without_the_end_marker_is_complete_and_flagged() -> None:
    completion, _ = await ask(wire.answer(HELLO, done=False))
    assert (completion.state, completion.flags) == ("complete", ("end_marker_missing",))
    assert completion.usage == Usage(21, 34, 16, 4, 0)


@pytest.mark.parametrize("late", [b'data: {"broken\n\n', wire.text(5)])
async def test_what_breaks_after_the_stop_reason_cannot_spoil_the_answer(late: bytes) -> None:
    completion, _ = await ask([*wire.answer(HELLO, done=False, usage=wire.ABSENT), late])
    assert (completion.state, completion.text) == ("complete", "Hello wörld 🌍")
    assert completion.flags == ("end_marker_missing", "usage_missing")


async def test_a_reset_after_the_stop_reason_still_is_an_answer(exchanges) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(wire.answer(HELLO, done=False), end=False)
        await reply.reset_when_read(exchanges)

    completion, _ = await ask(script)
    assert (completion.state, completion.flags) == ("complete", ("end_marker_missing",))


async def test_a_refusal_is_shown_and_named() -> None:
    pieces = [
        wire.ROLE,
        wire.chunk(wire.choice({"refusal": "I can't "})),
        wire.chunk(wire.choice({"refusal": "do that."})),
    ]
    completion, _ = await ask([*pieces, *wire.answer([])[1:]])
    assert (completion.state, completion.text) == ("refused", "I can't do that.")


async def test_only_the_first_choice_counts_and_what_follows_a_stop_reason_is_kept() -> None:
    second = wire.chunk(wire.choice({"content": "another"}, "length", index=1))
    start, *rest = wire.answer(["one"])
    again = [wire.text("more"), wire.chunk(wire.choice({}, "length")), wire.chunk(usage=wire.USAGE)]
    completion, _ = await ask([start, second, *rest[:-1], *again, wire.DONE])
    assert (completion.state, completion.text, completion.stop_reason) == ("cut", "onemore", "length")
    assert completion.usage == Usage(21, 34, 16, 4, 0)


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_thinking_of_compatible_hosts_is_found_under_either_name(field: str) -> None:
    completion, _ = await ask([wire.ROLE, wire.thinking("hm", field), *wire.answer(["yes"])[1:]])
    assert (completion.thinking, completion.text) == ("hm", "yes")


async def test_mistrals_lists_of_parts_are_thinking_and_text() -> None:
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}], "closed": True},
        {"type": "text", "text": "yes"},
        {"type": "reference", "reference_ids": [1]},
    ]
    completion, _ = await ask(wire.answer([parts]))
    assert (completion.state, completion.thinking, completion.text) == ("complete", "hm", "yes")


@pytest.mark.parametrize("content", [5, [5], [None], True])
async def test_content_of_a_wrong_type_is_a_protocol_error(content) -> None:
    completion, _ = await ask(wire.answer(["so far", content]))
    assert completion.error is not None
    assert (completion.state, completion.error.kind, completion.text) == ("failed", "protocol", "so far")


NEVER_ANSWERS = {
    "an HTML page": (b"<!DOCTYPE html><html>\n<body>\n\nLog in: here\n\n</body></html>", "protocol"),
    "an empty body": (b"", "protocol"),
    "an empty object": (b"{}", "protocol"),
    "null": (b"null", "protocol"),
    "a list": (b"[]", "protocol"),
    "deep JSON": (b"data: " + b"[" * 200_000 + b"\n\n", "protocol"),
    "only an end marker": (wire.DONE, "protocol"),
    "no choices": (wire.event({"choices": None}) + wire.event(None) + wire.event([]) + wire.DONE, "protocol"),
    "an error object": (wire.error_body("The engine is on fire", "server_error"), "server"),
    "a quota error": (wire.error_body("No credit", "insufficient_quota", "insufficient_quota"), "quota"),
}


@pytest.mark.parametrize(("body", "kind"), NEVER_ANSWERS.values(), ids=NEVER_ANSWERS.keys())
async def test_a_body_that_is_no_stream_is_a_failure_and_never_an_empty_answer(body: bytes, kind: str) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(body)

    completion, _ = await ask(script)
    assert completion.error is not None
    assert (completion.state, completion.error.kind, completion.text) == ("failed", kind, "")


@pytest.mark.parametrize("cut", range(2))
async def test_a_cut_stream_is_incomplete_and_keeps_its_text(cut: int) -> None:
    stream = wire.answer(HELLO)[:4]
    half = wire.text("never arrives")
    completion, _ = await ask([*stream, (b"", half[: len(half) // 2])[cut]])
    assert completion.error is not None
    assert (completion.state, completion.text, completion.error.retry) == ("incomplete", "Hello wörld 🌍", "ask")
    assert completion.usage is None


async def test_a_malformed_event_is_a_protocol_error_with_the_text_so_far() -> None:
    completion, _ = await ask([*wire.answer(HELLO)[:3], b'data: {"choices": [{]\n\n', wire.DONE])
    assert completion.error is not None
    assert (completion.state, completion.error.kind, completion.text) == ("incomplete", "protocol", "Hello")


@pytest.mark.parametrize(
    ("code", "word", "kind", "before", "retry"),
    [
        (None, "server_error", "server", [], "yes"),
        (None, "server_error", "server", ["Hel"], "ask"),
        ("overloaded", "server_error", "overloaded", [], "yes"),
        ("rate_limit_exceeded", "requests", "rate_limit", ["Hel"], "ask"),
        ("unsupported_value", "invalid_request_error", "bad_request", [], "no"),
        (400, "BadRequestError", "bad_request", [], "no"),
        (502, None, "server", ["Hel"], "ask"),
        (429, None, "rate_limit", [], "yes"),
    ],
)
async def test_an_error_object_in_the_stream_is_the_vendors_failure(code, word, kind, before, retry: str) -> None:
    pieces = [wire.ROLE, *map(wire.text, before), wire.error_chunk("It broke", kind=word, code=code)]
    completion, _ = await ask(pieces)
    assert completion.error is not None
    assert (completion.error.kind, completion.error.message, completion.error.retry) == (kind, "It broke", retry)
    assert (completion.state, completion.text) == ("failed", "".join(before))


async def test_finish_reason_error_is_not_an_answer() -> None:
    completion, _ = await ask(wire.answer(["Hel"], stop="error"))
    assert completion.error is not None
    assert (completion.state, completion.error.kind, completion.text) == ("failed", "server", "Hel")


async def test_a_split_surrogate_pair_is_joined_and_a_lone_one_replaced() -> None:
    split, lone = wire.text("HIGH").replace(b"HIGH", rb"\ud83c"), wire.text("LOW").replace(b"LOW", rb"\udf0d")
    completion, _ = await ask([wire.ROLE, split, lone, *wire.answer([])[1:]])
    assert (completion.text, completion.flags) == ("🌍", ())
    completion, _ = await ask([wire.ROLE, lone, *wire.answer(["!"])[1:]])
    assert (completion.state, completion.text, completion.flags) == ("complete", "\ufffd!", ("repaired",))


async def test_invalid_utf8_is_repaired_and_flagged() -> None:
    completion, _ = await ask([wire.ROLE, wire.text("a?b").replace(b"?", b"\xff"), *wire.answer([])[1:]])
    assert (completion.state, completion.text, completion.flags) == ("complete", "a\ufffdb", ("repaired",))


@pytest.mark.parametrize("pieces", [[], [""], [" \n"]])
async def test_a_proper_end_without_a_word_is_empty(pieces: list[str]) -> None:
    completion, _ = await ask(wire.answer(pieces))
    assert (completion.state, completion.error) == ("empty", None)


def counts(read, written, thought=None, total=None) -> dict:
    details = {} if thought is None else {"completion_tokens_details": {"reasoning_tokens": thought}}
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": total, **details}


@pytest.mark.parametrize(
    ("sent", "usage", "flags"),
    [
        (wire.ABSENT, None, ("usage_missing",)),
        (None, None, ("usage_missing",)),
        ({}, None, ("usage_missing",)),
        ("lots", None, ("usage_missing",)),
        (counts(21, 34), Usage(21, 34), ()),
        (counts(21, None), Usage(21, None), ()),
        ({**counts(21, 34), "prompt_tokens_details": None, "completion_tokens_details": None}, Usage(21, 34), ()),
        (counts(21, -3), Usage(21, None), ("usage_invalid",)),
        (counts(float("nan"), 34), Usage(None, 34), ("usage_invalid",)),
        (counts("21", 10**12), None, ("usage_invalid",)),
        (counts(21, 34, thought=35), Usage(21, 34), ("usage_invalid",)),
        (counts(32, 9, thought=94, total=135), Usage(32, 103, reasoning_tokens=94), ("thinking_hidden",)),
        (counts(32, 9, thought=4, total=41), Usage(32, 9, reasoning_tokens=4), ("thinking_hidden",)),
    ],
)
async def test_usage_is_inclusive_or_unknown_and_never_a_guess(sent, usage, flags) -> None:
    completion, _ = await ask(wire.answer(HELLO, usage=sent))
    assert (completion.state, completion.usage, completion.flags) == ("complete", usage, flags)


async def test_usage_in_every_chunk_is_cumulative_and_counted_once() -> None:
    growing = [wire.chunk(wire.choice({"content": "x"}), usage=counts(21, n)) for n in (1, 2)]
    completion, _ = await ask([wire.ROLE, *growing, *wire.answer([], usage=counts(21, 3))[1:]])
    assert completion.usage == Usage(21, 3)


@pytest.mark.parametrize(
    ("told", "cost"),
    [
        (0.00014, Decimal("0.00014")),
        (0, Decimal(0)),
        ("0.5", Decimal("0.5")),
        (float("nan"), None),
        (-1, None),
        ("free", None),
        (True, None),
        (None, None),
    ],
)
async def test_a_cost_told_by_the_host_is_taken_if_it_is_money(told, cost) -> None:
    with WireServer(playing(wire.answer(HELLO, usage={**wire.USAGE, "cost": told}))) as server:
        provider = adapter(server)
        await provider.prepare(ASK)
        done = [item async for item in provider.stream(ASK)][-1]
        await provider.aclose()
    assert isinstance(done, Done)
    assert done.reported_cost == cost
