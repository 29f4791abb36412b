"""Which sentences are compared, and in which parts.

Candidates are found by the weight of shared words, for all sentences at once, so the work grows with how much is alike.
Similar sentences within one answer are told apart before answers are compared: each is marked by the words that the
other lacks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from prompts.analysis.agreement.compare import FEW, SAME, Match, compare
from prompts.analysis.agreement.items import Item, Items
from prompts.analysis.agreement.parse import Sentence, parts
from prompts.analysis.agreement.vocabulary import Vocabulary

_CANDIDATE = 0.2
"""Two sentences must share at least this fraction of the lighter one's word weight, including words before them."""
_MOST_CANDIDATES = 3
"""How many sentences of one other answer a sentence is compared with."""
_SETTLED = 0.95
"""Likeness above which two whole sentences need not be cut into parts."""
_SURELY = 0.8
"""Likeness above which an answer says one thing twice."""
_MOST_DIFFERENT = 2
"""Two similar sentences of one answer are told apart only if neither has more words of its own than this."""


class Row:
    """A sentence, and the parts it may be cut into, which are made when first needed."""

    def __init__(self, sentence: Sentence, items: Items) -> None:
        self.whole = items.of(sentence)
        self.known: list[Item] = [self.whole]
        """The whole sentence, and its parts once they were needed."""
        self._items = items

    @property
    def every(self) -> Sequence[Item]:
        """The sentence and all its parts."""
        if len(self.known) == 1:
            self.known += map(self._items.of, parts(self.whole.sentence))
        return self.known


def matches(rows: Sequence[Row], vocabulary: Vocabulary) -> Iterator[Match]:
    """How sentences of different answers relate.

    Where several answers contain the same sentence word for word, only one of them is compared with the rest.
    """
    alike: defaultdict[str, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        alike[row.whole.sentence.text].setdefault(row.whole.sentence.answer, row)
    same = [list(each.values()) for each in alike.values()]
    across = [pair for each in same for pair in pairwise(each)]
    for i, j in _candidates([each[0].whole for each in same], vocabulary):
        mine, theirs = ({row.whole.sentence.answer: row for row in same[n]} for n in (i, j))
        for answer in mine.keys() & theirs.keys():
            for match in _best(mine[answer], theirs[answer], vocabulary):
                _tell_apart(match)
        pairs = ((same[i][0], same[j][0]), (same[i][0], same[j][-1]), (same[i][-1], same[j][0]))
        across += [(a, b) for a, b in pairs if a.whole.sentence.answer != b.whole.sentence.answer][:1]
    for one, other in across:
        yield from _best(one, other, vocabulary)


def _best(mine: Row, theirs: Row, vocabulary: Vocabulary) -> Iterator[Match]:
    """Compare two sentences whole and, unless that settles it, part by part."""
    if whole := compare(mine.whole, theirs.whole, vocabulary):
        yield whole
        if whole.likeness > _SETTLED and whole.relation != "apart":
            return
    shared = len(mine.whole.words & theirs.whole.words)
    if shared < FEW and not (mine.whole.sentence.values and theirs.whole.sentence.values):
        return
    for n, one in enumerate(mine.every):
        for other in theirs.every[not n :]:
            if match := compare(one, other, vocabulary):
                yield match


def _tell_apart(match: Match) -> None:
    """Mark each of two similar sentences by the words the other lacks; if they conflict, their answer says both."""
    one, other = match.one, match.other
    if match.likeness > _SURELY and match.relation == "conflict":
        one.says_both = other.says_both = True
    mine, theirs = one.words - other.words, other.words - one.words
    if match.likeness >= SAME and 0 < len(mine) <= _MOST_DIFFERENT and 0 < len(theirs) <= _MOST_DIFFERENT:
        one.keys.append(mine)
        other.keys.append(theirs)


def _candidates(items: Sequence[Item], vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Pairs of places in `items` that share enough words: for each other answer, those that share most."""
    words = [sorted(each.words | each.before) for each in items]
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(words):
        for word in each:
            postings[word].append(number)
    places = {word: np.array(found) for word, found in postings.items()}
    worth = {word: np.full(len(found), vocabulary.weight([word])) for word, found in postings.items()}
    weights = np.array([each.weight for each in items])
    for number, each in enumerate(words):
        places_here = np.concatenate([places[word] for word in each])
        shared = np.bincount(places_here, np.concatenate([worth[word] for word in each]), len(items))
        shared[: number + 1] = 0
        likely = np.flatnonzero((shared > 0) & (shared >= _CANDIDATE * np.minimum(weights, weights[number])))
        taken: Counter[int] = Counter()
        for other in map(int, likely[np.argsort(-shared[likely], kind="stable")]):
            answer = items[other].sentence.answer
            taken[answer] += 1
            if taken[answer] <= _MOST_CANDIDATES:
                yield number, other
