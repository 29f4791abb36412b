"""What a stream of Gemini becomes: its end, its counts, and whatever breaks in between."""

from __future__ import annotations

import pytest
from genai_prices import extract_usage

from providers.interface import Usage
from tests.providers.adapters.google_adapter import HELLO, ask
from tests.wire import google as wire


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (wire.counts(prompt=100, candidates=50, thoughts=200), Usage(100, 250, None, None, 200)),
        (wire.counts(prompt=100, candidates=50) | {"cachedContentTokenCount": 60}, Usage(100, 50, 60)),
        (wire.counts(prompt=100, thoughts=200), Usage(100, 200, None, None, 200)),
    ],
)
async def test_usage_is_inclusive_and_agrees_with_genai_prices(usage, expected) -> None:
    completion, _ = await ask(wire.answer(HELLO, usage=usage))
    assert completion.usage == expected
    oracle = extract_usage({"modelVersion": "gemini-2.5-pro", "usageMetadata": usage}, provider_id="google").usage
    assert (oracle.input_tokens, oracle.output_tokens) == (expected.input_tokens, expected.output_tokens)
    assert oracle.cache_read_tokens == (expected.cache_read_tokens or 0)


async def test_tool_results_are_part_of_the_input() -> None:
    completion, _ = await ask(wire.answer(HELLO, usage=wire.counts(candidates=1) | {"toolUsePromptTokenCount": 30}))
    assert completion.usage == Usage(37, 1)


@pytest.mark.parametrize(
    ("usage", "expected", "flag"),
    [
        ({"promptTokenCount": None}, Usage(7, 4), None),  # what was counted before holds
        (wire.counts(candidates=-3), Usage(7, None), "usage_invalid"),
        (wire.counts(candidates=10**12), Usage(7, None), "usage_invalid"),
        (wire.counts(candidates=3, thoughts=-1), Usage(7, None), "usage_invalid"),
    ],
)
async def test_an_impossible_count_is_unknown_and_never_costs_the_answer(usage, expected, flag) -> None:
    completion, _ = await ask(wire.answer(HELLO, usage=usage))
    assert (completion.state, completion.text, completion.usage) == ("complete", "Hello wörld 🌍", expected)
    assert completion.flags == ((flag,) if flag else ())


@pytest.mark.parametrize(("count", "raw"), [(float("nan"), "NaN"), ("many", "many"), (3.7, 3.7), ([1], [1])])
async def test_a_count_that_is_no_number_never_costs_the_answer_though_the_sdk_refuses_it(count, raw) -> None:
    completion, _ = await ask(
        wire.answer(HELLO, usage=wire.counts() | {"candidatesTokenCount": count}, stop="MAX_TOKENS")
    )
    assert (completion.state, completion.text, completion.usage) == ("cut", "Hello wörld 🌍", Usage(7, None))
    assert (completion.flags, completion.raw_usage["candidates_token_count"]) == (("usage_invalid",), raw)


@pytest.mark.filterwarnings("ignore:BRAND_NEW is not a valid:UserWarning")
@pytest.mark.parametrize(
    ("reason", "state", "flags"),
    [
        ("STOP", "complete", ()),
        ("MAX_TOKENS", "cut", ()),
        ("CONTINUATION", "cut", ()),
        ("SAFETY", "filtered", ()),
        ("RECITATION", "filtered", ()),
        ("PROHIBITED_CONTENT", "filtered", ()),
        ("OTHER", "incomplete", ("stop_reason_unknown",)),
        ("MALFORMED_RESPONSE", "incomplete", ()),
        ("MALFORMED_FUNCTION_CALL", "incomplete", ("tool_asked",)),
        ("BRAND_NEW", "incomplete", ("stop_reason_unknown",)),
    ],
)
async def test_the_finish_reason_decides_the_state(reason, state, flags) -> None:
    completion, _ = await ask(wire.answer(HELLO, stop=reason))
    assert (completion.state, completion.stop_reason, completion.flags) == (state, reason, flags)


async def test_an_offer_to_continue_is_not_taken_up() -> None:
    chunk = wire.chunk("lo", stop="CONTINUATION", usage=wire.counts(candidates=2))
    chunk["candidates"][0]["continuationToken"] = "dG9rZW4="
    completion, _ = await ask([*wire.answer(HELLO)[:1], wire.event(chunk)])
    assert (completion.state, completion.text, completion.error) == ("cut", "Hello", None)


async def test_a_blocked_prompt_is_filtered_with_googles_word() -> None:
    completion, _ = await ask(wire.blocked("PROHIBITED_CONTENT"))
    assert (completion.state, completion.stop_reason, completion.text) == ("filtered", "PROHIBITED_CONTENT", "")
    assert completion.usage == Usage(7, None)


