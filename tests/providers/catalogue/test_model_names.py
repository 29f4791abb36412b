"""One model under many names, and different models under similar ones."""

import pytest

from providers.catalogue.model_names import normal, same_model

SAME = [
    ("gpt-4o", "gpt-4o-2024-08-06"),
    ("GPT-4o", "gpt-4o"),
    ("gpt-4", "gpt-4-0613"),
    ("claude-sonnet-5-5", "claude-sonnet-5-5-20260901"),
    ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
    ("mistral-large-latest", "mistral-large-2512"),
    ("mistral-large-latest", "mistral-large-4"),
    ("mistral-medium-latest", "mistral-medium-3.5"),
    ("codestral-latest", "codestral-2508"),
    ("llama3.3", "llama3.3:latest"),
    ("llama3.3:latest", "llama3.3"),
    ("llama3.3:70b", "llama3.3:70b-instruct-q4_K_M"),
    ("models/gemini-3.8-flash", "gemini-3.8-flash"),
    ("gemini-2.0-flash", "gemini-2.0-flash-001"),
    ("gemini-flash-latest", "gemini-3.8-flash"),
    ("gemini-pro-latest", "gemini-3.1-pro-preview"),
    ("gemini-flash-lite-latest", "models/gemini-3.5-flash-lite"),
    ("meta-llama/Llama-4-Scout", "llama-4-scout"),
    ("grok-4", "grok-4-0709"),
    ("x-ai/grok-4", "x-ai/grok-4-07-09"),
    ("grok-4-latest", "grok-4-0709"),
    ("gemini-3.8-flash-preview", "gemini-3.8-flash-preview-05-20"),
    ("gemini-2.5-flash-preview-09-2025", "google/gemini-2.5-flash-preview"),
    ("meta-llama/llama-3.3-70b-instruct:free", "meta-llama/llama-3.3-70b-instruct"),
    ("deepseek/deepseek-r1-0528:free", "deepseek/deepseek-r1-0528"),
    ("openai/gpt-5.4", "gpt-5.4-2026-03-05"),
    ("anthropic/claude-3.7-sonnet:thinking", "claude-3-7-sonnet-20250219"),
    ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5-20250929"),
    ("claude-sonnet-4-5", "claude-sonnet-4-5@20250929"),
    ("claude-sonnet-4-0", "claude-sonnet-4-20250514"),
    ("claude-opus-4-0", "claude-opus-4-20250514"),
    ("anthropic/claude-sonnet-4.5", "anthropic/claude-4.5-sonnet-20250929"),
    ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929"),
    ("mistralai/mistral-large-4-0", "mistral-large-4"),
    ("qwen2.5-7b-instruct", "/models/qwen2.5-7b-instruct-q4_k_m.gguf"),
    ("Qwen/Qwen3-8B", "/models/Qwen3-8B-Q8_0.gguf"),
    ("llama-3.2-3b", "C:\\models\\Llama-3.2-3B-Instruct-IQ4_XS.gguf"),
    (
        "meta-llama/Llama-3.1-8B-Instruct",
        "/root/.cache/huggingface/hub/models--meta-llama--Llama-3.1-8B-Instruct/snapshots/0e9e39f249a16976918f6564b8830bc894c89659",
    ),
    ("lmstudio-community/Meta-Llama-3.1-8B-Instruct-GGUF", "meta-llama-3.1-8b-instruct"),
    ("accounts/fireworks/models/llama-v3p1-8b-instruct", "llama-3.1-8b-instruct"),
    ("accounts/fireworks/models/gpt-oss-120b", "gpt-oss-120b"),
    ("accounts/fireworks/models/qwen2p5-72b-instruct", "Qwen/Qwen2.5-72B-Instruct"),
    ("gpt-oss:120b-cloud", "gpt-oss:120b"),
    ("gpt-oss:120b", "openai/gpt-oss-120b"),
    ("gpt-35-turbo", "gpt-3.5-turbo-0125"),
    ("ft:gpt-4o-mini:acme::abc", "ft:gpt-4o-mini-2024-07-18:acme::abc"),
    ("meta-llama/llama-4-maverick", "meta-llama/llama-4-maverick-17b-128e-instruct"),
    ("meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8", "llama-4-maverick"),
    ("hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M", "llama-3.2-1b-instruct"),
    ("qwen3-30b-a3b@q4_k_m", "Qwen3-30B-A3B"),
    ("deepseek-ai/DeepSeek-R1:novita", "deepseek-ai/DeepSeek-R1"),
    ("local-model", "/models/anything.gguf"),
    ("openrouter/auto", "anthropic/claude-sonnet-4.5"),
    ("@cf/meta/llama-3.1-8b-instruct", "llama-3.1-8b-instruct"),
    ("publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro"),
    ("gemma-3", "gemma-3-27b-it"),
    ("mlx-community/Qwen3-4B-4bit", "qwen3-4b"),
    ("nvidia/Llama-3.1-8B-Instruct-FP8", "llama-3.1-8b-instruct"),
    ("mistral-small-3.2-24b-instruct", "mistral-small-3.2-24b-instruct-2506"),
]

