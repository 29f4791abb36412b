"""Addresses as people paste them, and where requests go for each."""

import pytest

from providers.config.addresses import address

READ = [
    ("openai", "http://h:1/v1/chat/completions", "http://h:1/v1"),
    ("openai", "http://h:1/v1/chat/completions/", "http://h:1/v1"),
    ("openai", "http://h:1/v1/completions", "http://h:1/v1"),
    ("openai", "http://h:1/v1/responses", "http://h:1/v1"),
    ("openai", "http://h:1/v1/models", "http://h:1/v1"),
    ("openai", "http://h:1/v1/images/generations", "http://h:1/v1"),
    ("openai", "http://h:1/v1.", "http://h:1/v1"),
    ("openai", "http://h:1/v1/v1", "http://h:1/v1"),
    ("openai", "http://h:1//v1//v1/chat/completions", "http://h:1/v1"),
    ("openai", "https://g.example/v1beta/openai/chat/completions", "https://g.example/v1beta/openai"),
    ("openai", "https://g.example/openai/v1", "https://g.example/openai/v1"),
    ("openai", "https://g.example/api/v1/v1x", "https://g.example/api/v1/v1x"),
    ("openai", "https://g.example/models/mine", "https://g.example/models/mine"),
    ("openai", "https://g.example", "https://g.example"),
    ("anthropic", "https://g.example/v1", "https://g.example"),
    ("anthropic", "https://g.example/v1/messages", "https://g.example"),
    ("anthropic", "https://g.example/anthropic/v1/messages/count_tokens", "https://g.example/anthropic"),
    ("anthropic", "https://g.example/v1/account/anthropic", "https://g.example/v1/account/anthropic"),
    ("anthropic", "https://g.example/v1/v1/messages", "https://g.example"),
    ("google", "https://g.example/v1beta", "https://g.example"),
    ("google", "https://g.example/p/v1/models/gemini-3:generateContent?key=k", "https://g.example/p"),
    ("google", "https://g.example/v1beta/openai/", "https://g.example"),
    ("ollama", "h/v1", "http://h:11434"),
    ("ollama", "http://h:11434/api/chat", "http://h:11434"),
    ("ollama", "http://h:11434/api", "http://h:11434"),
    ("ollama", "http://h:11434/v1/chat/completions", "http://h:11434"),
    ("ollama", "https://h/ollama/api/generate", "https://h:443/ollama"),
]


@pytest.mark.parametrize(("kind", "text", "url"), READ)
def test_the_end_that_an_sdk_adds_itself_is_cut_and_said(kind: str, text: str, url: str) -> None:
    found = address(text, kind)
    assert (found.url, found.problem) == (url, None)
    cut = len(url) < len(text.partition("?")[0].rstrip("/")) and not text.startswith("h")
    assert not cut or url in found.notes[0]


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("https://g/v1beta", "v1beta"),
        ("https://g/v1/models", "v1"),
        ("https://g/v1alpha", "v1alpha"),
        ("http://g", None),
    ],
)
def test_the_version_of_geminis_api_in_a_path_is_the_one_that_is_asked(text: str, version: str | None) -> None:
    assert address(text, "google").api_version == version


@pytest.mark.parametrize(
    ("text", "usual", "always", "url"),
    [
        ("https://api.openai.com", "https://api.openai.com/v1", False, "https://api.openai.com/v1"),
        ("https://api.openai.com/", "https://api.openai.com/v1", False, "https://api.openai.com/v1"),
        ("http://proxy", "https://api.openai.com/v1", False, "http://proxy"),
        ("http://10.0.0.5:8000", "http://127.0.0.1:8000/v1", True, "http://10.0.0.5:8000/v1"),
        ("http://10.0.0.5:8000/x", "http://127.0.0.1:8000/v1", True, "http://10.0.0.5:8000/x"),
    ],
)
def test_a_path_that_is_known_to_be_needed_is_added_and_said(text: str, usual: str, always: bool, url: str) -> None:
    found = address(text, "openai", usual=usual, always=always)
    assert found.url == url
    assert bool(found.notes) == (url != text)


