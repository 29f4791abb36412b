"""A text split into units: lines, or words as readers count them, each with the space after it.

Owns what counts as a word in every script, and keeps together what a reader sees as one character. A text is first
mapped to its shape, one letter per character, so that plain patterns can read it: `w` part of a word, `i` a word by
itself, `m` belongs to what is before it, `j` also joins what follows, `r` half a flag, `h` and `l` halves of a
surrogate pair, `s` space, `n` new line, `p` anything else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or a line, which is compared, and the space after it, which only has to be reproduced exactly."""

    text: str
    space: str


class _Shapes(dict[int, str]):
    """The shape of each character by code point, worked out on first use."""

    def __missing__(self, code: int) -> str:
        if len(self) > 20_000:
            self.clear()
        self[code] = shape = _shape(chr(code), code)
        return shape


_SHAPES = _Shapes()
_GRAPHEME = "(?:rr|hl|[^nsmj])[mj]*(?:(?<=j)[^nsmj][mj]*)*"
WORD = re.compile(rf"(?:w[mj]*)+|{_GRAPHEME}|s?[mj]+")
LINE = re.compile(r"(?:s(?=[mj]))?[^ns](?:[^n]*[^ns])?")
_NO_SPACES = (
    range(0x0E00, 0x0F00), range(0x0F00, 0x10A0), range(0x1780, 0x1800), range(0x3005, 0x3008), range(0x3040, 0x3100),
    range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x32000),
)  # fmt: skip
"""Scripts written without spaces (Thai, Lao, Tibetan, Burmese, Khmer, Japanese, Chinese): each letter is a word."""


def _shape(character: str, code: int) -> str:
    if code == 0x200D:
        return "j"
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "r"
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F or code in (0x200C, 0x0E33, 0x0EB3):
        return "m"
    if 0xD800 <= code <= 0xDFFF:
        return "h" if code < 0xDC00 else "l"
    if character.isspace():
        return "n" if character == "\n" else "s"
    if unicodedata.category(character)[0] == "M":
        return "m"
    if character.isalnum() or character == "_":
        return "i" if any(code in script for script in _NO_SPACES) else "w"
    return "p"


def units(text: str, pattern: re.Pattern[str]) -> list[Unit]:
    """`text` in units; white space before the first unit is the space of an empty one."""
    spans = [match.span() for match in pattern.finditer(text.translate(_SHAPES))]
    ends = [start for start, _ in spans[1:]] + [len(text)]
    first = spans[0][0] if spans else len(text)
    lead = [Unit("", text[:first])] if first else []
    return lead + [Unit(text[start:end], text[end:next_]) for (start, end), next_ in zip(spans, ends, strict=False)]


def count_words(text: str) -> int:
    """The number of words, without punctuation."""
    return sum(1 for match in WORD.finditer(text.translate(_SHAPES)) if match[0][0] in "wi")
