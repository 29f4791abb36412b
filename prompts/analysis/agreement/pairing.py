"""Which sentences of the answers belong together: best pairs first; each part of a sentence is in one group only.

Decides how a sentence is cut: the parts of the best pair are kept, and later pairs may only use parts that do not
overlap them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from prompts.analysis.agreement.compare import SAME, Match
from prompts.analysis.agreement.items import Item, Items
from prompts.analysis.agreement.matching import Row, matches
from prompts.analysis.agreement.parse import Reading, Sentence

Group = dict[int, Item]
"""A statement: for each answer (by number), the item that says it."""


@dataclass(slots=True)
class Pairing:
    """The result of pairing the sentences of all answers."""

    groups: list[Group] = field(default_factory=list[Group])
    """Each holds items of at least two answers."""
    conflicts: list[Match] = field(default_factory=list[Match])
    alone: list[Sentence] = field(default_factory=list[Sentence])
    """Sentences none of whose parts resembles anything in another answer."""
    unsure: list[Sentence] = field(default_factory=list[Sentence])
    """Sentences without a part in any group, though some part resembles something in another answer."""


def pair(readings: Sequence[Reading], known_names: frozenset[str]) -> Pairing:
    """Group what the answers say; what an answer repeats in the same words is read once."""
    said = {
        (each.answer, each.stems, tuple(value.key for value in each.values)): each
        for reading in readings
        for each in reversed(reading.statements)
    }
    sentences = sorted(said.values(), key=lambda each: (each.answer, each.number))
    items = Items(sentences, known_names)
    rows = [Row(each, items) for each in sentences]
    return _Work(rows).done(list(matches(rows, items.vocabulary)))


class _Work:
    """The state while pairs are taken one after another."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._group_of: dict[int, Group] = {}
        self._taken: defaultdict[tuple[int, int], list[Sentence]] = defaultdict(list)
        self._apart: set[frozenset[int]] = set()

    def done(self, found: Sequence[Match]) -> Pairing:
        """Take all pairs, best first, and return the result."""
        result = Pairing()
        self._apart = {
            frozenset((id(each.one), id(each.other)))
            for each in found
            if each.relation != "same" and each.likeness >= SAME
        }
        for match in sorted(found, key=lambda each: -each.rank):
            if match.relation == "apart" or not (self._is_free(match.one) and self._is_free(match.other)):
                continue
            if match.relation == "conflict":
                result.conflicts.append(match)
            elif joined := self._joined(match):
                self._group_of.update((id(each), joined) for each in joined.values())
            else:
                continue
            for each in (match.one, match.other):
                self._taken[each.sentence.answer, each.sentence.number].append(each.sentence)
        result.groups = list({id(group): group for group in self._group_of.values()}.values())
        like = {id(each) for match in found for each in (match.one, match.other)}
        for row in self._rows:
            if not self._taken[row.whole.sentence.answer, row.whole.sentence.number]:
                is_like = any(id(each) in like for each in row.known)
                (result.unsure if is_like else result.alone).append(row.whole.sentence)
        return result

    def _is_free(self, it: Item) -> bool:
        """Whether this part can still be used: it was used before as it is, or overlaps nothing that was."""
        own = it.sentence
        taken = self._taken[own.answer, own.number]
        return all(
            (each.start, each.end) == (own.start, own.end) or each.end <= own.start or own.end <= each.start
            for each in taken
        )

    def _joined(self, match: Match) -> Group | None:
        """The two groups merged; `None` if an answer would be in it twice, or two of its items must stay apart."""
        mine = self._group_of.get(id(match.one), {match.one.sentence.answer: match.one})
        theirs = self._group_of.get(id(match.other), {match.other.sentence.answer: match.other})
        if not mine.keys().isdisjoint(theirs):
            return None
        if any(frozenset((id(a), id(b))) in self._apart for a in mine.values() for b in theirs.values()):
            return None
        return mine | theirs
