"""One answer read: its sentences and the parts they may be cut into, with their words, numbers, dates and names.

Owns where a sentence may be cut: at marks and joining words, never for sure. Which cuts are real is decided by what the
other answers say (`pairing.py`). Owns too how much of an answer is read: what is beyond is not compared, and said so.
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
from prompts.analysis.agreement.values import Value, values
from prompts.analysis.agreement.words import Word, words

LONGEST = 100_000
"""Characters of an answer that are read."""
MOST_SENTENCES = 3_000
"""Of an answer, and as many table cells."""
LONGEST_SENTENCE = 600
"""Characters; a longer one gives facts, but is no statement."""
FEWEST_WORDS = 2
"""Content words and values that a statement has at least."""
_MOST_CUTS = 7
_COURTESIES = ("let me know", "feel free", "i hope", "hope this", "would you like", "if you'd like", "if you want")
"""How a sentence begins that only speaks to the reader."""


def _any(name: str) -> str:
    """Any word of a list; what is written with `_` is several words."""
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
"""How a sentence begins that is only true as a whole: its first cut is none."""
_BETWEEN = re.compile(rf"\b{_any('between')}\s[^,;:()]{{1,40}}$", re.IGNORECASE)
"""What stands before the "and" of a range, which is no place to cut."""
_POINTING = re.compile(rf"(?:then\s+)?{_any('pointing')}\b", re.IGNORECASE)
_NONE = frozenset[str]()
_WRITTEN = re.compile(r"[^\W_]*")


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence, a part of one, or a cell of a table. The same words in two places are two sentences."""

    answer: int
    number: int
    """Which sentence of the answer."""
    whole: str
    """The sentence that it is, or is a part of."""
    start: int
    end: int
    """From where to where in `whole`; so are all places below."""
    words: tuple[Word, ...]
    values: tuple[Value, ...]
    names: tuple[Name, ...]
    denials: tuple[int, ...]
    """Where it says "not"."""
    points: bool
    """Begins with a word that stands for something before it: "it"."""
    subject: str
    """The word that begins what it is about: where it leans on what is before it, the one there."""
    before: frozenset[str]
    """Words of the sentence before, and if that says "it", of those before that."""
    part_of: Sentence | None = None

    @property
    def place(self) -> tuple[int, int, int]:
        """To sort by."""
        return self.answer, self.number, self.start

    @property
    def text(self) -> str:
        """Its own words."""
        return self.whole[self.start : self.end]

    @property
    def stems(self) -> frozenset[str]:
        """Its content words."""
        return frozenset(word.stem for word in self.words)

    @property
    def earlier(self) -> frozenset[str]:
        """Of a part: content words before it in its sentence."""
        return frozenset(word.stem for word in self.part_of.words if word.start < self.start) if self.part_of else _NONE

    @property
    def leans_on(self) -> frozenset[str]:
        """What tells what a part or "it" is about."""
        earlier = self.earlier
        points = (self.part_of or self).points or (self.points and not earlier)
        return earlier | self.before if points else earlier

    @property
    def supposes(self) -> bool:
        """Says what may be, or is an example."""
        return bool(_SUPPOSING.search(self.whole))

    def end_of(self, word: Word) -> int:
        """Where `word` ends in `whole`."""
        found = _WRITTEN.match(self.whole, word.start)
        return found.end() if found else word.start


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer as far as it is read."""

    sentences: tuple[Sentence, ...]
    """Whole, and the cells of tables."""
    statements: tuple[Sentence, ...]
    """The sentences that say something."""
    whole: bool
    """Nothing was beyond `LONGEST` or `MOST_SENTENCES`."""


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
    """Not a question, a courtesy, a line that only leads in, nor too short or long to compare."""
    text = sentence.text
    if text.endswith(("?", "？", "؟", ":", "：")) or text.lower().replace("’", "'").startswith(_COURTESIES):
        return False
    return len(text) <= LONGEST_SENTENCE and _enough(sentence)


def _enough(sentence: Sentence) -> bool:
    return bool(sentence.words) and len(sentence.stems) + len(sentence.values) >= FEWEST_WORDS


def parts(sentence: Sentence) -> Iterator[Sentence]:
    """Every run of neighbouring pieces between two places where the sentence may be cut."""
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
    """`text` with its values as blanks, everything else in its place."""
    pieces: list[str] = []
    start = 0
    for value in found:
        pieces += [text[start : value.start], " " * (value.end - value.start)]
        start = value.end
    return "".join([*pieces, text[start:]])
