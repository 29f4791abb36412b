"""`provider:model`, as people write it."""

import pytest

from prompts.core.targets import Target, TargetError, changes, parse_target
from providers.interface import Settings

KNOWN = ("openai", "ollama", "builtin")


@pytest.mark.parametrize(
    ("text", "provider", "model"),
    [
        ("openai:gpt-5.4", "openai", "gpt-5.4"),
        (" openai:gpt-5.4\n", "openai", "gpt-5.4"),
        ("openai: gpt-5.4 ", "openai", "gpt-5.4"),
        ("ollama:llama3.3:70b", "ollama", "llama3.3:70b"),
        ("ollama:hf.co/org/model:Q4_K_M", "ollama", "hf.co/org/model:Q4_K_M"),
        ("openai:ft:gpt-4o:mine::abc", "openai", "ft:gpt-4o:mine::abc"),
        ("builtin:日本", "builtin", "日本"),
    ],
)
def test_the_first_colon_parts_provider_and_model(text: str, provider: str, model: str) -> None:
    settings = Settings(temperature=0.5)
    assert parse_target(text, KNOWN, settings) == Target(provider, model, settings)


@pytest.mark.parametrize("text", ["", "openai", "openai:", "openai:  ", "gpt-5.4", " "])
def test_what_is_no_target_says_what_to_write(text: str) -> None:
    with pytest.raises(TargetError, match="provider:model") as caught:
        parse_target(text, KNOWN)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("text", ["nobody:gpt-5.4", ":gpt-5.4", "OpenAI:gpt-5.4"])
def test_an_unknown_provider_is_named_beside_the_known_ones(text: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse_target(text, KNOWN)
    assert repr(text.partition(":")[0]) in str(caught.value)
    assert "builtin, ollama, openai" in str(caught.value)


def test_a_mistake_is_a_value_error_for_the_command_line() -> None:
    assert issubclass(TargetError, ValueError)


def test_a_target_is_written_as_it_is_read() -> None:
    target = parse_target("ollama:llama3.3:70b", KNOWN)
    assert str(target) == "ollama:llama3.3:70b"
    assert parse_target(str(target), KNOWN) == target


def test_other_settings_make_another_target_of_the_same_model() -> None:
    target = Target("openai", "gpt-5.4")
    other = target.with_settings(Settings(seed=1))
    assert (other.provider, other.model, other.settings) == ("openai", "gpt-5.4", Settings(seed=1))
    assert other != target


SHARED = Settings(system="Be brief.", temperature=0.5, stop=("END",))


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (SHARED, ()),
        (Settings(system="Be brief.", temperature=0.5), ("stop sequences not sent",)),
        (Settings(stop=("END",)), ("system prompt not sent", "temperature not sent")),
        (Settings(system="Be brief.", temperature=0.0, stop=("END",)), ("temperature 0.0",)),
        (
            Settings("Be brief.", 0.5, 0.9, 300, 0, ("END", "\n"), "low"),
            ("top p 0.9", "limit 300", "seed 0", "stop sequences 'END', '\\n'", "effort low"),
        ),
        (Settings("Answer\nin  verse.", 0.5, stop=("END",)), ("system prompt Answer in verse.",)),
        (
            Settings("You are a patient teacher of physics.", 0.5, stop=("END",)),
            ("system prompt “You are a patient teache…”",),
        ),
    ],
)
def test_what_differs_from_the_shared_settings_is_said_in_words(own: Settings, words: tuple[str, ...]) -> None:
    assert changes(SHARED, own) == words
