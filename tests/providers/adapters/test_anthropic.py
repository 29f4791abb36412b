"""The Anthropic adapter, through the real SDK, against a server that speaks the format."""

import json
from collections.abc import AsyncIterator

import pytest
from genai_prices import extract_usage

from providers.adapters.anthropic import DEFAULT_MAX_TOKENS, Anthropic
from providers.completion import Completion
from providers.config.connections import Connection
from providers.interface import Attachment, Delta, Done, Message, Request, Settings, Usage
from providers.secrets import Secret
from tests.providers.adapters.asking import asked, playing
from tests.wire import anthropic as wire
from tests.wire.server import Reply, WireServer

KEY = "sk-ant-api03-test-key"
ASK = Request.ask("claude-sonnet-5-5", "Say hello.")
HELLO = ["Hel", "lo", " wörld 🌍"]


def adapter(server: WireServer) -> Anthropic:
    return Anthropic(
        Connection("anthropic", "anthropic", "Anthropic", server.url, Secret(KEY), key_variable="ANTHROPIC_API_KEY")
    )


async def ask(script, request: Request = ASK, **options) -> tuple[Completion, WireServer]:
    return await asked(adapter, "/v1/messages", script, request, **options)


async def test_an_answer_arrives_whole_with_its_thinking_usage_and_names() -> None:
    completion, _ = await ask(wire.answer(HELLO, thinking=["Let me ", "think."]))
    assert (completion.state, completion.text, completion.thinking) == ("complete", "Hello wörld 🌍", "Let me think.")
    assert completion.usage == Usage(25, 15, 0, 0, None)
    assert completion.raw_usage == wire.USAGE | {"output_tokens": 15}
    assert (completion.stop_reason, completion.response_model) == ("end_turn", "claude-sonnet-5-5")
    assert completion.response_id == "msg_01XFDUDYJgAACzvnptvVoYEL"
    assert completion.flags == ("rate_includes_thinking",)
    assert completion.error is None


async def test_a_direct_read_gives_deltas_then_exactly_one_done() -> None:
    after_the_end = [*wire.block(2, "text", ["late"]), *wire.end("max_tokens", {"output_tokens": 99})]
    with WireServer(playing(wire.answer(HELLO) + after_the_end)) as server:
        provider = adapter(server)
        await provider.prepare(ASK)
        items = [item async for item in provider.stream(ASK)]
        await provider.aclose()
    assert items[:-1] == [Delta("text", piece) for piece in HELLO]
    assert isinstance(items[-1], Done)
    assert (items[-1].stop, items[-1].usage) == ("stop", Usage(25, 15, 0, 0))


async def test_text_in_the_beginning_of_a_block_belongs_to_the_answer() -> None:
    opening = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "Ah, "}}
    first, _, *rest = wire.answer(HELLO)
    completion, _ = await ask([first, wire.event(opening), *rest])
    assert completion.text == "Ah, Hello wörld 🌍"


async def test_unset_settings_are_absent_and_the_required_maximum_is_said() -> None:
    completion, server = await ask(wire.answer(HELLO))
    assert server.requests[0].json == {
        "model": "claude-sonnet-5-5", "messages": [{"role": "user", "content": "Say hello."}],
        "max_tokens": DEFAULT_MAX_TOKENS, "stream": True,
    }  # fmt: skip
    assert [(a.setting, a.sent) for a in completion.adjustments] == [("max_output_tokens", str(DEFAULT_MAX_TOKENS))]
    assert server.requests[0].headers["anthropic-version"] > "2026"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_every_setting_reaches_the_request_or_is_said_to_be_missing() -> None:
    settings = Settings("Be brief.", 0.0, 0.9, 77, 7, ("END",), "xhigh")
    completion, server = await ask(wire.answer(HELLO), Request.ask("m", "Say hello.", settings))
    assert server.requests[0].json == {
        "model": "m", "messages": [{"role": "user", "content": "Say hello."}], "stream": True, "system": "Be brief.",
        "temperature": 0.0, "top_p": 0.9, "max_tokens": 77, "stop_sequences": ["END"],
        "thinking": {"type": "adaptive", "display": "summarized"}, "output_config": {"effort": "xhigh"},
    }  # fmt: skip
    assert server.requests[0].headers["anthropic-version"] == "2023-06-01"
    assert [(a.setting, a.sent) for a in completion.adjustments] == [("seed", None)]


@pytest.mark.parametrize(
    ("effort", "sent", "said"),
    [
        ("none", {"thinking": {"type": "disabled"}}, None),
        ("minimal", {"output_config": {"effort": "low"}}, "low"),
        ("low", {"output_config": {"effort": "low"}}, None),
        ("max", {"output_config": {"effort": "max"}}, None),
    ],
)
async def test_effort_is_sent_in_anthropics_words(effort, sent, said) -> None:
    settings = Settings(max_output_tokens=9, effort=effort)
    completion, server = await ask(wire.answer(HELLO), Request.ask("m", "x", settings))
    assert sent.items() <= server.requests[0].json.items()
    assert [a.sent for a in completion.adjustments] == ([said] if said else [])


