"""What a stream of the Responses API becomes: its end, its counts, and whatever breaks in between."""

from __future__ import annotations

import pytest

from providers.interface import Usage
from tests.providers.adapters.openai_responses_adapter import HELLO, ask
from tests.wire import openai_responses as wire
from tests.wire.openai_chat import error_body
from tests.wire.server import Reply


@pytest.mark.parametrize(
    ("reason", "state", "stop_reason", "flags"),
    [
        ("max_output_tokens", "cut", "max_output_tokens", ()),
        ("content_filter", "filtered", "content_filter", ()),
        ("steered", "incomplete", "steered", ("stop_reason_unknown",)),
        (None, "incomplete", "incomplete", ("stop_reason_unknown",)),
    ],
)
async def test_an_incomplete_response_says_why(reason, state: str, stop_reason: str, flags) -> None:
    completion, _ = await ask(wire.answer(HELLO, end="incomplete", reason=reason))
    assert (completion.state, completion.stop_reason, completion.flags) == (state, stop_reason, flags)
    assert completion.text == "Hello wörld 🌍"
    assert completion.usage == Usage(21, 34, 16, 4, 0)


async def test_the_token_limit_reached_in_thinking_is_cut_without_text() -> None:
    completion, _ = await ask(wire.answer([], thoughts=["hm"], end="incomplete", reason="max_output_tokens"))
    assert (completion.state, completion.text, completion.thinking) == ("cut", "", "hm")


async def test_a_refusal_is_shown_and_named() -> None:
    streamed, told_last = wire.answer(["I can't ", "do that."], refusal=True), wire.answer(["I can't."], refusal=True)
    completion, _ = await ask(streamed[:-1] + wire.answer([])[-1:])
    assert (completion.state, completion.text) == ("refused", "I can't do that.")
    completion, _ = await ask(told_last[-1:])
    assert (completion.state, completion.text) == ("refused", "I can't.")


async def test_a_server_that_streams_no_text_is_taken_at_its_last_word() -> None:
    completion, _ = await ask(wire.silent("All at once."))
    assert (completion.state, completion.text) == ("complete", "All at once.")


@pytest.mark.parametrize("pieces", [[], [""], [" \n"]])
async def test_a_proper_end_without_a_word_is_empty(pieces: list[str]) -> None:
    completion, _ = await ask(wire.answer(pieces))
    assert (completion.state, completion.error) == ("empty", None)


@pytest.mark.parametrize("response", [None, {}, {"output": None}, {"output": [None], "usage": None}, {"output": [5]}])
async def test_a_meagre_last_event_is_an_end_with_unknown_usage(response) -> None:
    pieces = wire.answer(HELLO)[:-1]
    completion, _ = await ask([*pieces, wire.event("response.completed", 9, response=response)])
    assert (completion.state, completion.usage, completion.flags) == ("complete", None, ("usage_missing",))


async def test_unknown_events_are_passed_over() -> None:
    pieces = wire.answer(HELLO)
    pieces[2:2] = [
        wire.event("response.holodeck.delta", 2, delta="no"),
        b"data: {}\n\n",
        b"data: null\n\n",
        b"data: 5\n\n",
    ]
    completion, _ = await ask(pieces)
    assert (completion.state, completion.text) == ("complete", "Hello wörld 🌍")


@pytest.mark.parametrize("delta", [5, None, ["x"], {"x": "y"}])
async def test_a_delta_of_a_wrong_type_is_a_protocol_error(delta) -> None:
    bad = wire.event("response.output_text.delta", 9, item_id="m", output_index=0, content_index=0, delta=delta)
    completion, _ = await ask([*wire.answer(["so far"])[:-4], bad])
    assert completion.error is not None
    assert (completion.state, completion.error.kind, completion.text) == ("failed", "protocol", "so far")


EVENTS = {"flat": wire.error_event, "nested": wire.nested_error_event}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
@pytest.mark.parametrize(
    ("code", "kind", "before", "retry"),
    [
        ("server_error", "server", [], "yes"),
        ("server_error", "server", HELLO, "ask"),
        ("rate_limit_exceeded", "rate_limit", [], "yes"),
        ("insufficient_quota", "quota", [], "no"),
        ("context_length_exceeded", "context_length", [], "no"),
    ],
)
async def test_an_error_event_is_an_error(event, code: str, kind: str, before, retry: str) -> None:
    pieces = wire.answer(before)[:-4] if before else wire.answer([])[:2]
    completion, _ = await ask([*pieces, event(code, "It broke")])
    assert completion.error is not None
    assert (completion.error.kind, completion.error.message, completion.error.retry) == (kind, "It broke", retry)
    assert (completion.state, completion.text) == ("failed", "".join(before))


