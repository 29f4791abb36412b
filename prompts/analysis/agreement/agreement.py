"""What several answers agree on, what only one says, and where they differ: by comparing words, not meaning.

Sentences, and parts of them, are compared by their content words, their values and words that exclude each other
(`compare.py`); the best pairs decide which belong together and how a sentence is cut (`pairing.py`). Headings, code,
questions and table cells do not count as statements. Synonyms are not recognised: a sentence that resembles another,
but not enough, is reported neither as shared nor as unique.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from prompts.analysis.agreement.conflicts import Conflict, conflicts
from prompts.analysis.agreement.facts import Fact, facts, sure_names
from prompts.analysis.agreement.pairing import pair
from prompts.analysis.agreement.parse import Sentence, read

Level = Literal["all", "most", "some", "one", "unsure"]
LEVELS: tuple[Level, ...] = ("all", "most", "some", "one")


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said, with one sentence, in its own words, for each answer that says it."""

    level: Level
    """`unsure`: only in one answer, but similar to something in another, which may say the same in other words."""
    sentences: tuple[Sentence, ...]

    def differing(self, sentence: Sentence) -> list[tuple[int, int]]:
        """The (start, end) places in `sentence.whole` of the words and values that not all the other sentences have."""
        others = [each for each in self.sentences if each is not sentence]
        stems = frozenset[str].intersection(*(each.stems for each in others)) if others else sentence.stems
        keys = [{value.key for value in each.values} for each in others]
        words = [(word.start, sentence.end_of(word)) for word in sentence.words if word.stem not in stems]
        values = [(value.start, value.end) for value in sentence.values if any(value.key not in each for each in keys)]
        return sorted([*words, *values])


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was found in `answers` answers, numbered from 0 in the order they were given."""

    answers: int
    statements: tuple[Statement, ...]
    """The most widely shared first."""
    conflicts: tuple[Conflict, ...]
    facts: tuple[Fact, ...]
    names_read: bool
    """Whether names were looked for; false where a language capitalises every noun."""
    shortened: tuple[int, ...]
    """The numbers of the answers too long to be read in full."""

    def at(self, level: Level) -> tuple[Statement, ...]:
        """The statements of that level."""
        return tuple(statement for statement in self.statements if statement.level == level)


def agree(texts: Sequence[str]) -> Agreement:
    """Compare whole answers. Raises `ValueError` for fewer than two."""
    if len(texts) < 2:
        raise ValueError("Agreement needs two answers.")
    readings = [read(text, number) for number, text in enumerate(texts)]
    names = sure_names(readings)
    found = pair(readings, names or frozenset())
    disagreed = conflicts(found)
    disputed = {id(sentence) for conflict in disagreed for side in conflict.sides for sentence in side.sentences}
    groups = [group for group in found.groups if not any(id(each.sentence) in disputed for each in group.values())]
    rows = [tuple(group[answer].sentence for answer in sorted(group)) for group in groups]
    shared = [Statement(level_of(len(row), len(texts)), row) for row in rows]
    one = [Statement("one", (each,)) for each in found.alone]
    unsure = [Statement("unsure", (each,)) for each in found.unsure]
    statements = sorted([*shared, *one, *unsure], key=lambda each: (-len(each.sentences), each.sentences[0].place))
    return Agreement(
        len(texts), tuple(statements), tuple(disagreed), facts(readings, names or frozenset()), names is not None,
        tuple(number for number, reading in enumerate(readings) if not reading.whole),
    )  # fmt: skip


def level_of(said_by: int, answers: int) -> Level:
    """`all`; `most`: more than half; `some`: more than one; else `one`."""
    if said_by == answers:
        return "all"
    return "most" if said_by * 2 > answers else "some" if said_by > 1 else "one"
