"""The Google adapter, through the real SDK, against a server that speaks the format."""

import json
from collections.abc import AsyncIterator

import pytest
from genai_prices import extract_usage

from providers.adapters.google import Google
from providers.completion import Completion, Cost
from providers.config.connections import Connection
from providers.interface import Attachment, Delta, Done, Message, Request, Settings, Usage
from providers.measuring.measure import complete
from providers.secrets import Secret
from tests.providers.adapters.asking import asked, playing
from tests.wire import google as wire
from tests.wire.server import Reply, WireServer

KEY = "AIzaSyD-test-key-0123456789abcdef"
ASK = Request.ask("gemini-3.8-flash", "Say hello.")
HELLO = ["Hel", "lo", " wörld 🌍"]


def adapter(server: WireServer, **fields) -> Google:
    connection = Connection(
        "google", "google", "Google", server.url, Secret(KEY), key_variable="GOOGLE_API_KEY", **fields
    )
    return Google(connection)


async def ask(script, request: Request = ASK, **options) -> tuple[Completion, WireServer]:
    return await asked(
        adapter, f"/v1beta/models/{request.model}:streamGenerateContent?alt=sse", script, request, **options
    )


async def test_an_answer_arrives_whole_with_its_thinking_usage_and_names() -> None:
    usage = wire.counts(candidates=12, thoughts=5)
    completion, _ = await ask(wire.answer(HELLO, thinking=["Let me ", "think."], usage=usage))
    assert (completion.state, completion.text, completion.thinking) == ("complete", "Hello wörld 🌍", "Let me think.")
    assert completion.usage == Usage(7, 17, None, None, 5)
    assert completion.raw_usage == {
        "prompt_token_count": 7, "candidates_token_count": 12, "thoughts_token_count": 5, "total_token_count": 24,
        "prompt_tokens_details": [{"modality": "TEXT", "token_count": 7}],
    }  # fmt: skip
    assert (completion.stop_reason, completion.response_model) == ("STOP", "gemini-3.8-flash")
    assert completion.response_id == "mLrZaKSVLvDjvdIP4Z2q0Qk"
    assert (completion.flags, completion.adjustments) == ((), ())


@pytest.mark.parametrize(
    ("header", "traffic", "tier"),
    [
        (None, None, None), ("standard", None, "standard"), ("SERVICE_TIER_FLEX", None, "flex"),
        ("priority", "ON_DEMAND", "priority"), (None, "ON_DEMAND_PRIORITY", "priority"),
        (None, "ON_DEMAND", "on_demand"),
        (None, "TRAFFIC_TYPE_UNSPECIFIED", None), ("", "ON_DEMAND_FLEX", "flex"),
    ],
)  # fmt: skip
async def test_the_tier_that_answered_is_told(header: str | None, traffic: str | None, tier: str | None) -> None:
    usage = wire.counts(candidates=5) | ({"trafficType": traffic} if traffic else {})

    async def script(reply: Reply) -> None:
        await reply.head(
            headers={"x-gemini-service-tier": header} if header is not None else {}, content_type="text/event-stream"
        )
        for piece in wire.answer(HELLO, usage=usage):
            await reply.send(piece)
        await reply.end()

    completion, _ = await ask(script)
    assert completion.state == "complete"
    assert completion.fingerprint.get("service_tier") == tier


async def test_a_direct_read_gives_deltas_then_exactly_one_done() -> None:
    late = [wire.event(wire.chunk("late", stop="STOP", usage=wire.counts(candidates=99)))]
    with WireServer(playing(wire.answer(HELLO) + late)) as server:
        provider = adapter(server)
        await provider.prepare(ASK)
        items = [item async for item in provider.stream(ASK)]
        await provider.aclose()
    assert items[:-1] == [Delta("text", piece) for piece in (*HELLO, "late")]
    assert isinstance(items[-1], Done)
    assert (items[-1].stop, items[-1].usage) == ("stop", Usage(7, 99))


async def test_unset_settings_are_absent_from_the_body() -> None:
    _, server = await ask(wire.answer(HELLO))
    assert server.requests[0].json == {
        "contents": [{"role": "user", "parts": [{"text": "Say hello."}]}], "generationConfig": {},
    }  # fmt: skip
    assert server.requests[0].headers["x-goog-api-key"] == KEY


async def test_every_setting_reaches_the_body_under_its_name() -> None:
    settings = Settings("Be brief.", 0.0, 0.9, 77, 7, ("END",), "low")
    completion, server = await ask(wire.answer(HELLO), Request.ask("gemini-3.8-flash", "Say hello.", settings))
    assert server.requests[0].json == {
        "contents": [{"role": "user", "parts": [{"text": "Say hello."}]}],
        "systemInstruction": {"role": "user", "parts": [{"text": "Be brief."}]},
        "generationConfig": {
            "temperature": 0.0, "topP": 0.9, "maxOutputTokens": 77, "seed": 7, "stopSequences": ["END"],
            "thinkingConfig": {"include_thoughts": True, "thinking_level": "LOW"},
        },
    }  # fmt: skip
    assert completion.adjustments == ()


