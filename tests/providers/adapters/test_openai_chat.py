"""The Chat Completions adapter, through the real SDK, against a server that speaks the format."""

from __future__ import annotations

import json

import pytest

from providers import errors
from providers.adapters.openai_chat import OpenAIChat
from providers.completion import Cost
from providers.config.connections import Connection
from providers.interface import Attachment, Message, Request, ServerTimings, Settings, Usage
from providers.measuring.measure import complete
from tests.providers.adapters.asking import playing
from tests.providers.adapters.openai_chat_adapter import ASK, HELLO, adapter, ask
from tests.wire import openai_chat as wire
from tests.wire.server import Reply, WireServer


async def test_an_answer_arrives_whole_with_its_thinking_usage_and_names() -> None:
    completion, _ = await ask(wire.answer(HELLO, thoughts=["Let me ", "think."], usage=wire.THOUGHT_USAGE))
    assert (completion.state, completion.text, completion.thinking) == ("complete", "Hello wörld 🌍", "Let me think.")
    assert completion.usage == Usage(21, 34, 16, 4, 10)
    assert completion.raw_usage == wire.THOUGHT_USAGE
    assert (completion.stop_reason, completion.response_model) == ("stop", wire.MODEL)
    assert completion.response_id == wire.ID
    assert completion.flags == ()


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ({"timings": {"prompt_ms": 125.0, "predicted_ms": 500.0}}, ServerTimings(prompt_s=0.125, eval_s=0.5)),
        (
            {"metrics": {"time_to_first_token_ms": 250.0, "generation_time_ms": 500.0, "queue_time_ms": 125.0}},
            ServerTimings(prompt_s=0.25, eval_s=0.5, queue_s=0.125),
        ),
    ],
    ids=["llama.cpp", "vLLM"],
)
@pytest.mark.parametrize("usage", [wire.USAGE, wire.ABSENT], ids=["beside the counts", "beside the stop reason"])
async def test_what_the_server_says_of_its_own_time_is_kept_apart(beside, said: ServerTimings, usage) -> None:
    *pieces, last, end = wire.answer(HELLO, usage=usage)
    told = json.loads(last.removeprefix(b"data: ")) | beside
    completion, _ = await ask([*pieces, wire.event(told), end])
    assert completion.state == "complete"
    assert completion.server_timings == said


EVERYTHING = Settings("Be brief.", 0.0, 0.9, 77, 7, ("END", "\n\n"), "minimal")


async def test_every_setting_reaches_the_body_under_its_name() -> None:
    request = Request.ask("m", "Say hello.", EVERYTHING)
    completion, server = await ask(wire.answer(HELLO), request)
    assert server.requests[0].json == {
        "model": "m", "stream": True, "stream_options": {"include_usage": True},
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Say hello."}],
        "temperature": 0.0, "top_p": 0.9, "max_tokens": 77, "seed": 7, "stop": ["END", "\n\n"],
        "reasoning_effort": "minimal",
    }  # fmt: skip
    assert completion.adjustments == ()


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        ("https://api.openai.com/v1", "max_completion_tokens"),
        ("https://eu.api.openai.com/v1", "max_completion_tokens"),
        ("https://api.mistral.ai/v1", "max_tokens"),
        ("https://api.openai.com.example.org/v1", "max_tokens"),
        ("https://notapi.openai.com/v1", "max_tokens"),
    ],
)
def test_only_openai_itself_knows_max_completion_tokens(base_url: str, name: str) -> None:
    provider = OpenAIChat(Connection("x", "openai", "X", base_url))
    body = provider.arguments(Request.ask("m", "x", Settings(max_output_tokens=5)))
    assert {key for key in body if key.startswith("max")} == {name}


async def test_a_conversation_and_its_attachments_become_messages() -> None:
    files = (Attachment("a.png", "image/png", b"\x89PNG"), Attachment("b.pdf", "application/pdf", b"%PDF"))
    messages = (Message("user", "One"), Message("assistant", "Two"), Message("user", "Three", files))
    _, server = await ask(wire.answer(HELLO), Request("m", messages))
    assert server.requests[0].json["messages"] == [
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": "Two"},
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
                {"type": "file", "file": {"filename": "b.pdf", "file_data": "data:application/pdf;base64,JVBERg=="}},
                {"type": "text", "text": "Three"},
            ],
        },
    ]


