"""What Ollama says of the file that it serves: asked after the answer, once for each model that is loaded."""

from __future__ import annotations

import pytest

from providers.adapters import ollama_serving
from providers.completion import Cost
from providers.interface import Request
from providers.measuring.measure import complete
from tests.providers.adapters.ollama_adapter import HELLO, adapter, answering, serving
from tests.wire import ollama as wire
from tests.wire.server import WireServer

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
