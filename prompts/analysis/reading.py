"""One answer read: its sentences with their content words, numbers, dates and names.

Owns how much of an answer is read: what is beyond is not compared, and said so.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import islice

from prompts.analysis.markup import cells, lines, paragraphs
from prompts.analysis.names import Name, names
from prompts.analysis.sentences import split
from prompts.analysis.values import Value, values
from prompts.analysis.words import Content, content

LONGEST = 100_000
"""Characters of an answer that are read."""
MOST_SENTENCES = 3_000
"""Of an answer, and as many table cells."""
LONGEST_SENTENCE = 600
"""Characters; a longer one gives facts, but is no statement."""
FEWEST_WORDS = 2
"""Content words and values that a statement has at least."""
_COURTESIES = ("let me know", "feel free", "i hope", "hope this", "would you like", "if you'd like", "if you want")
"""How a sentence begins that only speaks to the reader."""


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One sentence, or a cell of a table. The same words in two places are two sentences."""

    answer: int
    text: str
    content: Content
    stems: frozenset[str]
    values: tuple[Value, ...]
    names: tuple[Name, ...]
    is_statement: bool
    """Not a question, a courtesy, a line that only leads in, a cell of a table, nor too short or long to compare."""

    @property
    def keys(self) -> frozenset[str]:
        """Its numbers and dates."""
        return frozenset(value.key for value in self.values)


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer as far as it is read."""

    sentences: tuple[Sentence, ...]
    whole: bool
    """Nothing was beyond `LONGEST` or `MOST_SENTENCES`."""


def read(text: str, answer: int) -> Reading:
    """The sentences of `text`, then the cells of its tables; code and headings are left out."""
    normal = unicodedata.normalize("NFC", text[:LONGEST])
    found = lines(normal)
    said = list(islice((each for paragraph in paragraphs(found) for each in split(paragraph)), MOST_SENTENCES + 1))
    listed = list(islice(cells(found), MOST_SENTENCES + 1))
    sentences = [_sentence(each, answer) for each in said[:MOST_SENTENCES]]
    sentences += [_sentence(each, answer, cell=True) for each in listed[:MOST_SENTENCES]]
    return Reading(tuple(sentences), len(text) <= LONGEST and max(len(said), len(listed)) <= MOST_SENTENCES)


def _sentence(text: str, answer: int, *, cell: bool = False) -> Sentence:
    read_values = tuple(values(text))
    read_content = content(_blanked(text, read_values))
    stems = read_content.stems
    comparable = len(text) <= LONGEST_SENTENCE and bool(stems) and len(stems) + len(read_values) >= FEWEST_WORDS
    leads = text.endswith(("?", "？", "؟", ":", "：")) or text.lower().replace("’", "'").startswith(_COURTESIES)
    return Sentence(
        answer, text, read_content, stems, read_values, tuple(names(text)), comparable and not leads and not cell
    )


def _blanked(text: str, found: tuple[Value, ...]) -> str:
    """`text` with its values as blanks, everything else in its place."""
    parts: list[str] = []
    start = 0
    for value in found:
        parts += [text[start : value.start], " " * (value.end - value.start)]
        start = value.end
    return "".join([*parts, text[start:]])
