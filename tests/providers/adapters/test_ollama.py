"""The Ollama adapter, through the real SDK, against a server that speaks the format."""

from __future__ import annotations

import json
import socket

import pytest

from providers.completion import Cost
from providers.errors import ProviderError
from providers.interface import Attachment, Message, Request, ServerTimings, Settings, Usage
from providers.measuring.measure import complete
from providers.registry import list_models
from providers.secrets import Secret
from tests.providers.adapters.ollama_adapter import ASK, HELLO, adapter, answering, ask, playing, serving
from tests.wire import ollama as wire
from tests.wire.server import Reply, WireServer


async def test_an_answer_arrives_whole_with_its_thinking_usage_and_the_servers_times() -> None:
    completion, _ = await ask(wire.answer(HELLO, thinking=["Let me ", "think."]))
    assert (completion.state, completion.text, completion.thinking) == ("complete", "Hello <wörld> 🌍", "Let me think.")
    assert completion.usage == Usage(26, 282)
    assert completion.raw_usage == wire.TIMINGS
    assert (completion.stop_reason, completion.response_model) == ("stop", "llama3.3:latest")
    assert completion.flags == ("rate_includes_thinking",)
    assert completion.server_timings == ServerTimings(
        0.001334875, 0.342546, 4.535599, pytest.approx(0.004103583), 4.883583458
    )


async def test_every_setting_reaches_the_body_under_its_name() -> None:
    settings = Settings("Be brief.", 0.0, 0.9, 77, 7, ("END",), "medium", 8192)
    completion, server = await ask(wire.answer(HELLO), Request.ask("llama3.3", "Say hello.", settings))
    body = server.requests[0].json
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}
    options = {"temperature": 0.0, "top_p": 0.9, "num_predict": 77, "seed": 7, "stop": ["END"], "num_ctx": 8192}
    assert body["options"] == options
    assert body["think"] == "medium"
    assert completion.adjustments == ()


@pytest.mark.parametrize(
    ("effort", "sent", "said"),
    [
        ("none", False, []),
        ("minimal", "low", ["low"]),
        ("high", "high", []),
        ("xhigh", "max", ["max"]),
        ("max", "max", []),
    ],
)
async def test_effort_is_one_of_four_levels_or_off(effort, sent, said) -> None:
    completion, server = await ask(wire.answer(HELLO), Request.ask("llama3.3", "x", Settings(effort=effort)))
    assert server.requests[0].json["think"] == sent
    assert [a.sent for a in completion.adjustments] == said


async def test_a_conversation_and_its_images_become_messages() -> None:
    messages = (
        Message("user", "One"),
        Message("assistant", "Two"),
        Message("user", "/etc/hostname", (Attachment("a.png", "image/png", b"\x89PNG"),)),
    )
    _, server = await ask(wire.answer(HELLO), Request("llama3.3", messages))
    assert server.requests[0].json["messages"] == [
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": "Two"},
        {"role": "user", "content": "/etc/hostname", "images": ["iVBORw=="]},
    ]


async def test_what_a_hosted_server_says_of_loading_is_not_of_this_machine() -> None:
    with serving(wire.answer(HELLO, load_duration=10**10)) as server:
        provider = adapter(server.url, local=False)
        completion = await complete(provider, ASK, price=lambda _: Cost("local"))
        await provider.aclose()
    assert "cold_load" not in completion.conditions
    assert [r.path for r in server.requests] == ["/api/chat"]


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        (400, '"llama3.3" does not support thinking', "bad_request"),
        (401, "unauthorized", "auth"),
        (404, "model 'llama3.3' not found", "not_found"),
        (500, "model requires more system memory (39.4 GiB) than is available (7.1 GiB)", "server"),
        (503, "server busy, please try again.  maximum pending requests exceeded", "overloaded"),
    ],
)
async def test_a_refused_request_is_sent_once_and_says_why(status, message, expected) -> None:
    async def script(reply: Reply) -> None:
        await reply.json(wire.error(message), status)

    completion, _ = await ask(script)
    assert (completion.error.kind, completion.error.status) == (expected, status)
    assert completion.error.message == " ".join(message.split())


