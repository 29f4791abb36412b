"""Addresses and keys: from arguments, from the environment, never on display."""

from dataclasses import replace

import pytest

from providers.config.connections import ALWAYS_SHOWN, BUILTIN_ENDPOINT, ENVIRONMENT, PRESETS, Connection, configured
from providers.secrets import Secret

KEYS = {name: preset.key_variable for name, preset in PRESETS.items() if preset.key_variable}


@pytest.mark.parametrize(("name", "variable"), KEYS.items())
def test_each_key_comes_from_its_variable(name: str, variable: str) -> None:
    found = configured(PRESETS[name], environ={variable: " value-of-the-key\n"})
    assert found.key == Secret("value-of-the-key")
    assert found.usable
    assert variable in ENVIRONMENT


@pytest.mark.parametrize("value", ["", " ", "\n"])
def test_an_empty_key_is_no_key(value: str) -> None:
    found = configured(PRESETS["openai"], environ={"OPENAI_API_KEY": value})
    assert found.key is None
    assert not found.usable


def test_googles_own_name_goes_before_geminis() -> None:
    both = {"GOOGLE_API_KEY": "key-of-google", "GEMINI_API_KEY": "key-of-gemini"}
    assert configured(PRESETS["google"], environ=both).key == Secret("key-of-google")
    assert configured(PRESETS["google"], environ={**both, "GOOGLE_API_KEY": ""}).key == Secret("key-of-gemini")
    assert configured(PRESETS["openai"], environ=both).key is None


def test_a_key_from_the_session_goes_before_the_environment() -> None:
    found = configured(PRESETS["openai"], environ={"OPENAI_API_KEY": "key-of-all"}, key=Secret("key-of-mine"))
    assert found.key == Secret("key-of-mine")


ADDRESSES = {
    "openai": "OPENAI_BASE_URL", "anthropic": "ANTHROPIC_BASE_URL", "google": "GOOGLE_GEMINI_BASE_URL",
    "ollama": "OLLAMA_HOST",
}  # fmt: skip


@pytest.mark.parametrize(("name", "variable"), ADDRESSES.items())
def test_each_address_comes_from_its_variable(name: str, variable: str) -> None:
    found = configured(PRESETS[name], environ={variable: "https://proxy.example.com:8443/x/"})
    assert found.base_url == found.endpoint == "https://proxy.example.com:8443/x"
    assert found.customised
    assert variable in ENVIRONMENT
    assert configured(PRESETS["mistral"], environ={variable: "https://proxy.example.com"}) == PRESETS["mistral"]


def test_the_variable_goes_before_the_file() -> None:
    found = configured(
        PRESETS["openai"], environ={"OPENAI_BASE_URL": "https://a.example/v1"}, base_url="https://b.example/v1"
    )
    assert found.endpoint == "https://a.example/v1"


def test_the_version_of_googles_api_comes_from_its_variable() -> None:
    assert configured(PRESETS["google"], environ={}).api_version is None
    assert configured(PRESETS["google"], environ={"GOOGLE_GENAI_API_VERSION": "v1"}).api_version == "v1"
    assert configured(PRESETS["openai"], environ={"GOOGLE_GENAI_API_VERSION": "v1"}).api_version is None


@pytest.mark.parametrize(
    ("address", "forced", "api", "customised"),
    [
        (None, None, "responses", False),
        (None, "chat", "chat", False),
        ("https://api.openai.com/v1/", None, "responses", False),
        ("https://eu.api.openai.com/v1", None, "chat", True),
        ("http://127.0.0.1:8000/v1", None, "chat", True),
        ("http://127.0.0.1:8000/v1", "responses", "responses", True),
        ("https://api.openai.com.example.org/v1", None, "chat", True),
    ],
)
def test_another_address_means_chat_completions_unless_forced(address, forced, api: str, customised: bool) -> None:
    environ = {"OPENAI_BASE_URL": address} if address else {}
    found = configured(PRESETS["openai"], environ=environ, api=forced)
    assert (found.api, found.customised) == (api, customised)


