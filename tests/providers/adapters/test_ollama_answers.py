"""What Ollama streams becomes an answer: its end, its counts, its times, and whatever breaks in between."""

from __future__ import annotations

import pytest
from genai_prices import extract_usage

from providers.completion import Cost
from providers.interface import ServerTimings, Usage
from providers.measuring.measure import complete
from tests.providers.adapters.ollama_adapter import ASK, HELLO, adapter, ask, serving
from tests.wire import ollama as wire
from tests.wire.server import Reply


async def test_usage_agrees_with_genai_prices() -> None:
    completion, _ = await ask(wire.answer(HELLO))
    told = {"prompt_tokens": completion.usage.input_tokens, "completion_tokens": completion.usage.output_tokens}
    oracle = extract_usage({"model": "gpt-4o", "usage": told}, provider_id="openai", api_flavor="chat").usage
    assert (oracle.input_tokens, oracle.output_tokens) == (26, 282)


@pytest.mark.parametrize(
    ("counts", "expected", "flags"),
    [
        ({"prompt_eval_count": None}, Usage(None, 282), ()),
        ({"prompt_eval_count": None, "eval_count": None}, None, ("usage_missing",)),
        ({"eval_count": -3}, Usage(26, None), ("usage_invalid",)),
        ({"eval_count": 10**12}, Usage(26, None), ("usage_invalid",)),
        ({"eval_count": float("nan")}, Usage(26, None), ("usage_invalid",)),
        ({"eval_count": "many"}, Usage(26, None), ("usage_invalid",)),
    ],
)
async def test_an_impossible_count_is_unknown_and_never_costs_the_answer(counts, expected, flags) -> None:
    completion, _ = await ask(wire.answer(HELLO, **counts))
    assert (completion.state, completion.text, completion.usage) == ("complete", "Hello <wörld> 🌍", expected)
    assert completion.flags == flags


async def test_a_count_that_is_no_number_takes_neither_the_stop_reason_nor_the_record_of_it() -> None:
    completion, _ = await ask(wire.answer(HELLO, stop="length", eval_count=float("nan")))
    assert (completion.state, completion.stop_reason, completion.raw_usage["eval_count"]) == ("cut", "length", "NaN")
    assert completion.server_timings.total_s == 4.883583458


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"load_duration": 5_000_000_000}, ServerTimings(5.0, 0.342546, 4.535599, None, 4.883583458)),
        ({"prompt_eval_duration": None}, ServerTimings(0.001334875, None, 4.535599, None, 4.883583458)),
        ({"eval_duration": -1}, ServerTimings(0.001334875, 0.342546, None, None, 4.883583458)),
    ],
)
async def test_a_wait_that_cannot_be_worked_out_is_unknown(numbers, expected) -> None:
    completion, _ = await ask(wire.answer(HELLO, **numbers))
    assert completion.server_timings == expected


@pytest.mark.parametrize(
    ("reason", "state", "flags"),
    [
        ("stop", "complete", ()),
        ("length", "cut", ()),
        ("unload", "incomplete", ()),
        ("sundown", "incomplete", ("stop_reason_unknown",)),
        (None, "complete", ("stop_reason_unknown",)),
    ],
)
async def test_the_done_reason_decides_the_state(reason, state, flags) -> None:
    completion, _ = await ask(wire.answer(HELLO, stop=reason))
    assert (completion.state, completion.stop_reason, completion.flags) == (state, reason, flags)


async def test_an_answer_without_a_word_is_empty() -> None:
    completion, _ = await ask(wire.answer([]))
    assert (completion.state, completion.text) == ("empty", "")


@pytest.mark.parametrize(
    ("load_ns", "cold"),
    [(1_334_875, False), (160_000_000, False), (534_986_708, True), (6_338_219_291, True), (None, False), (-1, False)],
)
async def test_a_cold_load_is_what_the_answer_itself_says_of_it(load_ns: int | None, cold: bool) -> None:
    """The names in memory prove nothing: weights are shared, and another program's context makes a load of its own."""
    for loaded in ((), ("llama3.3:latest",)):
        with serving(wire.answer(HELLO, load_duration=load_ns), loaded=loaded) as server:
            provider = adapter(server.url)
            completion = await complete(provider, ASK, price=lambda _: Cost("local"))
            await provider.aclose()
        assert ("cold_load" in completion.conditions) == cold


@pytest.mark.parametrize("end", [True, False])
async def test_a_cut_inside_a_line_keeps_the_text_before_it(end: bool) -> None:
    async def script(reply: Reply) -> None:
        *lines, last = wire.answer(HELLO)
        await reply.stream([*lines, last[:60]], content_type=wire.TYPE, end=end)
        await reply.close()

    completion, _ = await ask(script)
    assert (completion.state, completion.text) == ("incomplete", "Hello <wörld> 🌍")
    assert completion.error.kind == "connection"


RUNNER = wire.line(wire.error("model runner has unexpectedly stopped"))


@pytest.mark.parametrize(("before", "text"), [(0, ""), (2, "Hello")])
async def test_an_error_line_is_the_servers_failure_with_the_text_so_far(before: int, text: str) -> None:
    completion, _ = await ask([*wire.answer(HELLO)[:before], RUNNER])
    assert (completion.state, completion.text, completion.error.kind) == ("failed", text, "server")
    assert completion.error.message == "model runner has unexpectedly stopped"


async def test_a_damaged_line_is_a_protocol_failure_with_the_text_so_far() -> None:
    lines = wire.answer(HELLO)
    completion, _ = await ask([*lines[:2], b'{"model":"llama3.3","mess\n', *lines[2:]])
    assert (completion.state, completion.error.kind, completion.text) == ("incomplete", "protocol", "Hello")


async def test_raw_line_separators_and_broken_surrogates_do_not_lose_the_answer() -> None:
    plain = b"".join(wire.answer(["SEPARATED", "PAIR", "HIGH", "LOW", "LONE"]))
    escaped = plain.replace(b"PAIR", b"\\ud83c\\udf0d").replace(b"HIGH", b"\\ud83c").replace(b"LOW", b"\\udf0d")
    raw = escaped.replace(b"LONE", b"\\ud83d").replace(b"SEPARATED", "a\u2028b\u2029c\u0085d".encode())
    completion, _ = await ask([raw])
    assert (completion.state, completion.text) == ("complete", "a\u2028b\u2029c\u0085d🌍🌍\ufffd")
    assert completion.flags == ("repaired",)


@pytest.mark.parametrize("kept", [0, 2])
async def test_lines_that_a_proxy_has_joined_are_read(kept: int) -> None:
    events = wire.answer(["Hel", "lo}{", " there"])
    joined = b"".join(events[:kept]) + b"".join(event.strip() for event in events[kept:])
    completion, _ = await ask([joined])
    assert (completion.state, completion.text) == ("complete", "Hello}{ there")