def closed_port() -> str:
    """An address of this machine where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize(("local", "kind"), [(True, "local_unavailable"), (False, "connection")])
async def test_a_server_that_is_not_running_is_named_as_such(local: bool, kind: str) -> None:
    provider = adapter(closed_port(), local=local)
    completion = await complete(provider, ASK, price=lambda _: Cost("local"))
    with pytest.raises(ProviderError, match="connect") as listing:
        await list_models(provider)
    await provider.aclose()
    assert (completion.state, completion.error.kind, completion.error.retry) == ("failed", kind, "yes")
    assert listing.value.failure.kind == kind


async def test_the_list_of_models_tells_size_quantization_and_context() -> None:
    async def show(reply: Reply) -> None:
        if reply.received.json["model"] == "broken:7b":
            await reply.json(wire.error("no such manifest"), 404)
        else:
            await reply.json(wire.SHOW)

    with WireServer() as server:
        server.routes = {"/api/tags": answering(wire.tags("llama3.3:latest", "broken:7b")), "/api/show": show}
        provider = adapter(server.url)
        llama, broken = await provider.models()
        await provider.aclose()
    assert (llama.id, llama.size_bytes, llama.quantization, llama.parameters, llama.context_tokens) == (
        "llama3.3:latest", 42_520_413_916, "Q4_K_M", "70.6B", 131_072,
    )  # fmt: skip
    assert (broken.id, broken.context_tokens) == ("broken:7b", None)


@pytest.mark.parametrize("key", [None, "own-key-1234567890"])
async def test_the_environment_has_no_say(key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    with WireServer(playing(wire.answer(HELLO))) as elsewhere, serving(wire.answer(HELLO)) as server:
        monkeypatch.setenv("OLLAMA_HOST", elsewhere.url)
        monkeypatch.setenv("OLLAMA_API_KEY", "key-of-the-environment")
        monkeypatch.setenv("HTTP_PROXY", elsewhere.url)
        provider = adapter(server.url, key=Secret(key) if key else None)
        completion = await complete(provider, ASK, price=lambda _: Cost("local"))
        await provider.aclose()
    assert completion.state == "complete"
    assert elsewhere.requests == []
    assert {r.headers.get("authorization") for r in server.requests} == {f"Bearer {key}" if key else None}
    assert "key-of-the-environment" not in json.dumps([r.headers for r in server.requests])


@pytest.mark.parametrize(
    ("prompt", "counts", "cut"),
    [
        ("Say hello.", {}, False),
        ("word " * 30_000, {"prompt_eval_count": 2050}, True),  # /api/ps says 4,096
        ("word " * 3_000, {"prompt_eval_count": 3010}, False),
        ("word " * 4_000, {"prompt_eval_count": 4096}, True),
        ("word " * 3_900, {"prompt_eval_count": 3910, "eval_count": 400}, True),
        ("word " * 30_000, {"prompt_eval_count": None}, False),
    ],
)
async def test_a_prompt_that_the_server_cut_is_never_simply_complete(prompt: str, counts: dict, cut: bool) -> None:
    completion, _ = await ask(wire.answer(HELLO, **counts), Request.ask("llama3.3", prompt))
    assert (completion.state, completion.text) == ("complete", "Hello <wörld> 🌍")
    assert ("prompt_cut" in completion.flags) == cut


async def test_a_context_that_was_asked_for_is_judged_by_when_the_server_does_not_say_it() -> None:
    settings = Settings(num_ctx=2048)
    with WireServer(playing(wire.answer(HELLO, prompt_eval_count=2048))) as server:
        server.routes["/api/ps"] = answering({"models": None})
        provider = adapter(server.url)
        done = await complete(
            provider, Request.ask("llama3.3", "word " * 1_900, settings), price=lambda _: Cost("local")
        )
        await provider.aclose()
    assert "prompt_cut" in done.flags


async def test_a_model_that_only_makes_embeddings_is_not_offered() -> None:
    async def show(reply: Reply) -> None:
        embeds = reply.received.json["model"].startswith("nomic")
        await reply.json(wire.SHOW | ({"capabilities": ["embedding"]} if embeds else {}))

    with WireServer() as server:
        server.routes |= {
            "/api/tags": answering(wire.tags("nomic-embed-text:latest", "llama3.3:latest")),
            "/api/show": show,
        }
        provider = adapter(server.url)
        listed = await list_models(provider)
        await provider.aclose()
    assert [model.id for model in listed] == ["llama3.3:latest"]


async def test_the_list_tells_what_context_a_model_has_been_given() -> None:
    parameters = {"mine:latest": 'stop "x"\nnum_ctx                        16384', "llama3.3:latest": "num_ctx 2048"}

    async def show(reply: Reply) -> None:
        await reply.json(wire.SHOW | {"parameters": parameters.get(reply.received.json["model"])})

    with WireServer() as server:
        server.routes |= {
            "/api/tags": answering(wire.tags("llama3.3:latest", "mine:latest", "idle:latest")),
            "/api/ps": answering({"models": [wire.loaded("llama3.3:latest", context_length=8192)]}), "/api/show": show,
        }  # fmt: skip
        provider = adapter(server.url)
        first = await list_models(provider)
        assert await list_models(provider) == first
        await provider.aclose()
    assert [(model.id, model.served_tokens) for model in first] == [
        ("llama3.3:latest", 8192), ("mine:latest", 16_384), ("idle:latest", None),
    ]  # fmt: skip
    assert {model.capabilities for model in first} == {("completion", "tools")}
    assert sum(each.path == "/api/show" for each in server.requests) == 3  # a file is asked about once


@pytest.mark.parametrize(
    "said",
    [
        "image input is not supported - hint: you may need to provide the mmproj",
        "this model is missing data required for image input",
        "Failed to load image or audio file",
        "this model does not support images",
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("status", [400, 500])
async def test_a_picture_for_a_model_without_eyes_is_no_failure_to_retry(said: str, wrapped: bool, status: int) -> None:
    told = json.dumps({"error": {"code": status, "message": said, "type": "server_error"}}) if wrapped else said

    async def script(reply: Reply) -> None:
        await reply.json(wire.error(told), status)

    for answer in (script, [wire.line(wire.error(told))]):
        completion, _ = await ask(answer)
        assert (completion.state, completion.error.kind, completion.error.retry) == ("failed", "bad_request", "no")
        assert completion.error.message == said
