"""Splits a paragraph into sentences, in any script that marks their end.

When in doubt, does not split: two sentences in one are compared less well, half a sentence is compared wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Possessive, and only from the first mark of a run, so that a long run of marks is scanned once.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|[。！？｡]+[」』”’）]*|[؟۔।॥]+")
_LAST_WORD = re.compile(r"[^\s(\[\"“]+$")
_BEFORE_NAMES = frozenset(
    "mr mrs ms dr prof st mt gen gov sen rep capt lt col sgt rev hon mme mlle hr fr vs e.g i.e z.b d.h cf bzw".split()
)
_BEFORE_NUMBERS = frozenset(
    "no nr fig p pp vol ch sec eq art approx ca c jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_BEFORE_ORDINALS = frozenset("am vom zum im der den dem des die das bis ab seit und".split())
"""German words before an ordinal, which is written with a full stop: "am 31. März"."""
_CAMEL = re.compile(r"[a-z]{1,20}[A-Z]")
"""A word that begins in lower case and goes on with a capital: "useState", "iPhone"."""
_INITIAL = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


def split(paragraph: str) -> Iterator[str]:
    """The sentences of `paragraph` in order, each with its end mark. A lead-in ("Steps:") is a sentence too."""
    start = 0
    for end in _END.finditer(paragraph):
        if end[0][0] in ".!?…" and not _ends(paragraph, start, end.start(), end.end()):
            continue
        if sentence := paragraph[start : end.end()].strip():
            yield sentence
        start = end.end()
    if rest := paragraph[start:].strip():
        yield rest


def _ends(text: str, start: int, mark: int, after: int) -> bool:
    """Whether the mark at `mark` ends a sentence:
    not after an abbreviation, an initial or "1.", nor before a lower-case letter."""
    following = text[after + 1 : after + 2]
    if following.islower() and not _CAMEL.match(text, after + 1):
        return False
    if text[mark] != "." or text[mark : mark + 2] == "..":
        return True
    last = _LAST_WORD.search(text, max(start, mark - 30), mark)
    word = last[0].lower() if last else ""
    if word.isdigit() and len(word) < 3 and last is not None:
        before = (
            _LAST_WORD.search(text, max(start, last.start() - 30), last.start() - 1) if last.start() > start else None
        )
        if before is not None and before[0].lower() in _BEFORE_ORDINALS:
            return False
    if word in _BEFORE_NAMES or (word.isdigit() and mark - start == len(word)):
        return False
    if word in _BEFORE_NUMBERS:
        return not following.isdigit()
    return not (_INITIAL.fullmatch(word) and last is not None and last[0].isupper())
