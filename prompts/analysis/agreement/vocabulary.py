"""The words of all answers together: which of them are the same word, and how much each one tells.

Owns two guesses. Words that begin alike and differ in their ending are one ("explain", "explanation"). Two capitals
are the words that begin with them where these stand in a row somewhere ("VM": "virtual machine").
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
"""Jaro-Winkler similarity from which two words are the same, and the part of the shorter that both begin with."""
_SAME_LETTERS = 4
_LONGEST_BUCKET = 60
"""Words with one beginning that are compared; more occur in made-up texts only."""
_ALIASES = {stem(short): tuple(map(stem, full.split())) for short, full in lexicon.table("aliases").items()}


class Vocabulary:
    """What the words of some sentences are worth, and stand for."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._stands_for: dict[str, tuple[str, ...]] = {**_ALIASES, **_spelled_out(rows)}
        self._same = _same_words({each for row in rows for each in row})
        often = Counter(word for row in rows for word in self.words(row))
        self.rarest = log(1 + len(rows))
        """The weight of a word that one sentence has, and of a value."""
        self._weights = defaultdict(lambda: self.rarest, {w: log(1 + len(rows) / n) for w, n in often.items()})
        self._opposites = _opposites(often)
        self.opposed = frozenset(self._opposites)
        """The words that have opposites."""

    def words(self, stems: Iterable[str]) -> frozenset[str]:
        """`stems` as the words they are."""
        return frozenset(
            self._same.get(each, each) for short in stems for each in self._stands_for.get(short, (short,))
        )

    def word(self, short: str) -> str:
        """A stem as the word it is; of several the first."""
        first = self._stands_for.get(short, (short,))[0]
        return self._same.get(first, first)

    def weight(self, words: Iterable[str]) -> float:
        """How much `words` tell: the rarer, the more."""
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
    """Acronyms of two letters, and the two words in a row most often found with these beginnings."""
    acronyms = {each for row in rows for each in row if len(each) == 2 and each.isascii()}
    pairs = Counter(pair for row in rows for pair in pairwise(row) if min(map(len, pair)) > 2)
    return {
        one[0] + two[0]: (one, two) for (one, two), _ in reversed(pairs.most_common()) if one[0] + two[0] in acronyms
    }


def _same_words(stems: Iterable[str]) -> Mapping[str, str]:
    """Each stem that is another with a different ending, and that one."""
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
    """Without accents and umlauts, which a plural may add: `Anspruch`, `Ansprüche`."""
    return "".join(sign for sign in normalize("NFD", word) if not combining(sign))


def _is_same(one: str, other: str) -> bool:
    shorter, longer = _plain(one), _plain(other)
    begin_alike = Prefix.similarity(shorter, longer) >= _BEGINNING * len(shorter)
    return begin_alike and JaroWinkler.similarity(shorter, longer) >= _ALIKE
