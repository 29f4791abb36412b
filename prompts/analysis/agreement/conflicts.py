"""Where answers contradict each other: the same words around another value, or the same words denied.

Owns the caution: a false conflict is worse than a missed one. Values conflict only in clauses whose other words are all
the same, and whose other values do not tell them apart ("68 million in 2020"). Dates of what happens once ("built in")
also where one clause goes on after the other has ended. In no conflict are hedged and rounded values, dates of what
may happen again ("won"), suppositions, answers that say both, and clauses that do not name what they are about: "it"
with hardly another word, "Price: $20".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from prompts.analysis.agreement.parse import Sentence
from prompts.analysis.agreement.values import Value, clash
from prompts.analysis.agreement.words import stem

_SUPPOSING = re.compile(
    r"\b(?:examples?|suppos\w+|assum\w+|imagin\w+|let(?:['’]s| us| me| \w)|hypothetical\w*|instance|consider|say"
    r"|perhaps|maybe|if)\b"
)
_RESULTS = frozenset(
    map(stem, "answer result total sum solution difference product quotient remainder probability".split())
)
"""Words that a question has one of, so that they need no others around the value."""
_POINTING = frozenset("this that these those there which who whose whom".split())
_ONCE = frozenset(
    map(stem, """born died dies founded built invented discovered released published launched introduced created opened
    opens completed established signed adopted fell falls began begins started ended abolished ratified dissolved formed
    incorporated enacted premiered debuted assassinated executed crowned declared unveiled inaugurated erected
    constructed designed written force effect gegründet errichtet fiel starb geboren eröffnet gebaut fondée fondé né
    née mort mourut fundada fundado nació murió comenzó terminó""".split())
)  # fmt: skip
"""What has one date, whatever else is said of it."""
_AGAIN = frozenset(
    map(stem, """won wins awarded received hosted visited elected married played scored held lost attacked met performed
    toured renovated amended updated revised restored appeared recorded travelled returned moved expanded gewann gagné
    reçu ganó recibió""".split())
)  # fmt: skip
"""What may have several dates."""
_FEWEST = 3
"""Content words beside its date that a clause has before a longer one is held against it; one less if it names what it
is about."""
_MOST_TRIED = 60
"""Sentences with the same word before a date that are compared."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values that are given, and the sentences that give it."""

    value: str
    """As most write it; `"yes"` or `"no"` where one denies what the other says."""
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
        here = [_with_witnesses(each, frame, plain) for each in _by_values(frame)] + [*_by_negation(frame)]
        found += here
        used.update(sentence for conflict in here for side in conflict.sides for sentence in side.sentences)
    return found


def _is_about_something(sentence: Sentence) -> bool:
    """Whether it asserts, and says of what."""
    text = sentence.text.lower()
    if _SUPPOSING.search(sentence.whole.lower()):
        return False
    if sentence.stems & _RESULTS:
        return True
    if sentence.subject == "unknown":
        return False
    if len(sentence.stems) < 2 or any(":" in text[: value.start] for value in sentence.values):
        return False
    return len(sentence.stems) > 2 or (sentence.subject == "known" and text.split(maxsplit=1)[0] not in _POINTING)


