"""One answer read: its sentences and their clauses, each with its content words, numbers, dates and names.

Owns how much of an answer is read: what is beyond is not compared, and said so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from prompts.analysis.agreement.clauses import Clause, clauses
from prompts.analysis.agreement.markup import cells, lines, paragraphs
from prompts.analysis.agreement.names import Name, names
from prompts.analysis.agreement.sentences import split
from prompts.analysis.agreement.subjects import Known, Thread
from prompts.analysis.agreement.values import Value, values
from prompts.analysis.agreement.words import Content, content

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
    """One sentence or clause, or a cell of a table. The same words in two places are two sentences."""

    answer: int
    text: str
    content: Content
    stems: frozenset[str]
    """Its content words, with those of `about`."""
    values: tuple[Value, ...]
    names: tuple[Name, ...]
    is_statement: bool
    """Not a question, a courtesy, a line that only leads in, a cell of a table, nor too short or long to compare."""
    whole: str
    """The sentence that it is, or is a clause of."""
    start: int = 0
    """Where in `whole` it begins."""
    place: tuple[int, int] = (0, 0)
    """Which sentence of the answer, and which clause of it."""
    about: str = ""
    """Its subject, where that stands in an earlier clause: what "it" is, or who also "died in 1934"."""
    about_stems: tuple[str, ...] = ()
    context: frozenset[str] = frozenset()
    """Words of the subject before it, where its own leans on that: "the company", "its height"."""
    subject: Known = "known"
    """`asked`: "it" with nothing before it, at the beginning of an answer; presumably what was asked about."""

    @property
    def keys(self) -> frozenset[str]:
        """Its numbers and dates."""
        return frozenset(value.key for value in self.values)


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer as far as it is read."""

    sentences: tuple[Sentence, ...]
    """Whole, and the cells of tables."""
    statements: tuple[Sentence, ...]
    """The clauses that say something."""
    whole: bool
    """Nothing was beyond `LONGEST` or `MOST_SENTENCES`."""


def read(text: str, answer: int) -> Reading:
    """The sentences of `text`, then the cells of its tables; code and headings are left out."""
    normal = unicodedata.normalize("NFC", text[:LONGEST])
    found = lines(normal)
    each = ((sentence, not n) for paragraph in paragraphs(found) for n, sentence in enumerate(split(paragraph)))
    said = list(islice(each, MOST_SENTENCES + 1))
    listed = list(islice(cells(found), MOST_SENTENCES + 1))
    sentences = [_sentence(text, answer) for text, _ in said[:MOST_SENTENCES]]
    statements = _statements(sentences, [first for _, first in said])
    sentences += [_sentence(each, answer, cell=True) for each in listed[:MOST_SENTENCES]]
    read_whole = len(text) <= LONGEST and max(len(said), len(listed)) <= MOST_SENTENCES
    return Reading(tuple(sentences), tuple(statements), read_whole)


def _sentence(text: str, answer: int, *, cell: bool = False) -> Sentence:
    read_values = tuple(values(text))
    read_content = content(_blanked(text, read_values))
    stems = read_content.stems
    comparable = len(text) <= LONGEST_SENTENCE and bool(stems) and len(stems) + len(read_values) >= FEWEST_WORDS
    leads = text.endswith(("?", "？", "؟", ":", "：")) or text.lower().replace("’", "'").startswith(_COURTESIES)
    return Sentence(
        answer, text, read_content, stems, read_values, tuple(names(text)), comparable and not leads and not cell, text
    )


def _statements(sentences: list[Sentence], firsts: list[bool]) -> Iterator[Sentence]:
    """Clause by clause, each with what it is about. A paragraph begins anew: its "it" is not looked for before it."""
    thread = Thread()
    for number, (sentence, first) in enumerate(zip(sentences, firsts, strict=False)):
        if first or not sentence.is_statement:
            thread = thread.broken(asked=number == 0 or (thread.asked and not first))
        if not sentence.is_statement:
            continue
        found = clauses(sentence.text)
        for n, clause in enumerate(found):
            about = thread.follow(clause)
            said = _clause(sentence, clause, (number, n), about, alone=len(found) == 1)
            known = thread.known(clause)
            if said.is_statement:
                yield replace(said, context=thread.context, subject=known)
            thread.hear(said.text, said.names, known)
        thread.remember(sentence.names)


def _clause(sentence: Sentence, clause: Clause, place: tuple[int, int], about: str, *, alone: bool) -> Sentence:
    if alone and not about:
        return replace(sentence, place=place)
    raw = sentence.text[clause.start : clause.end]
    text = raw.strip(" ,;")
    own = sentence if alone else _sentence(text, sentence.answer)
    about_stems = tuple(word.stem for word in content(about).words) if about else ()
    stems = own.stems | frozenset(about_stems)
    enough = bool(stems) and len(stems) + len(own.values) >= FEWEST_WORDS
    return replace(
        own, stems=stems, is_statement=enough, whole=sentence.text, place=place, about=about,
        about_stems=about_stems, start=clause.start + len(raw) - len(raw.lstrip(" ,;")),
    )  # fmt: skip


def _blanked(text: str, found: tuple[Value, ...]) -> str:
    """`text` with its values as blanks, everything else in its place."""
    parts: list[str] = []
    start = 0
    for value in found:
        parts += [text[start : value.start], " " * (value.end - value.start)]
        start = value.end
    return "".join([*parts, text[start:]])
