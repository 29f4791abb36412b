"""Estimates how many tokens a text has, as a range, without any vendor's tokenizer. Pure.

Owns the rule: a text is cut where tokenizers cut it (words, digits, signs, scripts), and for each kind of piece the
counts of six tokenizers are used: o200k and cl100k (OpenAI), Llama 3, Qwen 3, DeepSeek and Mistral's tekken. They were
counted with packages that ship them, on texts of 35 kinds; `tests/prompts/core/token_counts.json` holds the counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from math import ceil

RULE = "by words, digits, signs and script, between what six vendors' tokenizers make of such text"
_SAMPLED, _SLICES = 160_000, 8
"""Longer texts are sampled: so many slices, evenly spread, are counted."""

Bounds = tuple[float, float]


@lru_cache(maxsize=64)
def token_bounds(text: str) -> Bounds:
    """The fewest and the most tokens that `text` is likely to have."""
    if len(text) <= _SAMPLED:
        return _counted(text)
    size = _SAMPLED // _SLICES
    starts = (n * (len(text) - size) // (_SLICES - 1) for n in range(_SLICES))
    counted = [_counted(text[at : at + size]) for at in starts]
    scale = len(text) / (size * _SLICES)
    return sum(low for low, _ in counted) * scale, sum(high for _, high in counted) * scale


def _counted(text: str) -> Bounds:
    low = high = 0.0
    for match in _PIECE.finditer(text):
        fewest, most = _PIECES[match.lastgroup or "sign"](match[0])
        low, high = low + fewest, high + most
    return low, high


def _word(piece: str) -> Bounds:
    """Common words are one token, rare and foreign ones several; capitals and accents make more."""
    n = len(piece)
    rare = 2.6 if piece.isupper() and n > 1 else 3.6 if piece.isascii() else 1.4
    return max(0.9, n / 10), max(1.0, n / rare)


def _random(piece: str) -> Bounds:
    """Base64, hex and ids contain no words, so tokens are short."""
    return len(piece) / 2.4, len(piece) / 0.98


def _digits(piece: str) -> Bounds:
    """Some vendors put three digits into a token, others one."""
    return ceil(len(piece) / 3) * 0.95, float(len(piece))


def _per_character(least: float, most: float) -> Callable[[str], Bounds]:
    return lambda piece: (len(piece) / most, len(piece) / least)


_PIECE = re.compile(
    r"(?P<random>(?<![A-Za-z0-9+/_=-])(?=[A-Za-z+/_=-]{0,40}\d)(?=[0-9+/_=-]{0,40}[A-Za-z])[A-Za-z0-9+/_=-]{12,}+)"
    r"|(?P<hangul>[\u1100-\u11ff\uac00-\ud7af]+)"
    r"|(?P<wide>[\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef]+)"
    r"|(?P<cyrillic>[\u0400-\u052f]+)"
    r"|(?P<greek>[\u0370-\u03ff\u1f00-\u1fff]+)"
    r"|(?P<arabic>[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]+)"
    r"|(?P<indic>[\u0900-\u109f\u1780-\u17ff]+)"
    r"|(?P<picture>[\u2190-\u2bff\ufe0e\ufe0f\u200d\U0001f000-\U0010ffff]+)"
    r"|(?P<digits>\d+)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<line>[ \t]*[\r\n]+[ \t]*)"
    r"|(?P<gap>[ \t]+(?=\d))"
    r"|(?P<space>[ \t]+)"
    r"|(?P<sign>[^\w\s]+|_+|\s)"
)
_PIECES: Mapping[str, Callable[[str], Bounds]] = {
    "random": _random,
    "hangul": _per_character(0.68, 2.0),
    "wide": _per_character(0.85, 2.0),
    "cyrillic": _per_character(1.9, 4.9),
    "greek": _per_character(0.95, 3.1),
    "arabic": _per_character(1.1, 3.7),
    "indic": _per_character(0.75, 3.3),
    "picture": _per_character(0.28, 0.95),
    "digits": _digits,
    "word": _word,
    "line": lambda _: (0.3, 1.05),
    "gap": lambda _: (0.2, 1.0),
    "space": lambda piece: (0.0, 0.15 if len(piece) == 1 else 1.0),
    "sign": lambda piece: (0.42 * len(piece) if len(piece) > 1 else 0.6, 1.07 * len(piece)),
}
