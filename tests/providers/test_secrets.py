"""Keys that cannot be printed, and texts that no longer hold them."""

import copy
import json
import logging
import pickle
import traceback

import pytest

from providers.secrets import MASK, Secret, redact

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