@pytest.mark.parametrize(
    ("model", "effort", "sent", "said"),
    [
        ("gemini-3.8-flash", "none", {"thinking_level": "MINIMAL"}, ["minimal"]),
        ("gemini-3.8-flash", "minimal", {"include_thoughts": True, "thinking_level": "MINIMAL"}, []),
        ("gemini-3.8-flash", "xhigh", {"include_thoughts": True, "thinking_level": "XHIGH"}, []),
        ("gemini-4-argon", "max", {"include_thoughts": True, "thinking_level": "XHIGH"}, ["xhigh"]),
        ("gemini-flash-latest", "high", {"include_thoughts": True, "thinking_level": "HIGH"}, []),
        ("gemini-2.5-flash", "none", {"thinking_budget": 0}, []),
        ("gemini-2.5-pro", "low", {"include_thoughts": True, "thinking_budget": 1024}, ["1024 tokens"]),
        ("gemini-2.5-pro", "max", {"include_thoughts": True, "thinking_budget": 24576}, ["24576 tokens"]),
    ],
)
async def test_effort_is_a_level_from_gemini_3_on_and_a_budget_before(model, effort, sent, said) -> None:
    request = Request.ask(model, "x", Settings(effort=effort))
    completion, server = await ask(wire.answer(HELLO, model=model), request)
    assert server.requests[0].json["generationConfig"]["thinkingConfig"] == sent
    assert [a.sent for a in completion.adjustments] == said


async def test_a_conversation_and_its_attachments_become_parts() -> None:
    files = (Attachment("a.png", "image/png", b"\x89PNG"), Attachment("b.pdf", "application/pdf", b"%PDF"))
    messages = (Message("user", "One"), Message("assistant", "Two"), Message("user", "Three", files))
    _, server = await ask(wire.answer(HELLO), Request("gemini-3.8-flash", messages))
    assert server.requests[0].json["contents"] == [
        {"role": "user", "parts": [{"text": "One"}]},
        {"role": "model", "parts": [{"text": "Two"}]},
        {"role": "user", "parts": [
            {"inlineData": {"data": "iVBORw==", "mime_type": "image/png"}},
            {"inlineData": {"data": "JVBERg==", "mime_type": "application/pdf"}},
            {"text": "Three"},
        ]},
    ]  # fmt: skip


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


@pytest.mark.parametrize(
    ("status", "code", "expected", "retry"),
    [
        (400, "INVALID_ARGUMENT", "bad_request", "no"),
        (403, "PERMISSION_DENIED", "permission", "no"),
        (404, "NOT_FOUND", "not_found", "no"),
        (429, "RESOURCE_EXHAUSTED", "rate_limit", "yes"),
        (500, "INTERNAL", "server", "yes"),
        (503, "UNAVAILABLE", "overloaded", "yes"),
        (504, "DEADLINE_EXCEEDED", "timeout", "ask"),
    ],
)
async def test_a_refused_request_is_sent_once_and_says_why(status, code, expected, retry) -> None:
    async def script(reply: Reply) -> None:
        await reply.json(wire.error(status, code, f"because of {KEY}", wire.retry_info("7.5s")), status)

    completion, _ = await ask(script)
    found = completion.error
    assert (found.kind, found.status, found.retry, found.retry_after_s) == (expected, status, retry, 7.5)
    assert found.message == "because of ***"


async def test_the_list_of_models_holds_what_can_write_text() -> None:
    with WireServer() as server:
        server.routes["/v1beta/models"] = lambda reply: reply.body(json.dumps(wire.MODELS).encode())
        provider = adapter(server)
        (model,) = await provider.models()
        await provider.aclose()
    assert (model.id, model.label) == ("gemini-3.8-flash", "Gemini 3.8 Flash")
    assert (model.context_tokens, model.max_output_tokens) == (1_048_576, 65_536)


async def test_another_version_of_the_api_can_be_chosen() -> None:
    with WireServer(playing(wire.answer(HELLO))) as server:
        provider = adapter(server, api_version="v1")
        completion = await complete(provider, ASK, price=lambda _: Cost("unknown", reason="test"))
        await provider.aclose()
    assert completion.state == "complete"
    assert server.requests[0].path.startswith("/v1/models/")


@pytest.fixture
async def other_world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WireServer]:
    """An environment that would send everything elsewhere, if it had a say."""
    with WireServer(playing(wire.answer(HELLO))) as elsewhere:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", elsewhere.url)
        monkeypatch.setenv("GOOGLE_API_KEY", "AIzaFromTheEnvironment0123456789")
        monkeypatch.setenv("GOOGLE_GENAI_API_VERSION", "v7")
        monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
        monkeypatch.setenv("GOOGLE_GENAI_CLIENT_MODE", "replay")
        monkeypatch.setenv("HTTP_PROXY", elsewhere.url)
        yield elsewhere


async def test_the_environment_has_no_say(other_world: WireServer) -> None:
    completion, server = await ask(wire.answer(HELLO))
    assert completion.state == "complete"
    assert server.requests[0].headers["x-goog-api-key"] == KEY
    assert other_world.requests == []
