"""Decides whether the text between two marks is a formula, or whether the marks mean something else.

Dollar signs also stand before amounts of money and names of variables (`$HOME/bin:$PATH`), and a backslash also
escapes a bracket in Markdown and in regular expressions (`\\(and\\)`). In doubt it is text, where every character
can still be read.
"""

from __future__ import annotations

import re

_PRICES = re.compile(r"\d[^\\{}=^_+<>]*\s[^\\{}=^_+<>]*[a-z]{2}[^\\{}=^_+<>]*", re.IGNORECASE | re.DOTALL)
"""What stands between two dollar signs when they are money: a number, then words, and no operator."""
_COMMAND = re.compile(r"\\[A-Za-z]{2,}")
_TEXT = re.compile(r"\\[A-Za-z]+\s*\{[^{}]*\}")
_OPERATOR = re.compile(r"[=<>^_+*/{}|≤≥≠≈∈×·÷±∑∫√∞→−]|\w\s*-\s*\w")
_TWO_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,} +[A-Za-z]{2,}(?![A-Za-z])")
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
_NEVER = re.compile(r"[\"“”`#@]|(?<!\\)\$|https?:")
"""What no formula between dollar signs contains: quotes, and signs that only programs use."""
_REGEX = re.compile(
    r"\\[dwsDWSB](?![A-Za-z])|\\b(?![A-Za-z{])|\.[*+?]|\[\^|\(\?|\[(?:a-z|A-Z|0-9|\\)|\\\.|\\[A-Za-z]\+|\]\s*[*+?{]"
    r"|\w{2}\\\||://"
)
_RANGES = re.compile(r"(?:a-z|A-Z|0-9|_)+")
_AFTER_CLOSING = re.compile(r"(?:th|st|nd|rd|s)?(?![\w({$@])")
"""A letter, a digit or a bracket behind the second dollar sign makes the two signs two names; but "the $n$th"."""


def is_between_dollars(before: str, content: str, after: str) -> bool:
    """Whether `content` is a formula; `before` and `after` are the characters around the dollar signs."""
    if before[-1:].isascii() and (before[-1:].isalnum() or before[-1:] in ("_", "\\")):
        return False  # US$, cost$, df$column
    if not _AFTER_CLOSING.match(after) and not (after[:1].isalpha() and not after[:1].isascii()):
        return False
    if _NEVER.search(content) or content.lstrip()[:1] in (")", "/", "?", "!", ";") or "|^" in content:
        return False
    if _PRICES.fullmatch(content) or (content.endswith((":", ";", ",", "/")) and not _COMMAND.search(content)):
        return False
    return _has_something(content) and not _is_prose(content)


def is_between_brackets(before: str, content: str, *, displayed: bool) -> bool:
    """Whether `content` between `\\(` and `\\)` is a formula, or if `displayed` between `\\[` and `\\]`."""
    if before[-1:].isascii() and (before[-1:].isalnum() or before[-1:] in ("_", ")", "]", "\\", "^")):
        return False  # f\(x\), list\[0\]
    if _COMMAND.search(content) and not _REGEX.search(content):
        return True
    stripped = content.strip()
    if not _has_something(content) or _REGEX.search(content) or _RANGES.fullmatch(stripped):
        return False
    if stripped[0] in "^_*?" or stripped[-1] in "\\^_" or re.search(r"(?<!\\)\$", stripped):
        return False
    if displayed and (len(stripped) == 1 or re.fullmatch(r"[\d\s,;.–-]+", stripped)):
        return False  # a box to tick, a footnote
    return not _is_prose(content) and (bool(_OPERATOR.search(content)) or not _WORD.search(content))


def _has_something(content: str) -> bool:
    return any(map(str.isalnum, content)) or bool(_COMMAND.search(content))


def _is_prose(content: str) -> bool:
    """Two plain words in a row, outside of what commands such as `\\text` take."""
    return bool(_TWO_WORDS.search(_TEXT.sub(" ", content)))
