"""Where answers contradict each other: the same words around another value, or the same words denied.

Owns the caution: a false conflict is worse than a missed one. Numbers conflict only in sentences whose other words
are all the same. Dates also where one sentence goes on after the other has ended, and the date stands behind the
same word ("built in"). In no conflict are hedged and rounded values, suppositions, answers that say both, and
sentences that do not name what they are about: "it" with hardly another word, "Price: $20".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from prompts.analysis.reading import Sentence
from prompts.analysis.values import Value, clash
from prompts.analysis.words import stem

_SUPPOSING = frozenset(
    map(stem, "example suppose assume imagine let hypothetical instance consider say perhaps maybe".split())
)
_RESULTS = frozenset(
    map(stem, "answer result total sum solution difference product quotient remainder probability".split())
)
"""Words that a question has one of, so that they need no others around the value."""
_POINTING = frozenset("it this that these those they he she there its their his her".split())
_FEWEST_AROUND_DATES = 3
"""Content words that a sentence has beside its date before a longer one is held against it."""
_MOST_TRIED = 60
"""Sentences with the same word before a date that are compared."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values that are given, and the sentences that give it."""

    value: str
    """As first written; `"yes"` or `"no"` where one denies what the other says."""
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing of which different values are given; the side with most answers first."""

    kind: Literal["number", "date", "negation"]
    unit: str
    sides: tuple[Side, ...]


def conflicts(statements: Sequence[Sentence]) -> list[Conflict]:
    """The conflicts between answers, in the order of the sentences."""
    plain = [each for each in statements if _is_about_something(each)]
    found: list[Conflict] = []
    used: set[Sentence] = set()
    for frame in [*_around_dates(plain), *_same_words(plain)]:
        if any(sentence in used for sentence in frame):
            continue
        here = [*_by_values(frame), *_by_negation(frame)]
        found += here
        used.update(sentence for conflict in here for side in conflict.sides for sentence in side.sentences)
    return found


def _is_about_something(sentence: Sentence) -> bool:
    """Whether it asserts, and says of what."""
    text = sentence.text.lower()
    if sentence.stems & _SUPPOSING or " if " in f" {text} ":
        return False
    if sentence.stems & _RESULTS:
        return True
    if len(sentence.stems) < 2 or any(":" in text[: value.start] for value in sentence.values):
        return False
    return len(sentence.stems) > 2 or text.split(maxsplit=1)[0] not in _POINTING


def _same_words(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    """Sentences whose content words are all the same."""
    frames: defaultdict[frozenset[str], list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        frames[sentence.stems].append(sentence)
    return [frame for frame in frames.values() if len(frame) > 1]


def _around_dates(sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    """Sentences with one date behind the same word, where all words of the shortest are in the others."""
    anchored: defaultdict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        dates = [value for value in sentence.values if value.kind == "date"]
        if len(dates) == 1 and (anchor := _word_before(sentence, dates[0])):
            anchored[anchor].append(sentence)
    for bucket in anchored.values():
        left = sorted(bucket[:_MOST_TRIED], key=lambda each: len(each.stems))
        while len(left) > 1:
            core, *rest = left
            frame = [core, *(each for each in rest if _goes_on(core, each))]
            yield frame if len(core.stems) >= _FEWEST_AROUND_DATES else []
            left = [each for each in left if each not in frame]


def _word_before(sentence: Sentence, value: Value) -> str | None:
    before = [word for word in sentence.content.words if word.start < value.start]
    if not before or any(mark in sentence.text[before[-1].start : value.start] for mark in ",;:()"):
        return None
    return before[-1].stem


def _goes_on(core: Sentence, longer: Sentence) -> bool:
    """Whether `longer` begins with the words of `core` and only adds to them, without denying."""
    words = longer.content.words
    begins = frozenset(word.stem for word in words[: len(core.content.words)])
    return core.stems == begins and core.content.denied == longer.content.denied


def _by_values(frame: Sequence[Sentence]) -> Iterator[Conflict]:
    """One conflict for each unit of which the answers give different values."""
    by_answer = _one_each(frame, lambda sentence: sentence.keys)
    if len(by_answer) < 2 or len({sentence.content.denied for sentence in by_answer}) > 1:
        return
    common = frozenset[str].intersection(*(sentence.keys for sentence in by_answer))
    for unit in dict.fromkeys(value.unit for sentence in by_answer for value in sentence.values):
        given = [(sentence, left[0]) for sentence in by_answer if len(left := _left(sentence, unit, common)) == 1]
        if any(clash(one, other) for (_, one), (_, other) in combinations(given, 2)):
            yield Conflict("date" if unit == "date" else "number", unit, _sides(given))


def _one_each(frame: Sequence[Sentence], says: Callable[[Sentence], frozenset[str]]) -> list[Sentence]:
    """One sentence of each answer; answers that say more than one thing in these words are left out."""
    by_answer: defaultdict[int, list[Sentence]] = defaultdict(list)
    for sentence in frame:
        by_answer[sentence.answer].append(sentence)
    return [each[0] for each in by_answer.values() if len({says(sentence) for sentence in each}) == 1]


def _left(sentence: Sentence, unit: str, common: frozenset[str]) -> list[Value]:
    return [value for value in sentence.values if value.unit == unit and value.key not in common]


def _sides(given: Sequence[tuple[Sentence, Value]]) -> tuple[Side, ...]:
    texts: dict[str, str] = {}
    sentences: defaultdict[str, list[Sentence]] = defaultdict(list)
    for sentence, value in given:
        texts.setdefault(value.key, sentence.text[value.start : value.end])
        sentences[value.key].append(sentence)
    sides = [Side(texts[key], tuple(each)) for key, each in sentences.items()]
    return tuple(sorted(sides, key=lambda side: -len(side.sentences)))


def _by_negation(frame: Sequence[Sentence]) -> Iterator[Conflict]:
    """Said by some and denied by others, in the same words and with the same values."""
    by_answer = _one_each(frame, lambda sentence: sentence.content.denied)
    if len({sentence.stems for sentence in by_answer}) != 1 or len({each.keys for each in by_answer}) != 1:
        return
    yes = tuple(sentence for sentence in by_answer if not sentence.content.denied)
    no = tuple(sentence for sentence in by_answer if sentence.content.denied)
    if yes and no and len(by_answer[0].stems) > 1:
        sides = sorted((Side("yes", yes), Side("no", no)), key=lambda side: -len(side.sentences))
        yield Conflict("negation", "", tuple(sides))
