"""One answer parsed: its sentences and the parts they may be cut into, with words, numbers, dates and names.

Defines where a sentence may be cut: at punctuation and joining words. Which cuts are used depends on what the other
answers say (`pairing.py`). Also limits how much of an answer is read: the rest is not compared, and that is reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from prompts.analysis.agreement import lexicon
from prompts.analysis.agreement.markup import cells, lines, paragraphs
from prompts.analysis.agreement.names import Name, names
from prompts.analysis.agreement.sentences import split
from prompts.analysis.agreement.value import Value
from prompts.analysis.agreement.values import values
from prompts.analysis.agreement.words import Word, words

LONGEST = 100_000
"""How many characters of an answer are read."""
MOST_SENTENCES = 3_000
"""How many sentences of an answer are read; the same limit holds for table cells."""
LONGEST_SENTENCE = 600
"""In characters; a longer sentence still yields facts, but is not a statement."""
FEWEST_WORDS = 2
"""A statement needs at least so many content words and values together."""
_MOST_CUTS = 7
_COURTESIES = ("let me know", "feel free", "i hope", "hope this", "would you like", "if you'd like", "if you want")
"""Openings of sentences that only address the reader."""


def _any(name: str) -> str:
    """A pattern for any word of a list of the lexicon, in which `_` stands for a space."""
    written = sorted(lexicon.words(name), key=len, reverse=True)
    spaced = (each.split("_") for each in written)
    return f"(?:{'|'.join(' '.join(map(re.escape, each)) for each in spaced)})"


_CUT = re.compile(
    rf",?\s+{_any('joining')}\s+|[;；]\s*|\s[–—-]\s|[:：]\s+|，|,\s+|\s\((?=[^()]{{8,}}\))|\)(?=[\s,.;]|$)[\s,]*",
    re.IGNORECASE,
)
_SUPPOSING = re.compile(
    r"\b(?:suppos\w+|assum\w+|imagin\w+|hypothetical\w*|for (?:example|instance)|perhaps|maybe|e\.g\.|z\. ?B\."
    r"|beispielsweise|par exemple|por ejemplo|ad esempio)",
    re.IGNORECASE,
)
_CONDITION = re.compile(rf"{_any('conditions')}\s", re.IGNORECASE)
"""Opening of a conditional sentence, which is only true as a whole, so its first cut is skipped."""
_BETWEEN = re.compile(rf"\b{_any('between')}\s[^,;:()]{{1,40}}$", re.IGNORECASE)
"""What stands before the "and" of a range, where a sentence must not be cut."""
_POINTING = re.compile(rf"(?:then\s+)?{_any('pointing')}\b", re.IGNORECASE)
_NONE = frozenset[str]()
_WRITTEN = re.compile(r"[^\W_]*")


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence, a part of one, or a table cell.

    Compared by identity: the same words in two places are two sentences.
    """

    answer: int
    number: int
    """Its place among the sentences of the answer, from 0; -1 for a table cell."""
    whole: str
    """The text of the full sentence that this is, or is a part of."""
    start: int
    end: int
    """`start` and `end` are offsets in `whole`, as are all places below."""
    words: tuple[Word, ...]
    values: tuple[Value, ...]
    names: tuple[Name, ...]
    denials: tuple[int, ...]
    """The places of "not" and the like."""
    points: bool
    """Whether it begins with a word that refers to something earlier, such as "it"."""
    subject: str
    """The first word of its subject; where it refers back, the subject of what came before."""
    before: frozenset[str]
    """Words of the sentence before, and if that begins with "it", of those before that."""
    part_of: Sentence | None = None

    @property
    def place(self) -> tuple[int, int, int]:
        """Sort key: the order of reading."""
        return self.answer, self.number, self.start

    @property
    def text(self) -> str:
        """The text of this sentence or part."""
        return self.whole[self.start : self.end]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of its content words."""
        return frozenset(word.stem for word in self.words)

    @property
    def earlier(self) -> frozenset[str]:
        """For a part: stems of the content words that stand before it in its sentence; else empty."""
        return frozenset(word.stem for word in self.part_of.words if word.start < self.start) if self.part_of else _NONE

    @property
    def leans_on(self) -> frozenset[str]:
        """Stems of the context needed to know what a part, or "it", is about."""
        earlier = self.earlier
        points = (self.part_of or self).points or (self.points and not earlier)
        return earlier | self.before if points else earlier

    @property
    def supposes(self) -> bool:
        """Whether it states a possibility or an example."""
        return bool(_SUPPOSING.search(self.whole))

    def end_of(self, word: Word) -> int:
        """The offset in `whole` at which `word` ends."""
        found = _WRITTEN.match(self.whole, word.start)
        return found.end() if found else word.start


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer as far as it was read."""

    sentences: tuple[Sentence, ...]
    """Whole sentences, followed by the cells of tables."""
    statements: tuple[Sentence, ...]
    """Those of `sentences` that say something that can be compared."""
    whole: bool
    """False if something was beyond `LONGEST` or `MOST_SENTENCES`."""


