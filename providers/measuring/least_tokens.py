"""The minimum number of tokens of a text, whatever the tokenizer: with none in use does a token cross a word's end."""

from __future__ import annotations

import re

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WIDE_IN_ONE = 4
"""The most Chinese, Japanese or Korean characters in one token: longer words are rare in any vocabulary."""


def tokens_at_least(text: str) -> int:
    """Words, and a quarter of the characters of scripts that are written without blanks."""
    return len(text.split()) + len(_WIDE.findall(text)) // _WIDE_IN_ONE
