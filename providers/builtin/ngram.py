"""Real next-word models without dependencies: word n-grams, trained on first use.

Owns the tokens, the training text, the counts, and how a next word is drawn. No canned text, network, files or clock.

Text: the English prose of `pydoc_data.topics`, the language reference that every Python includes for `help()`. Only
sentences that survive conversion to tokens and back unchanged are used, so generated text looks as it was learnt, and
its tokens can be counted again from the text. The text differs a little between versions of Python, and so do the
models.

Formula: interpolated Witten-Bell smoothing (I. H. Witten and T. C. Bell, "The zero-frequency problem", IEEE
Transactions on Information Theory 37(4), 1991, method C; in the recursive form of S. F. Chen and J. Goodman, "An
empirical study of smoothing techniques for language modeling", 1999):

p(w | h) = (c(h, w) + t(h) p(w | h')) / (c(h) + t(h))

with c the counts, t(h) the number of different words seen after h, and h' = h without its oldest word. The recursion
ends with the uniform distribution, so every word always has a probability.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from threading import Lock
from typing import NamedTuple

ORDERS = (2, 3, 4)
"""How many words a model considers together: the next one and those it remembers."""
END = "<end>"
"""The token that ends a paragraph, and is the history at the beginning of one. Never written."""

_END_ID = 0
_TOKEN = re.compile(r"`[^`\n]{1,40}`|\w+(?:[.'’-]\w+)*|[^\w\s]")
_CLOSING, _OPENING, _SENTENCE_MARKS = frozenset(",.;:!?)]"), frozenset("(["), frozenset(".:!?")
_QUOTED = re.compile(r'"([^"`]{1,38})"')
_MARKS = re.compile(r"^(?:\* |\d+\. )| ?\[\d+\]|(?<!\w)\*+(?=\w)|(?<=\w)\*+(?!\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-Z`])")
_FEWEST_WORDS = 5


class NextWord(NamedTuple):
    """A word and its probability as the next one."""

    word: str
    probability: float


def tokens(text: str) -> Iterator[str]:
    """Words, punctuation marks and spans of code, in any script; white space only separates."""
    return (found.group() for found in _TOKEN.finditer(text))


def written(token: str, before: str | None) -> str:
    """`token` preceded by the space that separates it from `before`; `None` at the beginning of a text."""
    tight = before is None or token in _CLOSING or before in _OPENING
    return token if tight else f" {token}"


@cache
def paragraphs() -> tuple[tuple[str, ...], ...]:
    """The training text, as the tokens of its paragraphs, each paragraph once."""
    from pydoc_data.topics import topics  # half a megabyte of text that is only needed when a model is used

    raw = dict.fromkeys(" ".join(p.split()) for topic in topics.values() for p in topic.split("\n\n"))
    learnt = (tuple(_prose(paragraph)) for paragraph in raw)
    return tuple(dict.fromkeys(paragraph for paragraph in learnt if paragraph))


def _prose(paragraph: str) -> Iterator[str]:
    text = _QUOTED.sub(r"`\1`", _MARKS.sub("", paragraph))
    for sentence in _SENTENCE_END.split(text):
        found = list(tokens(sentence))
        if len(found) > _FEWEST_WORDS and found[-1] in _CLOSING and _reads_back(found, sentence):
            yield from found


def _reads_back(found: Sequence[str], sentence: str) -> bool:
    if not all(t[0] == "`" or t[0].isalnum() or t in _CLOSING | _OPENING for t in found):
        return False
    return "".join(written(t, before) for before, t in zip([None, *found], found, strict=False)) == sentence


class NGram:
    """One trained model of `order` n: it remembers the last n - 1 words."""

    def __init__(self, order: int, text: Iterable[Sequence[str]]) -> None:
        self.order = order
        stream = [END]
        for paragraph in text:
            stream += [*paragraph, END]
        seen = Counter(stream)
        self.words: tuple[str, ...] = (END, *(word for word, _ in seen.most_common() if word != END))
        """The vocabulary: `END`, then words by descending frequency."""
        self._ids = {word: number for number, word in enumerate(self.words)}
        # The last two steps of the recursion at once: with every word seen, t = V and the uniform share is 1/V.
        self._base = [(seen[word] + 1) / (len(stream) + len(self.words)) for word in self.words]
        self._after = _counts(order, [self._ids[word] for word in stream])
        self._not_first = [self._ids[word] for word in _CLOSING | {END} if word in self._ids]

    def history(self, prompt: Iterable[str], answer: Iterable[str] = ()) -> deque[int]:
        """The last n - 1 known words of these tokens, as numbers; `append` the words that follow.

        A word that was never learnt is tried in lower case, then skipped. Punctuation at the end of the prompt is
        skipped too: an answer continues from the words before it.
        """
        asked = list(prompt)
        while asked and asked[-1] in _SENTENCE_MARKS:
            asked.pop()
        numbers = (self._ids.get(word, self._ids.get(word.lower())) for word in [*asked, *answer])
        return deque([_END_ID, *(n for n in numbers if n is not None)], maxlen=self.order - 1)

    def distribution(self, history: Iterable[int]) -> list[float]:
        """The probability of each of `words` after `history`; they add up to 1."""
        remembered = tuple(history)
        added: dict[int, float] = {}
        left = 1.0
        for start in range(len(remembered)):
            following = self._after.get(remembered[start:])
            if following is None:
                continue
            total = sum(following.values()) + len(following)
            for word, count in following.items():
                added[word] = added.get(word, 0.0) + left * count / total
            left *= len(following) / total
        shares = [left * share for share in self._base]
        for word, share in added.items():
            shares[word] += share
        return shares

    def next_shares(
        self, history: Iterable[int], *, temperature: float | None, top_p: float | None, first: bool
    ) -> list[float]:
        """The distribution to sample from. The `first` word of an answer is neither `END` nor a closing mark."""
        shares = self.distribution(history)
        for word in self._not_first if first else ():
            shares[word] = 0.0
        return sharpened(shares, temperature, top_p)

    def likeliest(self, shares: Sequence[float], k: int) -> tuple[NextWord, ...]:
        """The `k` most probable words; fewer if the settings leave fewer."""
        return tuple(NextWord(self.words[n], shares[n]) for n in _falling(shares)[:k] if shares[n] > 0)


def _counts(order: int, stream: Sequence[int]) -> dict[tuple[int, ...], dict[int, int]]:
    after: defaultdict[tuple[int, ...], dict[int, int]] = defaultdict(dict)
    for size in range(2, order + 1):
        for gram, count in Counter(zip(*(stream[i:] for i in range(size)), strict=False)).items():
            after[gram[:-1]][gram[-1]] = count
    return dict(after)


def sharpened(shares: Sequence[float], temperature: float | None, top_p: float | None) -> list[float]:
    """`shares` to the power 1 / temperature, then only the fewest words that reach `top_p`; adds up to 1.

    Temperature 0 keeps only the most probable word. `None` changes nothing.
    """
    highest = max(shares)
    if temperature == 0:
        best = shares.index(highest)
        return [float(n == best) for n in range(len(shares))]
    # Relative to the highest, so that a low temperature cannot underflow every share to zero.
    power = 1.0 if temperature is None else 1 / temperature
    raised = list(shares) if power == 1 else [(share / highest) ** power for share in shares]
    if top_p is not None and top_p < 1:
        raised = _nucleus(raised, top_p * sum(raised))
    total = sum(raised)
    return [share / total for share in raised]


def _nucleus(shares: Sequence[float], wanted: float) -> list[float]:
    kept = [0.0] * len(shares)
    reached = 0.0
    for n in _falling(shares):
        kept[n] = shares[n]
        reached += shares[n]
        if reached >= wanted:
            break
    return kept


def _falling(shares: Sequence[float]) -> list[int]:
    return sorted(range(len(shares)), key=shares.__getitem__, reverse=True)


class Held:
    """Holds back text that may become a stop string, so that none is ever shown, not even split over words."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops, self._text = stops, ""
        self.stopped = False

    def add(self, text: str) -> str:
        """Add text; returns what can safely be shown now."""
        self._text += text
        ends = [at for stop in self._stops if (at := self._text.find(stop)) >= 0]
        self.stopped = bool(ends)
        safe = min(ends) if ends else len(self._text) - self._begun()
        shown, self._text = self._text[:safe], "" if ends else self._text[safe:]
        return shown

    def rest(self) -> str:
        """The text still held back when the answer ended without a stop string."""
        return self._text

    def _begun(self) -> int:
        """The length of the longest end of the text that is the beginning of a stop string."""
        longest = max((len(stop) for stop in self._stops), default=1) - 1
        lengths = range(min(longest, len(self._text)), 0, -1)
        return next((n for n in lengths if any(stop.startswith(self._text[-n:]) for stop in self._stops)), 0)


_training = Lock()


def trained(order: int) -> NGram:
    """The model of that order, trained once per process, in whichever thread asks first."""
    with _training:
        return _trained(order)


@cache
def _trained(order: int) -> NGram:
    return NGram(order, paragraphs())
