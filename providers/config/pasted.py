"""Removes what people paste around a key or an address, and names characters that cannot be part of one.

Owns the quote marks of word processors and shells. Never puts a value into a sentence, as it may be a secret.
"""

from __future__ import annotations

import re
import unicodedata

_BLANKS = "\\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""White space, and invisible characters: byte order and direction marks, joiners, soft hyphens."""
_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›"
_AROUND = re.compile(f"^[{_BLANKS}{_QUOTES}]+|[{_BLANKS}{_QUOTES},;.]+$")
_KEY_AROUND = re.compile(f"^[{_BLANKS}{_QUOTES}<\\[({{*]+|[{_BLANKS}{_QUOTES},;>\\])}}*.]+$")
_BEFORE = re.compile(
    rf"^(?:(?:export|setx|set(?:\s+-\w+)?|--?h(?:eader)?)\s+[{_QUOTES}]?|\$env:|[\w.]+\()?"  # shells, curl, code
    rf"(?:[\w-]*(?:key|token|secret|authorization)[{_QUOTES}]*(?:\s*=(?!=)|\s*:(?=[\s{_QUOTES}])|\s+(?=\S+$))|bearer\s+)",
    re.IGNORECASE,
)
"""The name that a key was copied with, of a setting, a header, a variable or an argument."""
_COMMENT = re.compile(r"\s(?:#|//).*$")


def bare(text: str) -> str:
    """`text` without surrounding quotes, white space, invisible characters and the end of a sentence."""
    return _AROUND.sub("", text)


def bare_key(text: str) -> str:
    """As `bare`, and without what else is copied with a key: `Bearer`, its name, brackets, a comment behind it."""
    text = _COMMENT.sub("", bare(text))
    while (without := _KEY_AROUND.sub("", _BEFORE.sub("", _KEY_AROUND.sub("", text)))) != text and without:
        text = without
    return text


def misfit(text: str) -> str | None:
    """The first character of `text` that no key has, in words; `None` if all are printable ASCII."""
    odd = next((c for c in text if not "!" <= c <= "~"), None)
    if odd is None:
        return None
    if odd in "\r\n":
        return "a line break"
    if odd == " ":
        return "a blank"
    name = unicodedata.name(odd, "a control character").lower()
    return f"the character U+{ord(odd):04X} ({name})"
