"""The Responses adapter, through the real SDK, against a server that speaks the format."""

from __future__ import annotations

import pytest

from providers.adapters.openai_responses import OpenAIResponses
from providers.completion import Cost
from providers.config.connections import Connection
from providers.interface import Adjustment, Attachment, Delta, Done, Message, Request, ServerTimings, Settings, Usage
from providers.measuring.measure import complete
from tests.providers.adapters.asking import playing
from tests.providers.adapters.openai_responses_adapter import ASK, HELLO, adapter, ask
from tests.wire import openai_responses as wire
from tests.wire.openai_chat import error_body
from tests.wire.server import Reply, WireServer


async def test_an_answer_arrives_whole_with_its_thinking_usage_and_names() -> None:
    completion, _ = await ask(wire.answer(HELLO, thoughts=["**Think", "ing**"], usage=wire.THOUGHT_USAGE))
    assert (completion.state, completion.text, completion.thinking) == ("complete", "Hello wörld 🌍", "**Thinking**")
    assert completion.usage == Usage(21, 34, 16, 4, 10)
    assert completion.raw_usage == wire.THOUGHT_USAGE
    assert (completion.stop_reason, completion.response_model) == ("completed", wire.MODEL)
    assert completion.response_id == wire.ID
    assert completion.flags == ()


async def test_a_direct_read_gives_deltas_then_exactly_one_done() -> None:
    with WireServer(playing([*wire.answer(HELLO), *wire.answer(["again"])])) as server:
        provider = adapter(server)
        await provider.prepare(ASK)
        items = [item async for item in provider.stream(ASK)]
        await provider.aclose()
    assert items[:-1] == [Delta("text", piece) for piece in HELLO]
    assert isinstance(items[-1], Done)
    assert items[-1].stop == "stop"


async def test_raw_reasoning_is_thinking_too() -> None:
    raw = wire.event("response.reasoning_text.delta", 2, item_id="rs", output_index=0, content_index=0, delta="hm")
    start, *rest = wire.answer(["yes"])
    completion, _ = await ask([start, raw, *rest])
    assert (completion.thinking, completion.text) == ("hm", "yes")


async def test_every_setting_reaches_the_body_or_is_said_not_to() -> None:
    settings = Settings("Be brief.", 0.0, 0.9, 77, 0, ("END",), "minimal")
    completion, server = await ask(wire.answer(HELLO), Request.ask("m", "Say hello.", settings))
    assert server.requests[0].json == {
        "model": "m", "input": [{"role": "user", "content": "Say hello."}], "stream": True, "store": False,
        "instructions": "Be brief.", "temperature": 0.0, "top_p": 0.9, "max_output_tokens": 77,
        "reasoning": {"effort": "minimal", "summary": "auto"},
    }  # fmt: skip
    why = 'The Responses API takes none (api = "chat" does)'
    assert completion.adjustments == (Adjustment("seed", why), Adjustment("stop", why))


async def test_no_thinking_asks_for_no_summary_of_it() -> None:
    _, server = await ask(wire.answer(HELLO), Request.ask("m", "x", Settings(effort="none")))
    assert server.requests[0].json["reasoning"] == {"effort": "none"}


@pytest.mark.parametrize(
    ("base_url", "options"),
    [
        ("https://api.openai.com/v1", {"include_obfuscation": False}),
        ("https://eu.api.openai.com/v1", {"include_obfuscation": False}),
        ("http://127.0.0.1:8080/v1", None),
    ],
)
def test_only_openai_itself_is_asked_to_leave_out_the_padding(base_url: str, options) -> None:
    provider = OpenAIResponses(Connection("x", "openai", "X", base_url))
    assert provider.arguments(ASK).get("stream_options") == options


async def test_a_conversation_and_its_attachments_become_input_items() -> None:
    files = (Attachment("a.png", "image/png", b"\x89PNG"), Attachment("b.pdf", "application/pdf", b"%PDF"))
    messages = (Message("user", "One"), Message("assistant", "Two"), Message("user", "Three", files))
    _, server = await ask(wire.answer(HELLO), Request("m", messages))
    assert server.requests[0].json["input"] == [
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": "Two"},
        {
            "role": "user",
            "content": [
                {"type": "input_image", "image_url": "data:image/png;base64,iVBORw==", "detail": "auto"},
                {"type": "input_file", "filename": "b.pdf", "file_data": "data:application/pdf;base64,JVBERg=="},
                {"type": "input_text", "text": "Three"},
            ],
        },
    ]


@pytest.mark.parametrize(
    ("status", "kind", "retry", "state"),
    [
        (400, "bad_request", "no", "failed"),
        (401, "auth", "no", "failed"),
        (404, "not_found", "no", "failed"),
        (429, "rate_limit", "yes", "failed"),
        (500, "server", "yes", "failed"),
        (504, "timeout", "ask", "unknown"),
    ],
)
async def test_an_error_status_is_one_request_and_one_failure(status: int, kind: str, retry: str, state: str) -> None:
    async def script(reply: Reply) -> None:
        headers = {"x-request-id": "req_123", "retry-after": "7", "x-should-retry": "true"}
        await reply.body(error_body("It cannot be", None, None, "model"), status, headers)

    completion, _ = await ask(script)
    failure = completion.error
    assert failure is not None
    assert (failure.kind, failure.retry, failure.status, completion.state) == (kind, retry, status, state)
    assert (failure.message, failure.parameter) == ("It cannot be", "model")
    assert (failure.request_id, failure.retry_after_s) == ("req_123", 7.0)


async def test_models_are_listed_with_their_last_day() -> None:
    async def script(reply: Reply) -> None:
        entry = {"id": "o3", "object": "model", "created": 1, "owned_by": "system", "shutdown_date": "2026-12-11"}
        await reply.json({"object": "list", "data": [entry]})

    with WireServer(script) as server:
        provider = adapter(server)
        listed = await provider.models()
        await provider.aclose()
    assert [(model.id, model.retires_on) for model in listed] == [("o3", "2026-12-11")]


async def test_the_tokens_of_a_failed_response_are_counted_and_priced() -> None:
    broken = wire.response("failed", usage=wire.USAGE, error={"code": "server_error", "message": "It broke"})
    with WireServer(
        playing([*wire.answer(["so ", "far"])[:-1], wire.event("response.failed", 9, response=broken)])
    ) as server:
        provider = adapter(server)
        completion = await complete(provider, ASK, price=lambda bill: Cost("unknown", reason=repr(bill.usage)))
        await provider.aclose()
    assert (completion.state, completion.text, completion.flags) == ("failed", "so far", ())
    assert completion.usage == Usage(wire.USAGE["input_tokens"], wire.USAGE["output_tokens"], 16, 4, 0)
    assert (completion.stop_reason, completion.cost.reason) == ("failed", repr(completion.usage))


async def test_what_vllm_says_of_its_own_time_is_kept_apart() -> None:
    metrics = {"time_to_first_token_ms": 250.0, "generation_time_ms": 500.0, "queue_time_ms": 125.0}
    completion, _ = await ask(wire.answer(HELLO, metrics=metrics))
    assert completion.state == "complete"
    assert completion.server_timings == ServerTimings(prompt_s=0.25, eval_s=0.5, queue_s=0.125)
