"""Removes what people paste around a key or an address, and names characters that cannot be part of one.

Owns the quote marks of word processors and shells. Never puts a value into a sentence, as it may be a secret.
"""

from __future__ import annotations

import re
import unicodedata

_BLANKS = "\\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""White space, and invisible characters: byte order and direction marks, joiners, soft hyphens."""
_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›"
_AROUND = re.compile(f"^[{_BLANKS}{_QUOTES}]+|[{_BLANKS}{_QUOTES},;]+$")
_BEFORE = re.compile(
    r"^(?:(?:export\s+|set\s+|\$env:)?\w*(?:key|token|secret)\s*=(?!=)|authorization\s*:|(?:x-)?api-key\s*:|bearer\s+)",
    re.IGNORECASE,
)


def bare(text: str) -> str:
    """`text` without surrounding quotes, white space and invisible characters."""
    return _AROUND.sub("", text)


def bare_key(text: str) -> str:
    """As `bare`, and without what precedes a copied key: `Bearer`, the name of a header or variable."""
    text = bare(text)
    while (without := bare(_BEFORE.sub("", text))) != text and without:
        text = without
    return text


def misfit(text: str) -> str | None:
    """The first character of `text` that no header may contain, in words; `None` if all are printable ASCII."""
    odd = next((c for c in text if not " " <= c <= "~"), None)
    if odd is None:
        return None
    if odd in "\r\n":
        return "a line break"
    name = unicodedata.name(odd, "a control character").lower()
    return f"the character U+{ord(odd):04X} ({name})"