OLLAMA = {
    "localhost": "http://localhost:11434",
    "10.0.0.5": "http://10.0.0.5:11434",
    "10.0.0.5:8080": "http://10.0.0.5:8080",
    ":8080": "http://127.0.0.1:8080",
    "0.0.0.0": "http://127.0.0.1:11434",  # noqa: S104
    "0.0.0.0:8080": "http://127.0.0.1:8080",
    "http://0.0.0.0:11434": "http://127.0.0.1:11434",
    "http://gpu.example": "http://gpu.example:80",
    "https://gpu.example": "https://gpu.example:443",
    "https://gpu.example:8443/": "https://gpu.example:8443",
    "https://gpu.example/ollama": "https://gpu.example:443/ollama",
    "https://gpu.example:8443/ollama/": "https://gpu.example:8443/ollama",
    "gpu.example/ollama": "http://gpu.example:11434/ollama",
    "[::1]": "http://[::1]:11434",
    "[::1]:8080": "http://[::1]:8080",
    "http://[fe80::1]:8080": "http://[fe80::1]:8080",
    " localhost:11434 ": "http://localhost:11434",
}


@pytest.mark.parametrize(("text", "url"), OLLAMA.items())
def test_ollamas_forms_of_an_address(text: str, url: str) -> None:
    found = configured(PRESETS["ollama"], environ={"OLLAMA_HOST": text})
    assert found.base_url == url
    assert found.problem is None
    assert found.local
    assert found.usable


def test_ollama_in_the_vendors_cloud_is_not_local() -> None:
    assert not configured(PRESETS["ollama"], environ={"OLLAMA_HOST": "https://ollama.com"}).local
    assert not configured(PRESETS["ollama"], environ={"OLLAMA_HOST": "https://eu.ollama.com"}).local
    assert configured(PRESETS["ollama"], environ={"OLLAMA_HOST": "https://notollama.com"}).local


@pytest.mark.parametrize(
    "address",
    [
        "api.example.com/v1",
        "ftp://api.example.com",
        "http://",
        "http://[::1",
        "http://host:port",
        "://",
        "http://x:99999",
    ],
)
def test_what_is_no_address_is_a_problem_and_not_a_request(address: str) -> None:
    found = configured(PRESETS["openai"], environ={"OPENAI_BASE_URL": address, "OPENAI_API_KEY": "key-of-all"})
    assert found.problem is not None
    assert address in found.problem
    assert not found.usable


ADDRESS_WITH_CREDENTIALS = "https://me:hidden-word@proxy.example.com:8443/v1"


def test_credentials_in_an_address_are_not_shown() -> None:
    environ = {"OPENAI_BASE_URL": ADDRESS_WITH_CREDENTIALS, "OPENAI_API_KEY": "hidden-key"}
    found = replace(configured(PRESETS["openai"], environ=environ), proxy="http://me:hidden-word@proxy.example.com")
    assert found.endpoint == "https://proxy.example.com:8443/v1"
    assert found.base_url == ADDRESS_WITH_CREDENTIALS  # the request does carry them
    assert "hidden" not in repr(found)
    assert "hidden" not in str(found)


def test_credentials_in_what_is_no_address_are_not_shown() -> None:
    found = configured(PRESETS["openai"], environ={"OPENAI_BASE_URL": "ftp://me:hidden-word@files.example.com"})
    assert "hidden" not in (found.problem or "")


def test_the_built_in_models_go_nowhere() -> None:
    assert PRESETS["builtin"].endpoint == BUILTIN_ENDPOINT
    assert PRESETS["builtin"].usable


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_whole(name: str) -> None:
    preset = PRESETS[name]
    assert preset.name == name
    assert preset.label
    assert preset.needs_key == (bool(preset.key_variable) and name != "ollama")
    assert preset.local == (not preset.needs_key)
    assert preset.usable == preset.local
    assert preset.base_url.startswith("http") or name == "builtin"
    assert not preset.base_url.endswith("/")
    assert preset.base_url.startswith("https://") or preset.local


def test_what_is_always_shown_is_there() -> None:
    assert set(ALWAYS_SHOWN) <= set(PRESETS)
    assert len(ENVIRONMENT) == len(set(ENVIRONMENT))


def test_two_connections_with_different_keys_are_different() -> None:
    one, other = (replace(PRESETS["openai"], key=Secret(key)) for key in ("first-key", "other-key"))
    assert one != other
    assert hash(one) == hash(replace(one))
    assert isinstance(one, Connection)