async def test_a_conversation_and_its_attachments_become_blocks() -> None:
    files = (Attachment("a.png", "image/png", b"\x89PNG"), Attachment("b.pdf", "application/pdf", b"%PDF"))
    messages = (Message("user", "One"), Message("assistant", "Two"), Message("user", "Three", files))
    _, server = await ask(wire.answer(HELLO), Request("m", messages))
    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw=="}
    document = {"type": "base64", "media_type": "application/pdf", "data": "JVBERg=="}
    assert server.requests[0].json["messages"] == [
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": "Two"},
        {"role": "user", "content": [
            {"type": "image", "source": source}, {"type": "document", "source": document},
            {"type": "text", "text": "Three"},
        ]},
    ]  # fmt: skip


CACHED = wire.USAGE | {"input_tokens": 100, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 10}


@pytest.mark.parametrize(
    ("start", "delta", "expected"),
    [
        (CACHED, {"output_tokens": 9}, Usage(130, 9, 20, 10)),
        (CACHED, {"output_tokens": 9, "input_tokens": 200, "cache_read_input_tokens": None}, Usage(230, 9, 20, 10)),
        (CACHED, {"output_tokens": 9, "output_tokens_details": {"thinking_tokens": 4}}, Usage(130, 9, 20, 10, 4)),
    ],
)
async def test_usage_is_inclusive_cumulative_and_agrees_with_genai_prices(start, delta, expected) -> None:
    completion, _ = await ask(wire.answer(HELLO, start_usage=start, usage=delta))
    assert completion.usage == expected
    oracle = extract_usage({"model": "claude-sonnet-4-5", "usage": completion.raw_usage}, provider_id="anthropic").usage
    assert (oracle.input_tokens, oracle.output_tokens) == (expected.input_tokens, expected.output_tokens)
    assert (oracle.cache_read_tokens, oracle.cache_write_tokens) == (20, 10)


@pytest.mark.parametrize(
    ("start", "delta", "expected", "flag"),
    [
        ({}, {}, None, "usage_missing"),
        (None, {"output_tokens": None}, Usage(25, None, 0, 0), None),
        (None, {"output_tokens": -3}, Usage(25, None, 0, 0), "usage_invalid"),
        (None, {"output_tokens": float("nan")}, Usage(25, None, 0, 0), "usage_invalid"),
        (None, {"output_tokens": 10**12}, Usage(25, None, 0, 0), "usage_invalid"),
        (CACHED | {"cache_read_input_tokens": -20}, {"output_tokens": 9}, Usage(None, 9, None, 10), "usage_invalid"),
        (None, {"output_tokens": "many"}, Usage(25, None, 0, 0), "usage_invalid"),
    ],
)
async def test_an_impossible_count_is_unknown_and_never_costs_the_answer(start, delta, expected, flag) -> None:
    completion, _ = await ask(wire.answer(HELLO, start_usage=start, usage=delta))
    assert (completion.state, completion.text, completion.usage) == ("complete", "Hello wörld 🌍", expected)
    assert completion.flags == ((flag,) if flag else ())


@pytest.mark.parametrize(
    ("reason", "state", "flags"),
    [
        ("end_turn", "complete", ()),
        ("stop_sequence", "complete", ()),
        ("max_tokens", "cut", ()),
        ("model_context_window_exceeded", "cut", ()),
        ("refusal", "refused", ()),
        ("tool_use", "incomplete", ("tool_asked",)),
        ("pause_turn", "incomplete", ("paused",)),
        ("brand_new", "incomplete", ("stop_reason_unknown",)),
        (None, "complete", ("stop_reason_unknown",)),
    ],
)
async def test_the_stop_reason_decides_the_state(reason, state, flags) -> None:
    completion, _ = await ask(wire.answer(HELLO, stop=reason))
    assert (completion.state, completion.stop_reason, completion.flags) == (state, reason, flags)


async def test_a_refusal_says_why_in_anthropics_sentence() -> None:
    told = b'"stop_reason": "refusal"'
    details = b', "stop_details":{"type":"refusal","category":"bio","explanation":"It asks for a virus."}'
    events = [event.replace(told, told + details) for event in wire.answer(HELLO, stop="refusal")]
    completion, _ = await ask(events)
    assert (completion.state, completion.stop_reason, completion.text) == ("refused", "refusal", "Hello wörld 🌍")
    assert (completion.error.kind, completion.error.message) == ("filtered", "refusal: It asks for a virus.")


async def test_an_answer_without_a_word_is_empty() -> None:
    completion, _ = await ask([wire.start(), *wire.end()])
    assert (completion.state, completion.text) == ("empty", "")


OVERLOADED = wire.event(wire.error("overloaded_error", "Overloaded"))


