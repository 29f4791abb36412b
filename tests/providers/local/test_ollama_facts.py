from typing import Any

import pytest

from providers import errors
from providers.adapters.ollama_listing import full_name
from providers.local.ollama_facts import Installed, advice, cache_bytes_per_token, wanted, work_buffers
from tests.wire import ollama as wire


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, 2 * 32 * 8 * 128 * 2),
        ({"attention__key_length": 256, "attention__value_length": 64}, 32 * 8 * 320 * 2),
        ({"attention__head_count_kv": None}, 2 * 32 * 32 * 128 * 2),
        ({"attention__head_count_kv": []}, None),
        ({"block_count": None}, None),
        ({"embedding_length": None}, None),
        ({"attention__kv_lora_rank": 512}, None),
    ],
    ids=["llama 3 8b", "own lengths", "without grouping", "by layer", "no layers", "no width", "compressed"],
)
def test_the_cache_of_one_token(facts: dict[str, Any], expected: int | None) -> None:
    assert cache_bytes_per_token(wire.show(**facts)["model_info"]) == expected


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (
            2048,
            512 * 4 * (4096 + 128_256),
        ),  # the words it chooses from outweigh a short context: llama.cpp says 258 MiB
        (8192, 512 * 4 * (1 + 4 * 4096 + 8192 * 33)),  # llama.cpp says 560 MiB for an 8B Llama without flash attention
    ],
)
def test_what_computing_takes_beside_weights_and_cache(context: int, expected: int) -> None:
    work = work_buffers(wire.show(vocab_size=128_256)["model_info"])
    assert work is not None
    assert work.bytes_at(context) == expected


def test_an_architecture_that_is_not_told_has_no_figures() -> None:
    assert cache_bytes_per_token({}) is None
    assert work_buffers({}) is None
    assert work_buffers(wire.show()["model_info"]) is None
    assert work_buffers(wire.show(vocab_size=32_000, attention__head_count=[8, 16])["model_info"]) is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" llama3.2 ", "llama3.2"),
        ("ollama run qwen3:8b", "qwen3:8b"),
        ("ollama pull  hf.co/someone/model-GGUF:Q4_K_M", "hf.co/someone/model-GGUF:Q4_K_M"),
        ("https://ollama.com/library/gemma3:27b", "gemma3:27b"),
        ("https://ollama.com/someone/model", "someone/model"),
        ("two words", ""),
        ("", ""),
        ("llama;rm", ""),
    ],
)
def test_what_was_typed_or_pasted_as_a_name(typed: str, name: str) -> None:
    assert wanted(typed) == name


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("write /x: no space left on device", "The disk is full"),
        ("pull model manifest: file does not exist", "Check the name"),
        ("pull model manifest: 412: requires a newer version of Ollama", "Update Ollama"),
        (
            'Get "https://registry.ollama.ai/": dial tcp: lookup registry.ollama.ai: no such host',
            "Check the network",
        ),
        ("max retries exceeded: EOF", "Check the network"),
        ("max retries exceeded: no space left on device", "The disk is full"),
        ("something new", "Ollama failed on its side"),
    ],
)
def test_each_trouble_has_a_next_step(message: str, said: str) -> None:
    assert said in advice(errors.failure("server", message), "http://127.0.0.1:11434")


@pytest.mark.parametrize(
    ("failed", "endpoint", "said"),
    [
        (errors.failure("local_unavailable", "refused"), "http://localhost:11434", "start it with “ollama serve”"),
        (errors.failure("local_unavailable", "refused"), "http://192.0.2.7:11434", "On that machine start it"),
        (errors.failure("connection", "cannot find the host (x)"), "http://nas:11434", "No machine has the name"),
        (errors.failure("connection", "reset"), "http://localhost:11434", "then try again"),
    ],
)
def test_who_cannot_be_reached_is_told_where_to_look(failed: errors.Failure, endpoint: str, said: str) -> None:
    assert said in advice(failed, endpoint)


@pytest.mark.parametrize(
    ("name", "cloud"),
    [("gpt-oss:120b-cloud", True), ("glm-4.6:cloud", True), ("cloud:latest", False), ("llama3.2:latest", False)],
)
def test_a_model_of_the_cloud_is_known_by_its_tag(name: str, cloud: bool) -> None:
    assert Installed(name, None, 384).in_cloud is cloud


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("llama3.2", "llama3.2:latest"), ("llama3.2:1b", "llama3.2:1b"), ("someone/model", "someone/model:latest"),
        ("localhost:5000/someone/model", "localhost:5000/someone/model:latest"),
    ],
)  # fmt: skip
def test_a_name_without_a_tag_means_the_latest(name: str, full: str) -> None:
    assert full_name(name) == full
