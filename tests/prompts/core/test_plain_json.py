"""The JSON of a completion: the glossary's names, nothing lost, nothing that JSON does not know."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from prompts.core.plain_json import one_line, plain, to_json
from providers.completion import Completion, Timings
from providers.interface import Usage
from tests.prompts.samples import BARE, CANCELLED, FAILED, FULL

PLACE = {"run": "r", "id": "i", "repeat": 0}


@pytest.mark.parametrize("completion", [FULL, BARE, FAILED, CANCELLED], ids=["full", "bare", "failed", "cancelled"])
def test_a_completion_is_one_line_with_every_field_under_its_own_name(completion: Completion) -> None:
    line = to_json(completion, **PLACE)
    assert "\n" not in line
    assert list(json.loads(line)) == ["run", "id", "repeat", *(field.name for field in fields(Completion))]


def test_values_are_those_of_the_completion() -> None:
    data = json.loads(to_json(FULL, **PLACE))
    assert (data["provider"], data["model"], data["state"], data["text"]) == ("openai", "gpt-4o", "complete", FULL.text)
    assert data["started_at"] == "2026-11-20T09:30:00.123456+00:00"
    assert data["timings"]["time_to_first_token_s"] == 0.2
    assert data["timings"]["duration_s"] == 1 / 3
    assert data["usage"] == {
        "input_tokens": 12, "output_tokens": 9, "cache_read_tokens": 4, "cache_write_tokens": 0, "reasoning_tokens": 2,
    }  # fmt: skip
    assert data["cost"]["lines"][0] == {"what": "input", "tokens": 12, "price": 2.5, "amount": 0.00003}
    assert data["conditions"] == ["first_call", "cache_hit"]
    assert data["attempts"][0]["request_id"] == "req-1"


def test_unknown_is_null_and_not_zero() -> None:
    data = json.loads(to_json(BARE, **PLACE))
    assert data["usage"] is None
    assert data["cost"]["amount"] is None
    assert set(data["timings"].values()) == {None}


def test_a_failure_is_whole() -> None:
    assert json.loads(to_json(FAILED, **PLACE))["error"] == {
        "kind": "rate_limit", "message": "slow down", "status": 429, "request_id": "req-1", "retry_after_s": 2.5,
        "parameter": "model", "retry": "yes",
    }  # fmt: skip


def test_context_comes_first() -> None:
    assert list(json.loads(to_json(BARE, run="r", id="i", repeat=2)))[:4] == ["run", "id", "repeat", "provider"]


def test_text_stays_readable_and_exact() -> None:
    line = to_json(replace(BARE, text='"é\u2028\x1b[31m🌍\n'), **PLACE)
    assert "🌍" in line
    assert "\x1b" not in line
    assert line.splitlines() == [line]
    assert json.loads(line)["text"] == '"é\u2028\x1b[31m🌍\n'


@pytest.mark.parametrize("control", ["\x7f", "\x85", "\x9b", "\u061c", "\u200f", "\u2028", "\u202e", "\u2067"])
def test_nothing_in_a_line_steers_or_turns_the_terminal_that_shows_it(control: str) -> None:
    line = one_line({"text": f"a{control}2Jb"})
    assert control not in line
    assert json.loads(line)["text"] == f"a{control}2Jb"


def test_what_json_or_utf8_has_no_word_for_does_not_break_the_line() -> None:
    odd = replace(
        BARE, response_model="half \ud83c", raw_usage={"a": float("nan"), "b": [float("inf")], "\udc00": "\ud83c"},
        timings=Timings(duration_s=float("nan")), usage=Usage(1, None),
    )  # fmt: skip
    data = json.loads(to_json(odd, **PLACE).encode())
    assert data["response_model"] == "half \ufffd"
    assert data["raw_usage"] == {"a": None, "b": [None], "\ufffd": "\ufffd"}
    assert data["timings"]["duration_s"] is None


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (Decimal("0.0021"), 0.0021), (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00"),
        ((1, (2,)), [1, [2]]),
        ({1: Decimal(2)}, {"1": 2.0}), (None, None), (True, True), ("a", "a"), (1.5, 1.5),
    ],
)  # fmt: skip
def test_plain(value: object, data: object) -> None:
    assert plain(value) == data
