"""The Ollama adapter, through the real SDK, against a server that speaks the format."""

import json
import socket

import pytest
from genai_prices import extract_usage

from providers.adapters import ollama_serving
from providers.adapters.ollama import Ollama
from providers.completion import Completion, Cost
from providers.config.connections import Connection
from providers.errors import ProviderError
from providers.interface import Attachment, Message, Request, ServerTimings, Settings, Usage
from providers.measuring.measure import complete
from providers.registry import list_models
from providers.secrets import Secret
from tests.wire import ollama as wire
from tests.wire.server import Reply, WireServer

ASK = Request.ask("llama3.3", "Say hello.")
HELLO = ["Hel", "lo", " <wörld> 🌍"]


def adapter(url: str, **fields) -> Ollama:
    fields = {"needs_key": False, "local": True} | fields
    return Ollama(Connection("ollama", "ollama", "Ollama", url, **fields))


def playing(pieces, **how):
    async def script(reply: Reply) -> None:
        await reply.stream(pieces, content_type=wire.TYPE, **how)

    return script


def answering(data):
    async def script(reply: Reply) -> None:
        await reply.json(data)

    return script


def serving(script, *, loaded=("llama3.3:latest",)) -> WireServer:
    server = WireServer(script if callable(script) else playing(script))
    server.routes["/api/ps"] = answering(wire.ps(*loaded))
    return server


async def ask(script, request: Request = ASK, **options) -> tuple[Completion, WireServer]:
    """The completion of one request that `script` (or a list of pieces) answers, and the server it went to."""
    with serving(script) as server:
        provider = adapter(server.url)
        try:
            completion = await complete(provider, request, price=lambda _: Cost("local"), **options)
        finally:
            await provider.aclose()
    assert [r.path for r in server.requests][:1] == ["/api/chat"]
    assert len(server.calls("/api/chat")) == 1
    return completion, server


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


async def test_what_a_hosted_server_says_of_loading_is_not_of_this_machine() -> None:
    with serving(wire.answer(HELLO, load_duration=10**10)) as server:
        provider = adapter(server.url, local=False)
        completion = await complete(provider, ASK, price=lambda _: Cost("local"))
        await provider.aclose()
    assert "cold_load" not in completion.conditions
    assert [r.path for r in server.requests] == ["/api/chat"]


FILE = {"digest": wire.DIGEST, "quantization": "Q4_K_M"}


async def fingerprints(server: WireServer, *models: str) -> list[dict[str, str]]:
    """Of one answer of each of `models`, asked one after another."""
    provider = adapter(server.url)
    found = [await complete(provider, Request.ask(m, "Say hello."), price=lambda _: Cost("local")) for m in models]
    await provider.aclose()
    return [completion.fingerprint for completion in found]


async def test_the_file_is_asked_after_the_answer_once_for_each_model() -> None:
    with serving(wire.answer(HELLO), loaded=("llama3.3:latest", "mistral:7b")) as server:
        assert await fingerprints(server, "llama3.3", "llama3.3:latest", "mistral:7b", "llama3.3") == [FILE] * 4
    chat, ps = "/api/chat", "/api/ps"
    assert [r.path for r in server.requests] == [chat, ps, chat, chat, ps, chat]


async def test_a_model_that_was_loaded_anew_is_asked_anew() -> None:
    with serving(wire.answer(HELLO, load_duration=10**9)) as server:
        assert await fingerprints(server, "llama3.3", "llama3.3") == [FILE] * 2
    assert [r.path for r in server.requests] == ["/api/chat", "/api/ps"] * 2


async def test_what_was_said_of_a_file_holds_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ollama_serving, "HOLDS_S", 0)
    with serving(wire.answer(HELLO)) as server:
        assert await fingerprints(server, "llama3.3", "llama3.3") == [FILE] * 2
    assert [r.path for r in server.requests] == ["/api/chat", "/api/ps"] * 2


@pytest.mark.parametrize("loaded", [(), ("mistral:7b",)])
async def test_the_file_of_a_model_that_has_left_the_memory_is_looked_up_on_disk(loaded: tuple[str, ...]) -> None:
    with serving(wire.answer(HELLO), loaded=loaded) as server:
        server.routes["/api/tags"] = answering(wire.tags("mistral:7b", "llama3.3:latest"))
        assert await fingerprints(server, "llama3.3") == [FILE]
    assert [r.path for r in server.requests] == ["/api/chat", "/api/ps", "/api/tags"]


async def test_a_model_of_the_cloud_has_no_file_here() -> None:
    with serving(wire.answer(HELLO), loaded=()) as server:
        assert await fingerprints(server, "gpt-oss:120b-cloud") == [{}]
    assert [r.path for r in server.requests] == ["/api/chat"]


async def test_no_word_on_the_file_costs_a_bounded_time_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ollama_serving, "ASK_S", 0.1)
    with serving(wire.answer(HELLO)) as server:
        for script in (lambda reply: reply.stall(), answering({"models": None}), answering(None)):
            server.routes["/api/ps"] = script
            assert await fingerprints(server, "llama3.3", "llama3.3") == [{}, {}]


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


@pytest.mark.parametrize("kept", [0, 2])
async def test_lines_that_a_proxy_has_joined_are_read(kept: int) -> None:
    events = wire.answer(["Hel", "lo}{", " there"])
    joined = b"".join(events[:kept]) + b"".join(event.strip() for event in events[kept:])
    completion, _ = await ask([joined])
    assert (completion.state, completion.text) == ("complete", "Hello}{ there")
