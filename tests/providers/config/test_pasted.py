"""What is taken off a pasted key, and what is found inside that cannot be one."""

import pytest

from providers.config.pasted import bare, bare_key, misfit


@pytest.mark.parametrize(
    "text",
    [
        "sk-1", '"sk-1"', "'sk-1'", "`sk-1`", "“sk-1”", "«sk-1»", " sk-1\n", "\ufeffsk-1\u200b", "\u200e\u00a0sk-1",
        '"sk-1",',
        "Bearer sk-1", "bearer  sk-1", '"Bearer sk-1"', 'Bearer "sk-1"', "Bearer Bearer sk-1",
        "Authorization: Bearer sk-1",
        "x-api-key: sk-1", "OPENAI_API_KEY=sk-1", 'export LAB_KEY="sk-1"', "$env:LAB_TOKEN = 'sk-1'",
        "set LAB_KEY=sk-1", 'setx LAB_KEY "sk-1"', "set -x LAB_KEY sk-1", "--api-key sk-1", "--api-key=sk-1",
        "-H 'Authorization: Bearer sk-1'", "x-goog-api-key: sk-1", "api_key: sk-1", '"api_key": "sk-1",',
        '{"api_key": "sk-1"}', 'Client(api_key="sk-1")', "<sk-1>", "[sk-1]", "**sk-1**", "sk-1.",
        "sk-1  # of the lab", "export LAB_KEY=sk-1 // old", "LAB_KEY: sk-1",
    ],
)  # fmt: skip
def test_what_stands_around_a_key_is_no_part_of_it(text: str) -> None:
    assert bare_key(text) == "sk-1"


@pytest.mark.parametrize(
    "key",
    [
        "c2VjcmV0==",
        "ab=cd",
        "key-1",
        "bearer-token-1",
        "a b",
        "x'y",
        "KEY==",
        "key:1",
        "lab-key:x",
        "a#b",
        "a//b",
        "-a_b-",
    ],
)
def test_what_looks_alike_inside_a_key_stays(key: str) -> None:
    assert bare_key(key) == bare(key) == key


@pytest.mark.parametrize("text", ["", " ", '""', "\ufeff", "\n"])
def test_nothing_but_wrapping_is_no_key(text: str) -> None:
    assert bare_key(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sk-~ok!", None),
        ("sk-1 sk-2", "a blank"),
        ("a\nb", "a line break"),
        ("a\rb", "a line break"),
        ("a\0b", "the character U+0000 (a control character)"),
        ("caf\u00e9", "the character U+00E9 (latin small letter e with acute)"),
        ("a\u200bb", "the character U+200B (zero width space)"),
        ("a\ud800", "the character U+D800 (a control character)"),
    ],
)
def test_what_no_header_may_carry_is_named(text: str, said: str | None) -> None:
    assert misfit(text) == said
