"""Contradictions: contradicting pairs are merged into one conflict, with one side for each value given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from prompts.analysis.agreement.clashes import clash
from prompts.analysis.agreement.compare import Kind
from prompts.analysis.agreement.pairing import Group, Pairing
from prompts.analysis.agreement.parse import Sentence
from prompts.analysis.agreement.value import Value
from prompts.analysis.agreement.words import exclude

_ORDER: tuple[Kind, ...] = ("number", "date", "word", "negation")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values given, and the sentences that give it."""

    value: str
    """The wording most sentences use; `"yes"` or `"no"` where one side denies what the other says."""
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing for which different values are given; the side with the most answers comes first."""

    kind: Kind
    sides: tuple[Side, ...]

    def places(self, sentence: Sentence) -> list[tuple[int, int]]:
        """The (start, end) places in `sentence.whole` of what another side contradicts."""
        against = [each for side in self.sides if sentence not in side.sentences for each in side.sentences]
        return _places(self.kind, sentence, against)


def conflicts(found: Pairing) -> list[Conflict]:
    """All conflicts: numbers and dates first, then by the order of the sentences."""
    group_of = {id(each): group for group in found.groups for each in group.values()}
    joined: dict[int, list[Group]] = {}
    kinds: dict[int, Kind] = {}
    for match in found.conflicts:
        ends = [group_of.setdefault(id(it), {it.sentence.answer: it}) for it in (match.one, match.other)]
        together = {id(group): group for end in ends for group in joined.get(id(end), [end])}
        for each in together:
            joined[each] = list(together.values())
            kinds.setdefault(each, match.kind)
    every = {id(groups[0]): groups for groups in joined.values()}
    made = [_conflict(kinds[first], groups) for first, groups in every.items()]
    whole = [each for each in made if len(each.sides) > 1]
    return sorted(
        whole,
        key=lambda each: (_ORDER.index(each.kind), min(said.place for side in each.sides for said in side.sentences)),
    )


def _conflict(kind: Kind, groups: Sequence[Group]) -> Conflict:
    """One conflict from groups that contradict each other. An answer is on one side only, the one with most answers."""
    seen: set[int] = set()
    rows: list[list[Sentence]] = []
    for group in sorted(groups, key=lambda each: (-len(each), min(each))):
        rows.append([it.sentence for n, it in sorted(group.items()) if n not in seen and not it.says_both])
        seen.update(group)
    sides: dict[str, list[Sentence]] = {}
    for row in rows:
        against = [each for other in rows if other is not row for each in other]
        written = {each: _written(kind, each, against) for each in row}
        said = Counter(value for value in written.values() if value)
        if said:
            sides.setdefault(said.most_common(1)[0][0], []).extend(each for each in row if written[each])
    made = [Side(value, tuple(sentences)) for value, sentences in sides.items()]
    return Conflict(kind, tuple(sorted(made, key=lambda side: -len(side.sentences))))


def _written(kind: Kind, sentence: Sentence, against: Sequence[Sentence]) -> str:
    if kind == "negation":
        return "no" if sentence.denials else "yes"
    return next((sentence.whole[start:end] for start, end in _places(kind, sentence, against)), "")


def _places(kind: Kind, sentence: Sentence, against: Sequence[Sentence]) -> list[tuple[int, int]]:
    if kind in ("number", "date"):
        contradicted = [value for value in sentence.values if any(_contradicts(each, value) for each in against)]
        return [(value.start, value.end) for value in contradicted]
    stems = [stem for each in against for stem in each.stems] if kind == "word" else []
    opposed = [word for word in sentence.words if any(exclude(word.stem, other) for other in stems)]
    return [(word.start, sentence.end_of(word)) for word in opposed]


def _contradicts(sentence: Sentence, value: Value) -> bool:
    said = [other for other in sentence.values if clash(value, other)]
    return bool(said) and all(other.key != value.key for other in sentence.values)
