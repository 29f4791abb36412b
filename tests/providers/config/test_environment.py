"""What the user set in the environment: keys, addresses, versions; and mistakes that name their variable."""

from pathlib import Path

import pytest

from providers.config.connections import ENVIRONMENT, PRESETS, Connection
from providers.config.deadlines import Deadlines
from providers.secrets import Secret
from tests.providers.config.loading import loaded

KEYED = [preset for preset in PRESETS.values() if preset.key_variable]


@pytest.mark.parametrize("preset", KEYED, ids=lambda preset: preset.name)
def test_every_key_variable_makes_its_provider_usable(preset: Connection, tmp_path: Path) -> None:
    for value in ("key-in-the-environment", " key-in-the-environment\n"):
        found = loaded(tmp_path, **{preset.key_variable: value}).connections[preset.name]
        assert found.key == Secret("key-in-the-environment")
        assert found.usable
        assert found.endpoint == preset.endpoint


@pytest.mark.parametrize("value", ["", "  ", "\n"])
def test_an_empty_variable_is_not_set(value: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, OPENAI_API_KEY=value, OPENAI_BASE_URL=value.strip())
    assert found.connections["openai"].key is None
    assert not found.connections["openai"].usable
    assert found.connections["openai"].endpoint == PRESETS["openai"].endpoint


def test_addresses_and_versions_of_the_environment_are_honoured(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, OPENAI_BASE_URL="http://127.0.0.1:8000/v1", ANTHROPIC_BASE_URL="https://proxy.example/a",
        GOOGLE_GEMINI_BASE_URL="https://proxy.example/g", GOOGLE_GENAI_API_VERSION="v1", OLLAMA_HOST="10.0.0.5",
        GEMINI_API_KEY="key-of-gemini",
    ).connections  # fmt: skip
    assert (found["openai"].endpoint, found["openai"].api) == ("http://127.0.0.1:8000/v1", "chat")
    assert found["anthropic"].endpoint == "https://proxy.example/a"
    assert found["google"].endpoint == "https://proxy.example/g"
    assert (found["google"].api_version, found["google"].key) == ("v1", Secret("key-of-gemini"))
    assert (found["ollama"].endpoint, found["ollama"].local) == ("http://10.0.0.5:11434", True)


def test_no_variable_of_a_vendor_is_forgotten() -> None:
    named = {
        "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OLLAMA_API_KEY", "MISTRAL_API_KEY",
        "GROQ_API_KEY", "TOGETHER_API_KEY", "FIREWORKS_API_KEY", "OPENROUTER_API_KEY", "META_API_KEY",
        "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "GOOGLE_GENAI_API_VERSION", "OLLAMA_HOST",
    }  # fmt: skip
    assert named <= set(ENVIRONMENT)


@pytest.mark.parametrize(
    ("text", "environ", "api"),
    [
        ("", {}, "responses"),
        ('[providers.openai]\napi = "chat"', {}, "chat"),
        ("", {"COLLATE_OPENAI_API": "chat"}, "chat"),
        ('[providers.openai]\nbase_url = "http://127.0.0.1:8000/v1"', {}, "chat"),
        ('[providers.openai]\nbase_url = "http://127.0.0.1:8000/v1"\napi = "responses"', {}, "responses"),
        ("", {"OPENAI_BASE_URL": "http://127.0.0.1:8000/v1", "COLLATE_OPENAI_API": "responses"}, "responses"),
    ],
)
def test_the_api_follows_the_address_unless_forced(
    text: str, environ: dict[str, str], api: str, tmp_path: Path
) -> None:
    assert loaded(tmp_path, text, **environ).connections["openai"].api == api


@pytest.mark.parametrize("variable", ["COLLATE_FIRST_BYTE_S", "COLLATE_NO_CONTENT_S", "COLLATE_CALL_S"])
@pytest.mark.parametrize("value", ["0", "-1", "soon", "nan", "inf"])
def test_a_mistake_in_a_variable_names_the_variable(variable: str, value: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, **{variable: value})
    assert [variable in said for said in found.mistakes] == [True]
    assert found.deadlines == Deadlines()


def test_a_wrong_address_spoils_only_its_own_provider(tmp_path: Path) -> None:
    found = loaded(tmp_path, OPENAI_BASE_URL="api.example.com", OPENAI_API_KEY="key-of-mine").connections
    assert found["openai"].problem
    assert found["builtin"].usable
