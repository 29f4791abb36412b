"""What several answers say alike, what only one says, and where they differ: by comparing words, not by understanding.

Sentences are compared clause by clause (`clauses.py`). Two are the same statement when at least `ALIKE` of their
different content words, of both together, are in both, and their numbers, dates, names and negations do not differ.
Content words are cut of their endings (`words.py`); headings, code, questions and table cells are no statements. Every
clause is compared with the first of each group that shares one of its rarest words, so the work grows with the text
and not with its square. What turns on the order of words ("Brutus killed Caesar") or on synonyms is not seen.
Conflicts: `conflicts.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from prompts.analysis.agreement.conflicts import Conflict, conflicts
from prompts.analysis.agreement.facts import Fact, facts
from prompts.analysis.agreement.parse import Reading, Sentence, read
from prompts.analysis.agreement.words import NUMBERS, OPPOSITES

Level = Literal["all", "most", "some", "one"]
LEVELS: tuple[Level, ...] = ("all", "most", "some", "one")
ALIKE = 0.6
"""The share of content words from which two sentences are the same statement."""
_MOST_TRIED = 40
"""Groups that share one word and are tried; beyond, a match may be missed."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said, by each of `sentences` in the answer's own words: one sentence an answer."""

    level: Level
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was found in `answers` answers, numbered in the order they were given."""

    answers: int
    statements: tuple[Statement, ...]
    """Those said by most first; as the first of its answers has them."""
    conflicts: tuple[Conflict, ...]
    facts: tuple[Fact, ...]
    names_read: bool
    """Capitals mark names here; false where a language capitalises every noun."""
    shortened: tuple[int, ...]
    """Answers too long to be read whole."""

    def at(self, level: Level) -> tuple[Statement, ...]:
        """The statements of one level."""
        return tuple(statement for statement in self.statements if statement.level == level)


def agree(texts: Sequence[str]) -> Agreement:
    """Compare whole answers. Raises `ValueError` below two: one answer agrees with nothing."""
    if len(texts) < 2:
        raise ValueError("Agreement needs two answers.")
    readings = [read(text, number) for number, text in enumerate(texts)]
    said = [statement for reading in readings for statement in reading.statements]
    found = conflicts(said)
    disputed = {sentence for conflict in found for side in conflict.sides for sentence in side.sentences}
    groups = _rejoined(_groups([sentence for sentence in said if sentence not in disputed]))
    statements = [Statement(level_of(len(group), len(texts)), tuple(group.values())) for group in groups]
    found_facts, names_read = facts(readings)
    return Agreement(
        len(texts), tuple(sorted(statements, key=lambda each: -len(each.sentences))), tuple(found), found_facts,
        names_read, _shortened(readings),
    )  # fmt: skip


def level_of(said_by: int, answers: int) -> Level:
    """All; most is more than half; some is more than one."""
    if said_by == answers:
        return "all"
    return "most" if said_by * 2 > answers else "some" if said_by > 1 else "one"


def _shortened(readings: Iterable[Reading]) -> tuple[int, ...]:
    return tuple(number for number, reading in enumerate(readings) if not reading.whole)


def _groups(sentences: Sequence[Sentence]) -> list[dict[int, Sentence]]:
    """Sentences in groups of one statement, each by answer; the first sentence of a group is what others must match.

    Where one answer has sentences that are alike but for a word on each side ("Tea has caffeine", "Cocoa has
    caffeine"), that word is what they are about: sentences of other answers must then match all words.
    """
    rarity = Counter(word for sentence in sentences for word in sentence.stems)
    groups: list[dict[int, Sentence]] = []
    with_word: defaultdict[str, list[int]] = defaultdict(list)
    exact: set[int] = set()
    for sentence in sentences:
        rarest = sorted(sentence.stems, key=lambda word: (rarity[word], word))
        # Two sets that share `ALIKE` of their words share one of these: no more than the rest can be missing.
        telling = rarest[: len(rarest) - ceil(ALIKE * len(rarest)) + 1]
        tried = dict.fromkeys(group for word in telling for group in with_word[word][-_MOST_TRIED:])
        alike = {group: share for group in tried if (share := _likeness(sentence, _first(groups[group]))) >= ALIKE}
        own = [group for group in alike if sentence.answer in groups[group]]
        if any(_says_again(sentence, groups[group][sentence.answer]) for group in own):
            continue
        exact.update(own)
        open_to = [g for g in alike if g not in own and (alike[g] == 1 or not (own or g in exact))]
        if open_to:
            groups[max(open_to, key=alike.__getitem__)][sentence.answer] = sentence
            continue
        if own:
            exact.add(len(groups))
        for word in telling:
            with_word[word].append(len(groups))
        groups.append({sentence.answer: sentence})
    return groups


def _rejoined(groups: Sequence[dict[int, Sentence]]) -> list[dict[int, Sentence]]:
    """Clauses that follow one another in the same sentences, and are said by the same answers, as one statement."""
    done: list[dict[int, Sentence]] = []
    for group in sorted(groups, key=lambda each: (_first(each).answer, _first(each).place)):
        if done and group.keys() == done[-1].keys() and all(_follows(done[-1][n], group[n]) for n in group):
            done[-1] = {n: _joined(done[-1][n], group[n]) for n in group}
        else:
            done.append(group)
    return done


def _follows(before: Sentence, after: Sentence) -> bool:
    return after.place == (before.place[0], before.place[1] + 1)


def _joined(before: Sentence, after: Sentence) -> Sentence:
    text = before.whole[before.start : after.start + len(after.text)]
    return replace(before, text=text, place=after.place)


def _says_again(sentence: Sentence, earlier: Sentence) -> bool:
    """Whether one of the two has all words of the other."""
    return sentence.stems <= earlier.stems or earlier.stems <= sentence.stems


def _first(group: dict[int, Sentence]) -> Sentence:
    return next(iter(group.values()))


def _likeness(one: Sentence, other: Sentence) -> float:
    """The share of the words of both that both have; 0 where they differ in what a word more or less cannot excuse."""
    shared = len(one.stems & other.stems)
    share = shared / (len(one.stems) + len(other.stems) - shared)
    return 0.0 if share < ALIKE or _differ(one, other) else share


def _differ(one: Sentence, other: Sentence) -> bool:
    """Other numbers, dates or names on both sides, another negation or number in words, or a word and its opposite."""
    mine, theirs = one.keys, other.keys
    if not (_within(mine, theirs) or _within(theirs, mine)) or bool(mine) != bool(theirs):
        return True
    if one.content.denied != other.content.denied:
        return True
    only_mine, only_theirs = one.stems - other.stems, other.stems - one.stems
    if only_mine and only_theirs and _named(one, only_mine) and _named(other, only_theirs):
        return True
    if not (only_mine and only_theirs):
        return False
    if only_mine & NUMBERS and only_theirs & NUMBERS:
        return True
    return any(only_mine & pair and only_theirs & pair for pair in OPPOSITES)


def _within(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether all values of one are among those of the other, a year also where the other has its month or day."""
    return all(any(value.startswith(f"{key}-") for value in theirs) for key in mine - theirs)


def _named(sentence: Sentence, stems: frozenset[str]) -> bool:
    """Whether one of `stems` is part of a name in `sentence`, or of what may be one at its beginning."""
    if not stems.isdisjoint(sentence.about_stems):
        return True
    spans = [(name.start, name.start + len(name.text)) for name in sentence.names]
    return any(
        start <= word.start < end for word in sentence.content.words if word.stem in stems for start, end in spans
    )
