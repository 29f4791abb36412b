"""A mistake in the file names its place and stops what it is about, nothing else."""

from pathlib import Path

import pytest

from providers.config.connections import BUILTIN_ENDPOINT
from tests.providers.config.loading import loaded

MISTAKES = {
    "not TOML": ("[providers", "cannot be read"),
    "an unknown table": ("[provider.x]", "provider is not a setting. Did you mean 'providers'? Known: "),
    "providers is no table": ("providers = 3", "providers must be a table"),
    "a provider is no table": ("[providers]\nopenai = 3", "providers.openai must be a table"),
    "an own row is no table": ("[providers]\nmine = 3", "providers.mine must be a table"),
    "an unknown key": (
        '[providers.openai]\nurl = "x"',
        "[providers.openai] url is not a setting.",
    ),
    "an unknown key of a row": (
        '[providers.x]\nbase_url = "http://x"\nkey = "sk"',
        "[providers.x] key is not a setting",
    ),
    "no address": ('[providers.x]\nlabel = "X"', "[providers.x] needs a base_url or a preset"),
    "an empty address": ('[providers.x]\nbase_url = ""', "[providers.x] needs a base_url or a preset"),
    "an unknown preset": ('[providers.x]\npreset = "grok"', "[providers.x] preset is 'grok'"),
    "an unknown preset beside an address": (
        '[providers.x]\npreset = "grok"\nbase_url = "http://x/v1"',
        "[providers.x] preset is 'grok'",
    ),
    "an impossible name": ('[providers."My Host"]\nbase_url = "http://x"', "[providers.My Host]"),
    "an unknown api": ('[providers.openai]\napi = "completions"', "[providers.openai] api is 'completions'"),
    "api is no text": ("[providers.openai]\napi = 3", "[providers.openai] api must be text"),
    "an address is no text": ("[providers.openai]\nbase_url = 3", "[providers.openai] base_url must be text"),
    "local is no truth": ('[providers.x]\nbase_url = "http://x"\nlocal = "no"', "[providers.x] local is 'no'"),
    "no seconds": ("[providers.openai]\nfirst_byte_s = 0", "[providers.openai] first_byte_s is 0"),
    "seconds in words": ('[deadlines]\ncall_s = "long"', "[deadlines] call_s is 'long'"),
    "seconds as a truth": ("[deadlines]\ncall_s = true", "[deadlines] call_s is True"),
    "endless": ("[deadlines]\ncall_s = inf", "[deadlines] call_s is inf"),
    "not a number": ("[deadlines]\nno_content_s = nan", "[deadlines] no_content_s is nan"),
    "an unknown deadline": ("[deadlines]\ntotal_s = 3", "[deadlines] total_s is not a setting"),
    "an unknown network key": ('[network]\nproxies = "x"', "[network] proxies is not a setting"),
    "a proxy is no text": ("[network]\nproxy = 3128", "[network] proxy must be text"),
}


@pytest.mark.parametrize(("text", "place"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_names_the_file_and_the_key(text: str, place: str, tmp_path: Path) -> None:
    [said] = loaded(tmp_path, text).mistakes
    assert str(tmp_path / "collate.toml") in said
    assert place in said


OF_ALL = ["[providers", "providers = 3", "[provider.x]", '[network]\nproxies = "x"', "[deadlines]\ncall_s = -1"]
OF_ONE = [text for text, place in MISTAKES.values() if "[providers" in place or "providers." in place]


@pytest.mark.parametrize("text", OF_ALL)
def test_a_mistake_about_all_hosts_stops_all_hosts_and_nothing_that_needs_none(text: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, text, OPENAI_API_KEY="key-of-mine", LAB_KEY="a\nb")
    usable = [name for name, connection in found.connections.items() if connection.usable]
    assert usable == ["builtin"]
    assert {found.connections[name].problem for name in ("openai", "ollama", "groq")} == set(found.mistakes)


@pytest.mark.parametrize("text", OF_ONE)
def test_a_mistake_about_one_host_stops_that_host(text: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, text, ANTHROPIC_API_KEY="key-of-mine")
    stopped = [connection for connection in found.connections.values() if connection.problem]
    assert [connection.problem for connection in stopped] == list(found.mistakes)
    assert not any(connection.usable for connection in stopped)
    assert found.connections["anthropic"].usable
    assert found.connections["ollama"].usable
    assert stopped[0].endpoint != BUILTIN_ENDPOINT
