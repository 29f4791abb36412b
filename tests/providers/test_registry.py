"""Which class speaks for a connection, and the boundary around lists of models."""

import subprocess
from dataclasses import replace
from typing import Any

import pytest

from prompts.core.child_process import python
from providers import errors, registry
from providers.config.connections import PRESETS, Connection
from providers.errors import ProviderError
from providers.interface import ModelInfo
from providers.registry import ADAPTERS, known_models, list_models, open_provider, usual_model
from tests.wire.server import Reply, WireServer


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_opens_without_its_sdk(name: str) -> None:
    provider = open_provider(PRESETS[name])
    assert (provider.name, provider.endpoint) == (name, PRESETS[name].endpoint)
    assert (provider.local, provider.deadlines) == (PRESETS[name].local, PRESETS[name].deadlines)


def test_the_api_chooses_between_the_two_of_openai() -> None:
    responses, chat = (open_provider(replace(PRESETS["openai"], api=api)) for api in ("responses", "chat"))
    assert [type(responses).__name__, type(chat).__name__] == ["OpenAIResponses", "OpenAIChat"]
    assert type(open_provider(replace(PRESETS["google"], api="responses"))).__name__ == "Google"


def test_no_sdk_is_imported_by_opening_every_provider() -> None:
    program = """
import sys
from providers.config.connections import PRESETS
from providers.registry import open_provider
for preset in PRESETS.values():
    open_provider(preset)
print(sorted({"openai", "anthropic", "google.genai", "ollama", "httpx", "httpx2", "genai_prices"} & set(sys.modules)))
"""
    done = subprocess.run(python("-c", program), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_adapter_named_here_exists() -> None:
    for place in ADAPTERS.values():
        assert place.startswith("providers.")


class Listing:
    """A provider whose list of models goes wrong."""

    local = False

    def __init__(self, exc: BaseException) -> None:
        self.exc = exc

    async def models(self) -> tuple[ModelInfo, ...]:
        raise self.exc


@pytest.mark.parametrize(
    ("exc", "kind"),
    [
        (errors.error("auth", "no"), "auth"),
        (RuntimeError("broken"), "protocol"),
        (RecursionError(), "protocol"),
        (ConnectionRefusedError("refused"), "connection"),
        (TimeoutError(), "timeout"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "protocol"),
    ],
)
async def test_whatever_goes_wrong_with_a_list_is_a_provider_error(exc: BaseException, kind: str) -> None:
    provider: Any = Listing(exc)
    with pytest.raises(ProviderError) as caught:
        await list_models(provider)
    assert caught.value.failure.kind == kind


async def test_a_list_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "LIST_S", 0.2)

    async def script(reply: Reply) -> None:
        await reply.stall()

    with WireServer(script) as server:
        provider = open_provider(replace(PRESETS["vllm"], base_url=f"{server.url}/v1"))
        with pytest.raises(ProviderError) as caught:
            await list_models(provider)
        await provider.aclose()
    assert caught.value.failure.kind == "timeout"
    assert "0.2 s" in caught.value.failure.message


def test_the_live_list_comes_first_and_the_catalogue_adds_to_it() -> None:
    live = (ModelInfo("gpt-9"), ModelInfo("gpt-4o", context_tokens=1))
    known = known_models("openai", live)
    assert known[:2] == live
    names = [model.id for model in known]
    assert len(names) == len(set(names))
    assert {model.source for model in known[2:]} == {"catalogue"}
    (o3,) = [model for model in known if model.id == "o3"]
    assert o3.retires_on == "2026-12-11"


def test_a_provider_without_a_catalogue_has_its_live_list() -> None:
    assert known_models("vllm") == ()
    assert known_models("vllm", (ModelInfo("mine"),)) == (ModelInfo("mine"),)


@pytest.mark.parametrize("name", ["ollama", "llamacpp"])
async def test_a_list_from_a_server_on_this_machine_that_is_not_running_says_so(name: str) -> None:
    with WireServer() as gone:
        address = gone.url
    for local, kind in ((True, "local_unavailable"), (False, "connection")):
        provider = open_provider(replace(PRESETS[name], base_url=address, local=local))
        with pytest.raises(ProviderError) as caught:
            await list_models(provider)
        await provider.aclose()
        assert caught.value.failure.kind == kind


@pytest.mark.parametrize(
    ("provider", "changes", "live", "usual"),
    [
        ("openai", {}, ("dall-e-9",), "gpt-6.1-terra"),
        ("openai", {"customised": True}, ("house-model",), "house-model"),
        ("openai", {"customised": True}, (), "gpt-6.1-terra"),
        ("ollama", {}, ("qwen3:8b",), "qwen3:8b"),
        ("lab", {}, ("a", "b"), "a"),
        ("lab", {}, (), None),
    ],
)
def test_the_usual_model_is_one_that_the_host_has(
    provider: str, changes: dict[str, bool], live: tuple[str, ...], usual: str | None
) -> None:
    base = PRESETS.get(provider) or Connection(provider, "openai", "Lab", "http://127.0.0.1:9/v1")
    assert usual_model(replace(base, **changes), tuple(map(ModelInfo, live))) == usual
