"""A bound that holds for every tokenizer whose counts are on record."""

import json
from pathlib import Path

import pytest

from providers.measuring.least_tokens import tokens_at_least

SAMPLES = json.loads((Path(__file__).parents[2] / "prompts/core/token_counts.json").read_text(encoding="utf-8"))
"""Texts with what six tokenizers counted; see `test_token_rules.py`."""


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["kind"])
def test_no_tokenizer_counts_fewer(sample) -> None:
    assert tokens_at_least(sample["text"]) <= min(sample["tokens"].values())


def test_words_and_wide_characters_count() -> None:
    assert (tokens_at_least(""), tokens_at_least("one two  three"), tokens_at_least("日本語の文字です")) == (0, 3, 3)