def _same_words(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    """Sentences whose content words are all the same."""
    frames: defaultdict[frozenset[str], list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        frames[sentence.stems | sentence.context].append(sentence)
    return [frame for frame in frames.values() if len(frame) > 1]


def _around_dates(sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    """Clauses on what happens once, with one date behind the same word; all words of the shortest begin the others."""
    anchored: defaultdict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        dates = [value for value in sentence.values if value.kind == "date"]
        if len(dates) == 1 and sentence.stems & _ONCE and (anchor := _word_before(sentence, dates[0])):
            anchored[anchor].append(sentence)
    for bucket in anchored.values():
        left = sorted(bucket[:_MOST_TRIED], key=lambda each: len(each.stems))
        while len(left) > 1:
            core, *rest = left
            frame = [core, *(each for each in rest if _goes_on(core, each))]
            yield frame if len(core.stems) >= _FEWEST - (core.subject == "known") else []
            left = [each for each in left if each not in frame]


def _word_before(sentence: Sentence, value: Value) -> str | None:
    before = [word for word in sentence.content.words if word.start < value.start]
    if not before or any(mark in sentence.text[before[-1].start : value.start] for mark in ",;:()"):
        return None
    return before[-1].stem


def _goes_on(core: Sentence, longer: Sentence) -> bool:
    """Whether `longer` begins with the words of `core` and only adds to them, without denying."""
    if core.context != longer.context or core.content.denied != longer.content.denied:
        return False
    words = [*longer.about_stems, *(word.stem for word in longer.content.words)]
    return core.stems == frozenset(words[: len(core.stems)])


def _by_values(frame: Sequence[Sentence]) -> Iterator[Conflict]:
    """One conflict for each unit of which the answers give different values."""
    by_answer = _one_each(frame, lambda sentence: sentence.keys)
    if len(by_answer) < 2 or len({sentence.content.denied for sentence in by_answer}) > 1:
        return
    common = frozenset[str].intersection(*(sentence.keys for sentence in by_answer))
    same_words = len({sentence.stems for sentence in by_answer}) == 1
    for unit in dict.fromkeys(value.unit for sentence in by_answer for value in sentence.values):
        if unit == "date" and by_answer[0].stems & _AGAIN:
            continue
        given = [(sentence, left[0]) for sentence in by_answer if len(left := _left(sentence, unit, common)) == 1]
        if same_words:
            given = [each for each in given if _alike_but_for(unit, each[0], given[0][0])]
        sides = _sides(given)
        if len(sides) > 1:
            yield Conflict("date" if unit == "date" else "number", unit, sides)


def _alike_but_for(unit: str, one: Sentence, other: Sentence) -> bool:
    """Whether no other value tells the two apart: another date, or a measure that only one has ("at 3,000 m")."""
    return _others(unit, one) == _others(unit, other)


def _others(unit: str, sentence: Sentence) -> frozenset[str]:
    """Dates by what they are, numbers by their unit; beside a date, numbers too by what they are. Not in brackets."""
    return frozenset(
        value.key if "date" in (unit, value.unit) else value.unit
        for value in sentence.values
        if value.unit != unit and not _in_brackets(sentence.text, value.start)
    )


def _in_brackets(text: str, place: int) -> bool:
    return text.count("(", 0, place) > text.count(")", 0, place)


def _with_witnesses(conflict: Conflict, frame: Sequence[Sentence], plain: Sequence[Sentence]) -> Conflict:
    """With the answers that give one of the values in the same words and then go on: they add no side."""
    silent = {each.answer for each in plain} - {each.answer for each in frame}
    core = min(frame, key=lambda each: len(each.stems))
    more = [
        (each, value)
        for each in plain
        if each.answer in silent and _goes_on(core, each)
        for value in each.values
        if value.unit == conflict.unit
    ]
    once = [(each, value) for each, value in more if sum(other is each for other, _ in more) == 1]
    return replace(conflict, sides=tuple(_joined_by(side, once, conflict.unit) for side in conflict.sides))


def _joined_by(side: Side, more: Sequence[tuple[Sentence, Value]], unit: str) -> Side:
    keys = {value.key for each in side.sentences for value in each.values if value.unit == unit}
    joining = {each.answer: each for each, value in more if value.key in keys}
    return Side(side.value, tuple(sorted((*side.sentences, *joining.values()), key=lambda each: each.answer)))


def _one_each(frame: Sequence[Sentence], says: Callable[[Sentence], frozenset[str]]) -> list[Sentence]:
    """One sentence of each answer; answers that say more than one thing in these words are left out."""
    by_answer: defaultdict[int, list[Sentence]] = defaultdict(list)
    for sentence in frame:
        by_answer[sentence.answer].append(sentence)
    return [each[0] for each in by_answer.values() if len({says(sentence) for sentence in each}) == 1]


def _left(sentence: Sentence, unit: str, common: frozenset[str]) -> list[Value]:
    return [value for value in sentence.values if value.unit == unit and value.key not in common]


def _sides(given: Sequence[tuple[Sentence, Value]]) -> tuple[Side, ...]:
    """Who says what. "In 2000" stands with "in August 2000"; what fits two sides ("about 2000") is on none."""
    sides: list[list[tuple[Sentence, Value]]] = []
    for sentence, value in sorted(given, key=lambda each: _roughness(each[1])):
        fits = [side for side in sides if not clash(value, side[0][1])]
        if not fits and value.exact:
            sides.append([(sentence, value)])
        elif len(fits) == 1:
            fits[0].append((sentence, value))
    return tuple(map(_side, sorted(sides, key=lambda side: (-len(side), min(each.answer for each, _ in side)))))


def _roughness(value: Value) -> tuple[bool, int]:
    """To sort the most precise first."""
    fine = sum(part is not None for part in value.when) if value.when else len(value.key)
    return not value.exact, -fine


def _side(given: Sequence[tuple[Sentence, Value]]) -> Side:
    """As most write the value; of several, the first."""
    ordered = sorted(given, key=lambda each: each[0].answer)
    keys = [value.key for _, value in ordered]
    sentence, value = max(ordered, key=lambda each: keys.count(each[1].key))
    return Side(sentence.text[value.start : value.end], tuple(sentence for sentence, _ in ordered))


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