@pytest.mark.parametrize(("place", "reason"), [("finishMessage", "SAFETY"), ("blockReasonMessage", "MODEL_ARMOR")])
async def test_googles_sentence_of_why_it_stopped_is_told_bounded_and_without_keys(place: str, reason: str) -> None:
    key = "AIzaSyD0123456789abcdefghijklmnopqrstuvw"
    why = {place: f"Withheld for\x1b[2J {key}. " + "Because. " * 1000}
    chunk = (
        {"candidates": [{"index": 0, "finishReason": reason, **why}]} if place == "finishMessage"
        else {"promptFeedback": {"blockReason": reason, **why}}
    )  # fmt: skip
    completion, _ = await ask([wire.event(chunk)])
    assert (completion.state, completion.stop_reason, completion.error.kind) == ("filtered", reason, "filtered")
    assert completion.error.message.startswith(f"{reason}: Withheld for<U+001B>[2J ")
    assert key not in repr(completion)
    assert len(completion.error.message) < 2100


async def test_an_answer_that_a_filter_took_away_may_have_no_content_at_all() -> None:
    completion, _ = await ask([wire.event(wire.chunk(None, stop="SAFETY"))])
    assert (completion.state, completion.text) == ("filtered", "")


async def test_an_answer_without_a_word_is_empty() -> None:
    completion, _ = await ask(wire.answer([""]))
    assert (completion.state, completion.text) == ("empty", "")


async def test_a_second_candidate_is_not_the_answer() -> None:
    chunk = wire.chunk("other")
    chunk["candidates"][0] |= {"index": 1, "finishReason": "SAFETY"}
    begun, *rest = wire.answer(HELLO)
    completion, _ = await ask([begun, wire.event(chunk), *rest])
    assert (completion.state, completion.text) == ("complete", "Hello wörld 🌍")


UNAVAILABLE = wire.event(wire.error(503, "UNAVAILABLE", "The model is overloaded."))


@pytest.mark.parametrize(("before", "text"), [(0, ""), (2, "Hello")])
async def test_an_error_in_the_stream_is_the_vendors_failure_with_the_text_so_far(before: int, text: str) -> None:
    completion, _ = await ask([*wire.answer(HELLO)[:before], UNAVAILABLE])
    assert (completion.state, completion.text) == ("failed", text)
    assert (completion.error.kind, completion.error.message) == ("overloaded", "The model is overloaded.")


async def test_an_error_after_a_stop_reason_is_a_failure_that_keeps_the_text() -> None:
    completion, _ = await ask([*wire.answer(HELLO), UNAVAILABLE])
    assert (completion.state, completion.text, completion.error.kind) == ("failed", "Hello wörld 🌍", "overloaded")


@pytest.mark.parametrize("before", [0, 2])
async def test_a_damaged_event_is_a_protocol_failure_with_the_text_so_far(before: int) -> None:
    events = wire.answer(HELLO)
    completion, _ = await ask([*events[:before], b'data: {"candidates": [{"conte\r\n\r\n', *events[before:]])
    assert (completion.state, completion.error.kind) == ("incomplete", "protocol")
    assert completion.text == "".join(HELLO[:before])


async def test_line_separators_and_broken_surrogates_do_not_lose_the_answer() -> None:
    plain = b"".join(wire.answer(["a\u2028b\u2029c\u0085d", "PAIR", "HIGH", "LOW", "LONE"]))
    escaped = plain.replace(b"PAIR", b"\\ud83c\\udf0d").replace(b"HIGH", b"\\ud83c").replace(b"LOW", b"\\udf0d")
    completion, _ = await ask([escaped.replace(b"LONE", b"\\ud83d")])
    assert (completion.state, completion.text) == ("complete", "a\u2028b\u2029c\u0085d🌍🌍\ufffd")
    assert completion.flags == ("repaired",)


async def test_chunks_in_an_envelope_as_proxies_of_code_assist_send_them_are_read() -> None:
    events = [wire.event({"response": wire.chunk(piece), "traceId": "4a"}) for piece in HELLO]
    end = wire.event({"response": wire.chunk("!", stop="STOP", usage=wire.counts(candidates=4))})
    completion, _ = await ask([*events, end])
    assert (completion.state, completion.text) == ("complete", "Hello wörld 🌍!")
    assert (completion.usage, completion.response_model) == (Usage(7, 4), "gemini-3.8-flash")


@pytest.mark.parametrize("content", [5, {"parts": "lo"}, {"parts": ["lo"]}, {"parts": [{"text": {"value": "lo"}}]}])
async def test_an_answer_with_a_hole_is_never_told_as_whole(content) -> None:
    begun, *rest = wire.answer(HELLO)
    odd = wire.chunk("lo")
    odd["candidates"][0]["content"] = content
    completion, _ = await ask([begun, wire.event(odd), *rest])
    assert (completion.state, completion.text, completion.error.kind) == ("failed", "Hel", "protocol")


async def test_a_single_part_may_come_without_its_list() -> None:
    chunk = wire.chunk(None, stop="STOP")
    chunk["candidates"] = {"content": {"parts": {"text": "Hello"}}, "finishReason": "STOP"}
    completion, _ = await ask([wire.event(chunk)])
    assert (completion.state, completion.text) == ("complete", "Hello")