def test_a_query_is_sent_along_where_the_sdk_can_and_left_out_aloud_elsewhere() -> None:
    kept = address("https://h/openai/deployments/d/chat/completions?api-version=2024-10-21&x=", "openai")
    assert kept.query == (("api-version", "2024-10-21"), ("x", ""))
    for kind in ("google", "ollama"):
        left = address("http://h:1?key=hidden", kind)
        assert left.query == ()
        assert "left out" in left.notes[0]
        assert "hidden" not in str(left)


@pytest.mark.parametrize("text", ["http://a\nb", "http://a b/v1", "https://host:1 /v1", "h", "ftp://h", "http:///v1"])
def test_what_is_no_address_is_said_to_be_none(text: str) -> None:
    assert "is not an address" in (address(text, "openai").problem or "")


@pytest.mark.parametrize(
    "text", ["http://h:99999", "http://h:0/v1", "https://h:abc", "http://[::1]:70000", "http://h:-1"]
)
def test_a_port_that_is_none_is_said_to_be_the_fault(text: str) -> None:
    for kind in ("openai", "ollama"):
        assert "its port must be a number from 1 to 65535" in (address(text, kind).problem or "")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ('"10.0.0.5"', "http://10.0.0.5:11434"),
        ("' 10.0.0.5:8080 '", "http://10.0.0.5:8080"),
        ("::1", "http://[::1]:11434"),
        ("fe80::1", "http://[fe80::1]:11434"),
        ("::", "http://[::1]:11434"),
        ("http://", "http://127.0.0.1:80"),
        ("https://:8443/", "https://127.0.0.1:8443"),
        ("[::]:8080", "http://[::1]:8080"),
        ("http://[::]:8080", "http://[::1]:8080"),
        ("ollama.com", "https://ollama.com:443"),
        ("https://ollama.com/", "https://ollama.com:443"),
        ("https://ollama.com/api", "https://ollama.com:443"),
        ("https://me:word@gpu.example", "https://me:word@gpu.example:443"),
    ],
)
def test_ollama_host_is_read_as_ollama_reads_it(text: str, url: str) -> None:
    assert address(text, "ollama").url == url


@pytest.mark.parametrize(
    "pasted",
    [
        "POST https://g.example/v1", "curl 'https://g.example/v1' \\", "base_url=https://g.example/v1",
        'base_url: "https://g.example/v1",', "<https://g.example/v1>", "[docs](https://g.example/v1)",
        "https://https://g.example/v1", "http://https://g.example/v1", "OPENAI_BASE_URL=https://g.example/v1",
    ],
)  # fmt: skip
def test_what_was_copied_around_an_address_is_left_out_and_said(pasted: str) -> None:
    found = address(pasted, "openai")
    assert (found.url, found.problem) == ("https://g.example/v1", None)
    assert found.notes == ("The address was read as https://g.example/v1, without the characters around it.",)


@pytest.mark.parametrize(
    "text",
    [
        "https://proxy.example/https://g.example/v1",
        "https://g.example/a?url=https://h/v1",
        "https://u:p=a@g.example/v1",
    ],
)
def test_an_address_within_an_address_is_part_of_it(text: str) -> None:
    found = address(text, "openai")
    assert (found.url, found.notes) == (text.partition("?")[0], ())


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("api.openai.com/v1", "https://api.openai.com/v1"),
        ("//api.openai.com/v1", "https://api.openai.com/v1"),
        ("localhost:1234/v1", "http://localhost:1234/v1"),
        ("192.168.1.4:8000", "http://192.168.1.4:8000"),
        ("http://::1:8000/v1", "http://[::1]:8000/v1"),
        ("::1", "http://[::1]"),
        ("[fe80::1]:80/v1", "http://[fe80::1]:80/v1"),
        ("me:hidden@g.example/v1", "https://***@g.example/v1"),
    ],
)
def test_what_is_no_address_yet_is_told_how_to_write_it(text: str, instead: str) -> None:
    found = address(text, "openai").problem or ""
    assert found.endswith(f"is not an address; write {instead}")
    assert "hidden" not in found


@pytest.mark.parametrize("text", ["ftp://g.example", "ws://g.example/v1", "an address", "sk-abcdefghijklmnop", ""])
def test_what_cannot_be_guessed_is_not(text: str) -> None:
    found = address(text, "openai").problem or ""
    assert found.endswith("it must begin with http:// or https://")
    assert "sk-a" not in found
