"""The Google adapter, through the real SDK, against a server that speaks the format."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from providers.completion import Cost
from providers.interface import Attachment, Delta, Done, Message, Request, Settings, Usage
from providers.measuring.measure import complete
from tests.providers.adapters.asking import playing
from tests.providers.adapters.google_adapter import ASK, HELLO, KEY, adapter, ask
from tests.wire import google as wire
from tests.wire.server import Reply, WireServer


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
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": {
            "temperature": 0.0, "topP": 0.9, "maxOutputTokens": 77, "seed": 7, "stopSequences": ["END"],
            "thinkingConfig": {"includeThoughts": True, "thinkingLevel": "LOW"},
        },
    }  # fmt: skip
    assert completion.adjustments == ()


@pytest.mark.parametrize(
    ("model", "effort", "sent", "said"),
    [
        ("gemini-3.8-flash", "none", {"thinkingLevel": "MINIMAL"}, ["minimal"]),
        ("gemini-3.8-flash", "minimal", {"includeThoughts": True, "thinkingLevel": "MINIMAL"}, []),
        ("gemini-3.8-flash", "xhigh", {"includeThoughts": True, "thinkingLevel": "XHIGH"}, []),
        ("gemini-4-argon", "max", {"includeThoughts": True, "thinkingLevel": "XHIGH"}, ["xhigh"]),
        ("gemini-flash-latest", "high", {"includeThoughts": True, "thinkingLevel": "HIGH"}, []),
        ("gemini-2.5-flash", "none", {"thinkingBudget": 0}, []),
        ("gemini-2.5-pro", "low", {"includeThoughts": True, "thinkingBudget": 1024}, ["1024 tokens"]),
        ("gemini-2.5-pro", "max", {"includeThoughts": True, "thinkingBudget": 24576}, ["24576 tokens"]),
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
            {"inlineData": {"data": "iVBORw==", "mimeType": "image/png"}},
            {"inlineData": {"data": "JVBERg==", "mimeType": "application/pdf"}},
            {"text": "Three"},
        ]},
    ]  # fmt: skip


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
