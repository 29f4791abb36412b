"""What is made of models that cannot be asked as they are written."""

from dataclasses import replace

import pytest

from dashboard.compose.chips import sorted_out
from providers.config.connections import PRESETS

MODELS = {"openai": ["gpt-4o", "gpt-4o-mini"], "openrouter": ["openai/gpt-4o"], "ollama": ["llama3.3:70b"]}


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("gpt-4o", ("openai:gpt-4o", "openrouter:openai/gpt-4o", "openai:gpt-4o-mini")),
        ("GPT-4o-mini", ("openai:gpt-4o-mini",)),
        ("llama3.3:70b", ("ollama:llama3.3:70b",)),
        ("nothing like it", ()),
        ("gone:model", ()),
    ],
)
def test_a_name_without_a_provider_is_offered_with_those_that_have_it(text: str, offers: tuple[str, ...]) -> None:
    good, (faulty,) = sorted_out([text, "builtin:ngram-3"], PRESETS, MODELS)
    assert good == ["builtin:ngram-3"]
    assert (faulty.text, faulty.offers) == (text, offers)


def test_a_provider_that_is_configured_wrongly_is_left_out_alone() -> None:
    broken = {**PRESETS, "openai": replace(PRESETS["openai"], problem="the address is none")}
    good, (faulty,) = sorted_out(["openai:gpt-4o", "google:gemini-3-flash"], broken, MODELS)
    assert good == ["google:gemini-3-flash"]
    assert faulty.why == "OpenAI: the address is none"