@pytest.mark.parametrize(
    ("code", "kind", "retry"),
    [
        ("server_error", "server", "ask"),
        ("rate_limit_exceeded", "rate_limit", "ask"),
        ("vector_store_timeout", "server", "ask"),
        ("invalid_prompt", "bad_request", "no"),
        ("image_too_large", "bad_request", "no"),
        (None, "server", "ask"),
    ],
)
@pytest.mark.parametrize("before", [[], HELLO], ids=["first", "mid"])
async def test_a_failed_response_keeps_its_text_and_may_be_charged(code, kind: str, retry: str, before) -> None:
    completion, _ = await ask(wire.failed(code, "It broke", before))
    assert completion.error is not None
    assert (completion.error.kind, completion.error.message, completion.error.retry) == (kind, "It broke", retry)
    assert (completion.state, completion.text) == ("failed", "".join(before))


@pytest.mark.parametrize("response", [None, {}, {"error": None}, {"error": "It broke"}])
async def test_a_failed_response_without_details_is_a_failure_all_the_same(response) -> None:
    completion, _ = await ask([wire.event("response.failed", 1, response=response)])
    assert completion.error is not None
    assert (completion.state, completion.error.kind, completion.error.retry) == ("failed", "server", "ask")


@pytest.mark.parametrize(
    "late",
    [wire.error_event("server_error", "late"), b"data: {broken\n\n", b"<html>", *wire.failed("server_error", "x")],
)
async def test_what_follows_the_end_cannot_spoil_the_answer(late: bytes) -> None:
    completion, _ = await ask([*wire.answer(HELLO), late, wire.event("response.output_text.delta", 99, delta="more")])
    assert (completion.state, completion.text, completion.flags) == ("complete", "Hello wörld 🌍", ())


NEVER_ANSWERS = {
    "an HTML page": (b"<!DOCTYPE html><html>\n<body>\n\nLog in: here\n\n</body></html>", "protocol"),
    "an empty body": (b"", "protocol"),
    "an empty object": (b"{}", "protocol"),
    "null": (b"null", "protocol"),
    "deep JSON": (b"data: " + b"[" * 200_000 + b"\n\n", "protocol"),
    "an error object": (error_body("The engine is on fire", "server_error"), "server"),
    "a quota error": (error_body("No credit", "insufficient_quota", "insufficient_quota"), "quota"),
}


@pytest.mark.parametrize(("body", "kind"), NEVER_ANSWERS.values(), ids=NEVER_ANSWERS.keys())
async def test_a_body_that_is_no_stream_is_a_failure_and_never_an_empty_answer(body: bytes, kind: str) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(body)

    completion, _ = await ask(script)
    assert completion.error is not None
    assert (completion.state, completion.error.kind, completion.text) == ("failed", kind, "")


@pytest.mark.parametrize("cut", [-1, -2, -4])
async def test_a_cut_stream_is_incomplete_and_keeps_its_text(cut: int) -> None:
    completion, _ = await ask(wire.answer(HELLO)[:cut])
    assert completion.error is not None
    assert (completion.state, completion.text, completion.error.retry) == ("incomplete", "Hello wörld 🌍", "ask")
    assert completion.usage is None


async def test_a_malformed_event_is_a_protocol_error_with_the_text_so_far() -> None:
    completion, _ = await ask([*wire.answer(HELLO)[:-4], b"data: {broken\n\n"])
    assert completion.error is not None
    assert (completion.state, completion.error.kind, completion.text) == ("incomplete", "protocol", "Hello wörld 🌍")


async def test_a_split_surrogate_pair_is_joined_and_a_lone_one_replaced() -> None:
    stream = b"".join(wire.answer(["HIGH", "LOW", "!"]))
    completion, _ = await ask([stream.replace(b'"HIGH"', rb'"\ud83c"').replace(b'"LOW"', rb'"\udf0d"')])
    assert (completion.text, completion.flags) == ("🌍!", ())
    completion, _ = await ask([stream.replace(b'"HIGH"', b'""').replace(b'"LOW"', rb'"\udf0d"')])
    assert (completion.state, completion.text, completion.flags) == ("complete", "\ufffd!", ("repaired",))


def counts(read, written, cached=None, thought=None) -> dict:
    return {
        "input_tokens": read, "output_tokens": written, "total_tokens": 0,
        "input_tokens_details": {"cached_tokens": cached}, "output_tokens_details": {"reasoning_tokens": thought},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "usage", "flags"),
    [
        (None, None, ("usage_missing",)),
        ({}, None, ("usage_missing",)),
        ("lots", None, ("usage_missing",)),
        (counts(21, 34), Usage(21, 34), ()),
        ({"input_tokens": 21, "output_tokens": 34}, Usage(21, 34), ()),
        ({**counts(21, 34), "input_tokens_details": None, "output_tokens_details": None}, Usage(21, 34), ()),
        (counts(21, 34, 0, 0), Usage(21, 34, 0, None, 0), ()),
        (counts(21, -3), Usage(21, None), ("usage_invalid",)),
        (counts(float("nan"), 34), Usage(None, 34), ("usage_invalid",)),
        (counts("21", 10**12), None, ("usage_invalid",)),
        (counts(21, 34, 22, 35), Usage(21, 34), ("usage_invalid",)),
    ],
)
async def test_usage_is_inclusive_or_unknown_and_never_a_guess(sent, usage, flags) -> None:
    completion, _ = await ask(wire.answer(HELLO, usage=sent))
    assert (completion.state, completion.usage, completion.flags) == ("complete", usage, flags)