async def test_the_environment_of_the_sdk_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "OPENAI_API_KEY": "sk-from-environment-000", "OPENAI_ADMIN_KEY": "sk-admin-from-environment",
        "OPENAI_ORG_ID": "org-env", "OPENAI_PROJECT_ID": "proj-env", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        "OPENAI_CUSTOM_HEADERS": "X-Leaked: yes\nAuthorization: Bearer other",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with WireServer(playing(wire.answer(HELLO))) as server:
        keyless = OpenAIChat(Connection("vllm", "openai", "vLLM", f"{server.url}/v1", needs_key=False, local=True))
        for provider in (adapter(server), keyless):
            await complete(provider, ASK, price=lambda _: Cost("local"))
            await provider.aclose()
    assert [r.headers["authorization"] for r in server.requests] == ["Bearer gsk_test-key-1234567890", "Bearer none"]
    assert not {"openai-organization", "openai-project", "x-leaked"} & server.requests[0].headers.keys()


@pytest.mark.parametrize(
    ("status", "kind", "retry", "state"),
    [
        (400, "bad_request", "no", "failed"),
        (401, "auth", "no", "failed"),
        (402, "quota", "no", "failed"),
        (403, "permission", "no", "failed"),
        (404, "not_found", "no", "failed"),
        (408, "timeout", "yes", "failed"),
        (409, "overloaded", "yes", "failed"),
        (413, "too_large", "no", "failed"),
        (422, "bad_request", "no", "failed"),
        (429, "rate_limit", "yes", "failed"),
        (500, "server", "yes", "failed"),
        (503, "overloaded", "yes", "failed"),
        (504, "timeout", "ask", "unknown"),
        (520, "server", "ask", "unknown"),
        (529, "overloaded", "yes", "failed"),
    ],
)
async def test_an_error_status_is_one_request_and_one_failure(status: int, kind: str, retry: str, state: str) -> None:
    async def script(reply: Reply) -> None:
        headers = {"x-request-id": "req_123", "retry-after": "7", "x-should-retry": "true"}
        await reply.body(wire.error_body("It cannot be", None, None, "model"), status, headers)

    completion, _ = await ask(script)
    failure = completion.error
    assert failure is not None
    assert (failure.kind, failure.retry, failure.status, completion.state) == (kind, retry, status, state)
    assert (failure.message, failure.parameter) == ("It cannot be", "model")
    assert (failure.request_id, failure.retry_after_s) == ("req_123", 7.0)


LISTS = {
    "OpenAI": {"object": "list", "data": [
        {"id": "o3", "object": "model", "created": 1, "owned_by": "system", "shutdown_date": "2026-12-11"},
        {"id": "gpt-5.4", "object": "model", "created": 1, "owned_by": "system", "shutdown_date": None},
    ]},
    "Groq": {"object": "list", "data": [
        {"id": "llama-4", "object": "model", "context_window": 131072}, {"id": None}, 5,
    ]},
    "Together": [{"id": "llama-4", "type": "chat", "context_length": 131072}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (LISTS["OpenAI"], [("o3", None, "2026-12-11"), ("gpt-5.4", None, None)]),
        (LISTS["Groq"], [("llama-4", 131072, None)]),
        (LISTS["Together"], [("llama-4", 131072, None)]),
        ({"data": []}, []),
    ],
)
async def test_models_are_listed_as_the_host_tells_them(body, found) -> None:
    async def script(reply: Reply) -> None:
        await reply.json(body)

    with WireServer(script) as server:
        provider = adapter(server)
        listed = await provider.models()
        await provider.aclose()
    assert [(model.id, model.context_tokens, model.retires_on) for model in listed] == found
    assert server.requests[0].path == "/v1/models"


@pytest.mark.parametrize("body", [b"{}", b"null", b'"x"', b"<html>", b"", b'{"data": null}', b'{"data": {}}'])
async def test_a_body_that_lists_nothing_is_no_empty_list(body: bytes) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(body)

    with WireServer(script) as server:
        provider = adapter(server)
        with pytest.raises(errors.ProviderError) as caught:
            await provider.models()
        await provider.aclose()
    assert caught.value.failure.kind == "protocol"
