"""Content words of a sentence, where it says "not", and which words exclude each other.

Stemming is light: only the endings -s, -es, -ed, -ing, -ly and a final -e are cut. Scripts without spaces between words
are read as overlapping pairs of characters, the last of a run alone, and words in Katakana as a whole.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from prompts.analysis.agreement import lexicon

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_UNSPACED_NOT = re.compile("[不没沒未無无勿非]|ない|ません")
_SIGN = re.compile("[\u30a1-\u30fa\u30fc-\u30ff]{2,}|[a-z\u00df-\u024f]+|.")
"""What is read as one: a word in Katakana or Latin letters, or a single character."""
_SMALL_SIGNS = frozenset("的了是在为為与和及就也都很於于以可应應要会會请請用一个個")
_HIRAGANA = range(0x3040, 0x30A0)
"""Skipped as particles and endings of Japanese; the other characters carry the meaning."""
_ELIDED = re.compile(r"^(?:[ldnsjmtc]|qu|un|dell|all|nell|sull|dall)['’](?=.)")
_NOT_ONLY = (" only", " nur", " solo", " sólo")
_ENDINGS = (("ies", "y"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""))
_SHORTEST_STEM = 3
_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non")
_THAN = (("than", 0),)

FUNCTION_WORDS = lexicon.words("function_words")
NEGATORS = lexicon.words("negators")


class Word(NamedTuple):
    """One content word: its stem, and its offset in the sentence."""

    stem: str
    start: int


def words(sentence: str) -> tuple[tuple[Word, ...], tuple[int, ...]]:
    """The content words of `sentence`, and the offsets of "not"; "not only" does not count as a denial.

    Words after "than" are kept distinct from the same words before it.
    """
    found: list[Word] = []
    denials: list[int] = []
    mark = ""
    for token in _TOKEN.finditer(sentence):
        stems, denies = _read(token[0])
        if stems == _THAN:
            mark = "> "
            continue
        found += [Word(mark + each, token.start() + n) for each, n in stems]
        if token[0].casefold() == "instead" and sentence.startswith(" of", token.end()):
            denials.append(token.start())
        if denies and not sentence.startswith(_NOT_ONLY, token.end()):
            denials += [token.start() + n for n in denies]
    return tuple(found), tuple(denials)


@lru_cache(maxsize=20_000)
def _read(raw: str) -> tuple[tuple[tuple[str, int], ...], tuple[int, ...]]:
    """The stems in a word with their offsets, and where it denies. All capitals are kept: HTTPS is not HTTP."""
    word = _ELIDED.sub("", raw.casefold().replace("’", "'")).removesuffix("'s")
    if word == "than":
        return _THAN, ()
    if denies(word):
        return (), (0,)
    if word in _EMPTY:
        return (), ()
    if word.isascii() or not _UNSPACED.search(word):
        return ((word if raw.isupper() and len(word) > 2 else stem(word), 0),), ()
    signs = [
        (sign[0], sign.start())
        for sign in _SIGN.finditer(word)
        if sign[0] not in _SMALL_SIGNS and not _UNSPACED_NOT.match(sign[0])
    ]
    pairs = tuple(
        (one + other if len(one) == len(other) == 1 and ord(other) not in _HIRAGANA else one, n)
        for (one, n), (other, _) in pairwise([*signs, ("", 0)])
        if ord(one[0]) not in _HIRAGANA
    )
    return pairs, tuple(each.start() for each in _UNSPACED_NOT.finditer(raw))


def denies(word: str) -> bool:
    """Whether a word, in lower case, says "not"."""
    return word in NEGATORS or word.endswith(("n't", "n’t"))


def stem(word: str) -> str:
    """`word` without its ending: `completed` and `completes` become `complet`, `classes` and `class` become `class`."""
    if not word.endswith("ss"):
        for ending, instead in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                word = word[: -len(ending)] + instead
                break
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST_STEM else word


def stems(name: str) -> frozenset[str]:
    """The stems of a list of the lexicon."""
    return frozenset(map(stem, lexicon.words(name)))


SCALES = {stem(word): ("scale", *side) for word, side in lexicon.sides("scales").items()}
"""Words on a scale, each with (kind, scale, side). One thing cannot be on both sides of a scale."""
POLES = SCALES | {stem(word): ("apart", *side) for word, side in lexicon.sides("apart").items()}
"""`SCALES`, and words that only distinguish two things ("the first floor", "the second floor")."""
_HEDGES = {word for word in lexicon.words("about") | lexicon.words("bounds") if stem(word) not in POLES}
_EMPTY = FUNCTION_WORDS | _HEDGES
"""Words that are not compared; hedges are part of a value."""


def exclude(one: str, other: str) -> bool:
    """Whether one stem excludes or negates the other: `rise` and `fall`, `safe` and `unsafe`."""
    if one in POLES and other in POLES:
        return POLES[one][:2] == POLES[other][:2] and POLES[one] != POLES[other]
    return one in negated(other) or other in negated(one)


def negated(word: str) -> frozenset[str]:
    """`word` with each negating prefix: `unsafe` for `safe`."""
    return frozenset(prefix + word for prefix in _PREFIXES) if len(word) >= _SHORTEST_STEM else frozenset()