OTHER = [
    ("gpt-4o", "gpt-4o-mini"),
    ("gpt-4", "gpt-4o"),
    ("gpt-5", "gpt-5.4"),
    ("gpt-5.4", "gpt-5.4-nano-2026-03-05"),
    ("o1", "o1-pro"),
    ("o1", "o1-preview"),
    ("o3", "gpt-4o"),
    ("claude-opus-4", "claude-opus-4-1"),
    ("claude-opus-4-1", "claude-opus-4-20250514"),
    ("gemini-2.5-flash", "gemini-2.5-flash-lite"),
    ("gemini-flash-latest", "gemini-3.5-flash-lite"),
    ("llama3.3:70b", "llama3.3:8b"),
    ("gpt-4o-mini", "gpt-4o"),
    ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06"),
    ("gemini-2.0-flash-001", "gemini-2.0-flash-002"),
    ("mistral-large-2411", "mistral-large-2512"),
    ("gpt-5-chat-latest", "gpt-5"),
    ("gpt-3.5-turbo", "gpt-3.5-turbo-instruct"),
    ("ft:gpt-4o-mini:acme::abc", "gpt-4o-mini-2024-07-18"),
    ("ft:gpt-4o-mini:acme::abc", "ft:gpt-4o-mini:acme::xyz"),
    ("meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B"),
    ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.2-8B"),
    ("qwen3-30b-a3b-instruct-2507", "qwen3-30b-a3b-thinking-2507"),
    ("llama-3.1-8b-q4_k_m", "llama-3.1-8b-q8_0"),
    ("mistral-7b-instruct-v0.2", "mistral-7b-instruct-v0.3"),
    ("deepseek-chat", "deepseek-reasoner"),
    ("gemini-3.7-flash", "gemini-3.8-flash"),
    ("claude-sonnet-latest", "claude-opus-4-5"),
    ("gpt-5.6-sol", "gpt-5.6-terra"),
    ("qwen2.5-7b", "qwen2.5-coder-7b"),
    ("phi3:mini", "phi3:medium"),
    ("grok-4", "grok-4-fast"),
    ("gpt-4-turbo", "gpt-4"),
    ("mistral-medium-latest", "mistral-small-2603"),
    ("gpt-oss-20b", "gpt-oss-120b"),
]


@pytest.mark.parametrize(("asked", "answered"), SAME)
def test_another_spelling_is_the_same_model(asked: str, answered: str) -> None:
    assert same_model(asked, answered)


@pytest.mark.parametrize(("asked", "answered"), OTHER)
def test_another_size_version_or_purpose_is_another_model(asked: str, answered: str) -> None:
    assert not same_model(asked, answered)


@pytest.mark.parametrize("name", sorted({name for pair in (*SAME, *OTHER) for name in pair}))
def test_every_name_is_itself_in_capitals_too(name: str) -> None:
    assert same_model(name, name.upper())
    assert normal(name) == normal(f" {name.upper()} ")
