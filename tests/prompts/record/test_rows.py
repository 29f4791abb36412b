"""Completions as rows and back."""

import json
import math
from decimal import Decimal

import pytest

from prompts.core.sanitize import mended, storable


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("नमस्ते 🦊 مرحبا \u2028 \x07 ﷽", "नमस्ते 🦊 مرحبا \u2028 \x07 ﷽"),
        ("a\x00b", "a\ufffdb"),
        ("half \ud83e", "half \ufffd"),
        ("\udd8a half", "\ufffd half"),
        ("whole \ud83e\udd8a", "whole 🦊"),
        ("", ""),
    ],
)
def test_text_is_mended_by_the_rule_of_answers(text, kept):
    assert mended(text) == kept


def deep(levels: int) -> list[object]:
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"input_tokens": 3, "details": {"audio": None, "ok": True, "rate": 0.5}, "list": [1]}, "same"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (2**64, "0x10000000000000000"),
        pytest.param(10**10_000, hex(10**10_000), id="more digits than Python prints"),
        (Decimal("0.10"), "0.10"),
        ({"k\x00": "v\ud800"}, {"k\ufffd": "v\ufffd"}),
        (b"bytes", "b'bytes'"),
    ],
)
def test_whatever_a_vendor_sends_becomes_json_that_every_database_takes(value, kept):
    assert storable(value) == (value if kept == "same" else kept)
    json.dumps(storable(value), allow_nan=False)


def test_json_without_a_bottom_is_cut_rather_than_followed():
    assert "nested too deeply" in json.dumps(storable(deep(5000)))
