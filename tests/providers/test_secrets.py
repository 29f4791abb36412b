"""Keys that cannot be printed, and texts that no longer hold them."""

import base64
import copy
import html
import json
import logging
import pickle
import re
import traceback
from urllib.parse import quote, quote_plus

import pytest

from prompts.privacy.sensitive_text import scan
from providers import key_shapes
from providers.secrets import MASK, Secret, redact
from tests.providers.example_keys import KEYS
from tests.threads import together

VALUE = "my-own/key+with=signs"


@pytest.mark.parametrize("shown", [str, repr, "{}".format, "{!r}".format, ascii, lambda secret: f"{[secret]}"])
def test_a_secret_never_shows_itself(shown) -> None:
    text = shown(Secret(VALUE))
    assert VALUE not in text
    assert MASK in text


@pytest.mark.parametrize("write", [pickle.dumps, copy.deepcopy, copy.copy, json.dumps])
def test_a_secret_is_never_serialised(write) -> None:
    with pytest.raises(TypeError) as caught:
        write(Secret(VALUE))
    assert VALUE not in str(caught.value)


def test_a_secret_has_no_place_where_a_dump_would_find_it() -> None:
    with pytest.raises(TypeError):
        vars(Secret(VALUE))
    logging.getLogger("test").warning("%s %r", Secret(VALUE), {"key": Secret(VALUE)})
    try:
        raise ValueError(Secret(VALUE))
    except ValueError:
        assert VALUE not in traceback.format_exc()


def test_only_reveal_gives_the_value_and_equal_keys_are_equal() -> None:
    assert Secret(VALUE).reveal() == VALUE
    assert Secret(VALUE) == Secret(VALUE)
    assert Secret(VALUE) != Secret("another")
    assert Secret(VALUE) != VALUE
    assert len({Secret(VALUE), Secret(VALUE)}) == 1


def test_keys_that_many_pages_are_given_at_once_are_all_known() -> None:
    keys = [[f"key-{page}-{n}-of-many-pages" for n in range(8)] for page in range(8)]
    together(lambda page: [Secret(key) for key in keys[page]])
    assert {redact(key) for its in keys for key in its} == {MASK}


def test_every_key_made_here_is_removed_also_as_part_of_an_address() -> None:
    Secret(VALUE)
    Secret(VALUE + "-and-more")
    assert redact(f"key {VALUE}!") == f"key {MASK}!"
    assert redact("https://x/?k=my-own%2Fkey%2Bwith%3Dsigns") == f"https://x/?k={MASK}"
    assert redact(f"{VALUE}-and-more") == MASK  # the longer one first, so that no end is left


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Incorrect API key provided: sk-proj-abcDEF123456789_x.", f"Incorrect API key provided: {MASK}."),
        ("sk-ant-api03-AAAABBBBCCCCDDDD", MASK),
        ("gsk_AAAABBBBCCCCDDDD", MASK),
        ("AIzaSyA-0123456789abcdefghijk", MASK),
        ("Authorization: Bearer eyJhbGciOi.J9-x_y", f"Authorization: Bearer {MASK}"),
        ("GET /v1/models?key=secret&alt=sse", f"GET /v1/models?key={MASK}&alt=sse"),
        ("GET /v1/models?a=1&key=secret", f"GET /v1/models?a=1&key={MASK}"),
        ("no route to https://me:pass@host.example/v1", f"no route to https://{MASK}@host.example/v1"),
    ],
)
def test_what_has_the_shape_of_a_key_is_removed(text: str, clean: str) -> None:
    assert redact(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "The model `gpt-5.4` does not exist", "task-oriented desk-top risk-free", "set key_variable in collate.toml",
        "https://host.example:8080/v1", "a bearer of bad news", "monkey=12", "",
    ],
)  # fmt: skip
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


def test_a_very_short_key_does_not_mask_words() -> None:
    Secret("the")
    assert redact("the model") == "the model"


SIGNS = """Zq8"p\\l+a/n=t%e&d<'.5d1e7c42/b0"""
LINES = "1st-Line/of-it=7\n2nd-line+of-it_8"


def _base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("value", [SIGNS, LINES, "plain-Key_0123456789", "schlüssel-mit-ümläuten"])
@pytest.mark.parametrize(
    "write",
    [
        str, repr, ascii, json.dumps, quote, quote_plus, html.escape,
        lambda key: repr(f"Bearer {key}".encode()),
        lambda key: json.dumps(key, ensure_ascii=False),
        lambda key: json.dumps({"error": json.dumps({"key": key})}),
        lambda key: quote(key, safe="").lower() if key.islower() else quote(key, safe=""),
        lambda key: _base64_of(key), lambda key: _base64_of(f"user:{key}"), lambda key: _base64_of(f"u:{key}!"),
        lambda key: base64.urlsafe_b64encode(f"ab{key}".encode()).decode(),
        lambda key: key.encode().hex(), lambda key: key.encode().decode("latin-1"),
        lambda key: key.encode().hex().upper(), lambda key: quote(quote(key, safe="")), str.upper, str.lower,
        lambda key: f"\ufeff{key}\u200b", lambda key: f"Illegal header value {f'Bearer {key}'.encode()!r}",
        lambda key: key.splitlines()[-1], lambda key: f"cut to a length: {key[:-1]}", lambda key: f"cut: {key[:12]}…",
    ],
)  # fmt: skip
def test_a_key_is_removed_however_it_is_written(value: str, write) -> None:
    Secret(value)
    told = redact(f"They said {write(value)}")
    longest = max(value.splitlines(), key=len)
    left = [longest[i : i + 10] for i in range(len(longest) - 9) if longest[i : i + 10] in told]
    assert left == []
    for shift in range(3):  # nor can it be decoded out of what is left
        encoded = re.sub(r"[^A-Za-z0-9+/]", "", told.translate(str.maketrans("-_", "+/")))[shift:]
        decoded = base64.b64decode(encoded[: len(encoded) // 4 * 4])
        assert longest.encode()[2:12] not in decoded
    assert MASK in told


@pytest.mark.parametrize("shape", key_shapes.SHAPES, ids=lambda shape: shape.whose)
def test_every_shape_has_an_example_that_both_redaction_and_the_scan_find(shape: key_shapes.Shape) -> None:
    examples = [text for text in KEYS if key_shapes.any_of([shape]).search(text)]
    assert examples
    for text in examples:
        assert text not in redact(f"no {text} here")
        assert [finding.kind for finding in scan(f"no {text} here")] == ["key"]


@pytest.mark.parametrize("key", ["ollama", "EMPTY", "lm-studio", "sk-no-key-required"])
def test_what_stands_for_no_key_is_no_secret(key: str) -> None:
    Secret(key)
    said = f"model not found, try {key} pull llama3.3"
    assert redact(said) == said


def test_a_key_that_is_a_word_is_still_a_secret() -> None:
    Secret("gatewaypass")
    assert redact("Bearer gatewaypass was refused") == "Bearer *** was refused"
