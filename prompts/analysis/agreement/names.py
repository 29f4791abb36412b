"""Names in sentences: sequences of capitalised words, and acronyms.

Defines what is taken for a name. A capital at the beginning of a sentence proves nothing: one word there counts only if
the same name occurs inside a sentence somewhere. No names are found in scripts without capitals, and texts that
capitalise every noun are rejected as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prompts.analysis.agreement import lexicon
from prompts.analysis.agreement.values import UNITS
from prompts.analysis.agreement.words import FUNCTION_WORDS

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_JOINERS = frozenset("of the de la le du des van von der den da di del y e al bin ibn".split())
_CAPITAL_UNITS = frozenset(unit for unit in UNITS.values() if not unit.islower())
_NO_NAMES, _ORDERS = FUNCTION_WORDS | lexicon.words("no_names"), lexicon.words("orders")
_GERMAN, _MOST_GERMAN = lexicon.words("german"), 0.08
_MOST_CAPITALS = 1 / 3
_ENOUGH_WORDS = 20


@dataclass(frozen=True, slots=True)
class Name:
    """A name at one place in a sentence."""

    text: str
    start: int
    sure: bool
    """False where the only evidence is a capital that may just begin a sentence or title."""

    @property
    def key(self) -> str:
        """Case-folded text: equal for equal names."""
        return self.text.casefold()


def names(sentence: str) -> list[Name]:
    """The names that `sentence` may hold, in order."""
    if not any(c.isupper() for c in sentence) or (sentence.isupper() and " " in sentence):
        return []
    return [name for row in _rows(sentence) if (name := _name(sentence, row)) is not None]


def _rows(sentence: str) -> Iterator[list[re.Match[str]]]:
    """Sequences of capitalised words, including small joining words between them."""
    row: list[re.Match[str]] = []
    for word in _WORD.finditer(sentence):
        together = bool(row) and sentence[row[-1].end() : word.start()] == " "
        if word[0][0].isupper():
            if row and not together:
                yield row
                row = []
            row.append(word)
        elif not (together and word[0] in _JOINERS):
            if row:
                yield row
            row = []
        else:
            row.append(word)
    if row:
        yield row


def _name(sentence: str, row: list[re.Match[str]]) -> Name | None:
    """The name in `row`, without small words at either end; `None` if nothing is left."""
    while row and _is_none(row[-1][0]):
        row = row[:-1]
    first = row[0].start() if row else 0
    while row and (_is_none(row[0][0]) or (len(row) > 1 and not row[0].start() and row[0][0].lower() in _ORDERS)):
        row = row[1:]
    if not row:
        return None
    start, end = row[0].start(), row[-1].end()
    text = re.sub(r"['’]s?$", "", sentence[start:end])
    if len(text) < 2:
        return None
    leads = not any(c.isalnum() for c in sentence[:start])  # only quotes and brackets stand before it
    titled = (
        leads and sentence[end : end + 1] in ("", ":", " ") and sentence[end : end + 2].strip() in (":", "", "–", "-")
    )
    sure = not leads or text.isupper() or (len(row) > 1 and first == start)
    return Name(text, start, sure and not titled)


def _is_none(word: str) -> bool:
    """Whether a word is no part of a name: small words, and units that belong to a number ("281 TB")."""
    return word.lower() in _NO_NAMES or word in _CAPITAL_UNITS


def readable(sentences: Iterable[str]) -> bool:
    """Whether capitals mark names in this text, rather than every noun."""
    capitals = total = german = 0
    for sentence in sentences:
        words = sentence.split()[1:]
        total += len(words)
        capitals += sum(word[0].isupper() for word in words)
        german += sum(word in _GERMAN for word in words)
    return total < _ENOUGH_WORDS or (capitals / total <= _MOST_CAPITALS and german / total <= _MOST_GERMAN)