@pytest.mark.parametrize("end", [True, False])
async def test_a_stop_reason_without_the_end_marker_is_proof_enough_and_flagged(end: bool, exchanges) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(wire.answer(HELLO)[:-1], end=end)
        if not end:
            await reply.reset_when_read(exchanges)

    completion, _ = await ask(script)
    assert (completion.state, completion.text) == ("complete", "Hello wörld 🌍")
    assert completion.flags == ("end_marker_missing",)


@pytest.mark.parametrize("cut", [-3, -2, 4])
async def test_a_cut_answer_is_never_complete(cut: int) -> None:
    completion, _ = await ask(wire.answer(HELLO)[:cut])
    assert (completion.state, completion.error.kind, completion.error.retry) == ("incomplete", "connection", "ask")
    assert "Hello wörld 🌍".startswith(completion.text)
    assert completion.text


async def test_an_error_event_is_the_vendors_failure_with_the_text_so_far() -> None:
    completion, _ = await ask([*wire.answer(HELLO)[:5], OVERLOADED])
    assert (completion.state, completion.text) == ("failed", "Hello")
    assert (completion.error.kind, completion.error.message) == ("overloaded", "Overloaded")


async def test_an_error_event_before_any_text_keeps_its_kind() -> None:
    completion, _ = await ask([wire.event(wire.error("rate_limit_error", "Slow down"))])
    assert (completion.state, completion.error.kind, completion.error.message) == ("failed", "rate_limit", "Slow down")


async def test_a_damaged_event_is_a_protocol_failure_with_the_text_so_far() -> None:
    damaged = b'event: content_block_delta\ndata: {"type": "content_block_de\n\n'
    events = wire.answer(HELLO)
    completion, _ = await ask([*events[:5], damaged, *events[5:]])
    assert (completion.state, completion.error.kind, completion.text) == ("incomplete", "protocol", "Hello")


async def test_line_separators_and_broken_surrogates_do_not_lose_the_answer() -> None:
    plain = wire.answer(["a\u2028b\u2029c\u0085d", "PAIR", "LONE"])
    escaped = b"".join(plain).replace(b"PAIR", b"\\ud83c\\udf0d").replace(b"LONE", b"\\ud83d")
    completion, _ = await ask([escaped])
    assert (completion.state, completion.text) == ("complete", "a\u2028b\u2029c\u0085d🌍\ufffd")
    assert completion.flags == ("repaired",)


@pytest.mark.parametrize(
    ("status", "kind", "expected", "retry"),
    [
        (400, "invalid_request_error", "bad_request", "no"),
        (401, "authentication_error", "auth", "no"),
        (402, "billing_error", "quota", "no"),
        (403, "permission_error", "permission", "no"),
        (404, "not_found_error", "not_found", "no"),
        (413, "request_too_large", "too_large", "no"),
        (429, "rate_limit_error", "rate_limit", "yes"),
        (500, "api_error", "server", "yes"),
        (504, "timeout_error", "timeout", "ask"),
        (529, "overloaded_error", "overloaded", "yes"),
    ],
)
async def test_a_refused_request_is_sent_once_and_says_why(status, kind, expected, retry) -> None:
    async def script(reply: Reply) -> None:
        headers = {"retry-after": "7", "request-id": "req_1", "x-should-retry": "true"}
        await reply.json(wire.error(kind, f"because of {KEY}"), status, headers)

    completion, _ = await ask(script)
    found = completion.error
    assert (found.kind, found.status, found.retry, found.retry_after_s) == (expected, status, retry, 7.0)
    assert (found.request_id, found.message) == ("req_1", "because of ***")


async def test_the_list_of_models_tells_windows_and_retirement_and_leaves_the_retired_out() -> None:
    with WireServer() as server:
        server.routes["/v1/models"] = lambda reply: reply.body(json.dumps(wire.MODELS).encode())
        provider = adapter(server)
        new, old = await provider.models()
        await provider.aclose()
    assert (new.id, new.label, new.context_tokens, new.max_output_tokens, new.retires_on) == (
        "claude-sonnet-5-5", "Claude Sonnet 5.5", 1_000_000, 128_000, None,
    )  # fmt: skip
    assert (old.id, old.context_tokens, old.retires_on) == ("claude-sonnet-4-5-20250929", None, "2026-11-30")


@pytest.fixture
async def other_world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WireServer]:
    """An environment that would send everything elsewhere, if it had a say."""
    with WireServer(playing(wire.answer(HELLO))) as elsewhere:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", elsewhere.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-from-environment")
        monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "Authorization: Bearer sk-ant-from-environment")
        monkeypatch.setenv("HTTP_PROXY", elsewhere.url)
        yield elsewhere


async def test_the_environment_has_no_say(other_world: WireServer) -> None:
    completion, server = await ask(wire.answer(HELLO))
    assert completion.state == "complete"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert other_world.requests == []