def read(text: str, answer: int) -> Reading:
    """The sentences of `text`, then the cells of its tables; code and headings are left out."""
    found = lines(unicodedata.normalize("NFC", text[:LONGEST]))
    said = list(islice((each for paragraph in paragraphs(found) for each in split(paragraph)), MOST_SENTENCES + 1))
    listed = list(islice(cells(found), MOST_SENTENCES + 1))
    sentences: list[Sentence] = []
    for number, each in enumerate(said[:MOST_SENTENCES]):
        sentences.append(_sentence(each, answer, number, sentences[-1] if sentences else None))
    statements = tuple(filter(_says_something, sentences))
    sentences += [_sentence(each, answer) for each in listed[:MOST_SENTENCES]]
    read_whole = len(text) <= LONGEST and max(len(said), len(listed)) <= MOST_SENTENCES
    return Reading(tuple(sentences), statements, read_whole)


def _sentence(text: str, answer: int, number: int = -1, last: Sentence | None = None) -> Sentence:
    found = tuple(values(text))
    content, denials = words(_blanked(text, found))
    points = bool(_POINTING.match(text))
    subject = last.subject if last and points else content[0].stem if content else ""
    before = _NONE if last is None else last.stems | last.before if last.points else last.stems
    return Sentence(
        answer, number, text, 0, len(text), content, found, tuple(names(text)), denials, points, subject, before
    )


def _says_something(sentence: Sentence) -> bool:
    """Whether it can be compared: not a question, a courtesy or a lead-in, and neither too short nor too long."""
    text = sentence.text
    if text.endswith(("?", "？", "؟", ":", "：")) or text.lower().replace("’", "'").startswith(_COURTESIES):
        return False
    return len(text) <= LONGEST_SENTENCE and _enough(sentence)


def _enough(sentence: Sentence) -> bool:
    return bool(sentence.words) and len(sentence.stems) + len(sentence.values) >= FEWEST_WORDS


def parts(sentence: Sentence) -> Iterator[Sentence]:
    """Every run of adjacent pieces of a sentence, cut where it may be cut."""
    text = sentence.text
    inside = [(value.start, value.end) for value in sentence.values]
    found = (
        m.span()
        for m in _CUT.finditer(text)
        if not any(start < m.start() < end for start, end in inside) and not _BETWEEN.search(text[: m.start()])
    )
    cuts = [(0, 0), *islice(found, 1 if _CONDITION.match(text) else 0, _MOST_CUTS), (len(text), len(text))]
    for first in range(len(cuts) - 1):
        for last in range(first + 1, len(cuts)):
            start, end = cuts[first][1], cuts[last][0]
            if end - start < len(text) and start < end:
                part = _part(sentence, start, end)
                if _enough(part) and part.text.count("(") == part.text.count(")"):
                    yield part


def _part(sentence: Sentence, start: int, end: int) -> Sentence:
    def inside(each: Word | Value | Name) -> bool:
        return start <= each.start < end

    return replace(
        sentence, start=start, end=end, words=tuple(filter(inside, sentence.words)),
        values=tuple(filter(inside, sentence.values)), names=tuple(filter(inside, sentence.names)),
        denials=tuple(place for place in sentence.denials if start <= place < end),
        points=bool(_POINTING.match(sentence.whole[start:end])), part_of=sentence,
    )  # fmt: skip


def _blanked(text: str, found: tuple[Value, ...]) -> str:
    """`text` with its values, and the words that make them limits, replaced by blanks of the same length."""
    left = list(text)
    for start, end in [span for value in found for span in ((value.start, value.end), *value.spoken)]:
        left[start:end] = " " * (end - start)
    return "".join(left)
