"""The words of all answers together: which are the same word, and how much weight each carries.

Makes two guesses. Words that begin alike and differ in their ending are the same ("explain", "explanation"). Two
capitals are an acronym of adjacent words that begin with them, if such words occur somewhere ("VM": "virtual machine").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import log
from unicodedata import combining, normalize

from rapidfuzz.distance import JaroWinkler, Prefix

from prompts.analysis.agreement import lexicon
from prompts.analysis.agreement.words import POLES, exclude, negated, stem

_ALIKE, _BEGINNING = 0.85, 0.7
"""Minimum Jaro-Winkler similarity of two words that are the same,
and the fraction of the shorter that both begin with."""
_SAME_LETTERS = 4
_LONGEST_BUCKET = 60
"""How many words with one beginning are compared; only artificial texts have more."""
_ALIASES = {stem(short): tuple(map(stem, full.split())) for short, full in lexicon.table("aliases").items()}


class Vocabulary:
    """The weights of the words of some sentences, and which words are equivalent."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._stands_for: dict[str, tuple[str, ...]] = {**_ALIASES, **_spelled_out(rows)}
        self._same = _same_words({each for row in rows for each in row})
        often = Counter(word for row in rows for word in self.words(row))
        self.rarest = log(1 + len(rows))
        """The weight of a word that occurs in one sentence only; also the weight of a value."""
        self._weights = defaultdict(lambda: self.rarest, {w: log(1 + len(rows) / n) for w, n in often.items()})
        self._opposites = _opposites(often)
        self.opposed = frozenset(self._opposites)
        """The words that have an opposite here."""

    def words(self, stems: Iterable[str]) -> frozenset[str]:
        """The words that `stems` stand for, with acronyms spelled out and variants merged."""
        return frozenset(
            self._same.get(each, each) for short in stems for each in self._stands_for.get(short, (short,))
        )

    def word(self, short: str) -> str:
        """The word that one stem stands for; the first where an acronym stands for several."""
        first = self._stands_for.get(short, (short,))[0]
        return self._same.get(first, first)

    def weight(self, words: Iterable[str]) -> float:
        """The sum of the weights of `words`: the rarer a word, the more it weighs."""
        return sum(map(self._weights.__getitem__, words))

    def opposites(self, word: str) -> frozenset[str]:
        """The words that exclude `word`."""
        return self._opposites.get(word, frozenset())


def _opposites(words: Iterable[str]) -> Mapping[str, frozenset[str]]:
    known = frozenset(words)
    poles = known & POLES.keys()
    found = {word: frozenset(other for other in poles if exclude(word, other)) for word in poles}
    for word in known:
        for other in negated(word) & known:
            found[word] = found.get(word, frozenset()) | {other}
            found[other] = found.get(other, frozenset()) | {word}
    return found


def _spelled_out(rows: Sequence[Sequence[str]]) -> Mapping[str, tuple[str, str]]:
    """Two-letter acronyms, each with the adjacent pair of words that most often has these initials."""
    acronyms = {each for row in rows for each in row if len(each) == 2 and each.isascii()}
    pairs = Counter(pair for row in rows for pair in pairwise(row) if min(map(len, pair)) > 2)
    return {
        one[0] + two[0]: (one, two) for (one, two), _ in reversed(pairs.most_common()) if one[0] + two[0] in acronyms
    }


def _same_words(stems: Iterable[str]) -> Mapping[str, str]:
    """Maps each stem that is a variant of another, with a different ending, to that one."""
    buckets: defaultdict[str, list[str]] = defaultdict(list)
    found: dict[str, str] = {}
    for each in sorted(stems, key=lambda word: (len(word), word)):
        if len(each) <= _SAME_LETTERS or not each.isalpha() or each in POLES:
            continue
        heads = buckets[_plain(each)[:_SAME_LETTERS]]
        if head := next((head for head in heads if _is_same(head, each)), None):
            found[each] = head
        elif len(heads) < _LONGEST_BUCKET:
            heads.append(each)
    return found


def _plain(word: str) -> str:
    """`word` without accents and umlauts, which a plural may add: `Anspruch`, `Ansprüche`."""
    return "".join(sign for sign in normalize("NFD", word) if not combining(sign))


def _is_same(one: str, other: str) -> bool:
    shorter, longer = _plain(one), _plain(other)
    begin_alike = Prefix.similarity(shorter, longer) >= _BEGINNING * len(shorter)
    return begin_alike and JaroWinkler.similarity(shorter, longer) >= _ALIKE
