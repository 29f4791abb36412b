"""The values of two sentences held against each other: which are the same, which contradict, which only one has."""

from __future__ import annotations

from dataclasses import dataclass, field

from prompts.analysis.agreement.clashes import clash, same_measure
from prompts.analysis.agreement.parse import Sentence
from prompts.analysis.agreement.values import Value


@dataclass(slots=True)
class Held:
    """What became of the values."""

    equal: int = 0
    clashing: list[tuple[Value, Value]] = field(default_factory=list[tuple[Value, Value]])
    near: int = 0
    """Pairs that are neither equal nor surely different."""
    extra: bool = False
    """One has a value that the other lacks."""


def hold(one: Sentence, other: Sentence) -> Held:
    """Equal values first, then those that can be compared."""
    found, mine, theirs = Held(), list(one.values), list(other.values)
    for fits in (_equal, same_measure):
        for value in tuple(mine):
            their = next((each for each in theirs if fits(value, each)), None)
            if their is None:
                continue
            mine.remove(value)
            theirs.remove(their)
            if fits is _equal:
                found.equal += 1
            elif clash(value, their):
                found.clashing.append((value, their))
            else:
                found.near += 1
    left = [(one, value, other) for value in mine] + [(other, value, one) for value in theirs]
    found.extra = not all(_is_aside(*each) for each in left)
    return found


def _equal(one: Value, other: Value) -> bool:
    if one.when and other.when:
        return not clash(one, other)
    if one.kind == "number" == other.kind:
        return same_measure(one, other) and (one.amount, one.high) == (other.amount, other.high)
    return one.key == other.key or (one.kind != other.kind and _bare(one) == _bare(other))


def _bare(value: Value) -> str:
    """The number without its unit, or the name before it."""
    return value.key.split(" ")[0] if value.kind == "number" else value.key.rsplit(" ", 1)[-1]


def _is_aside(sentence: Sentence, value: Value, other: Sentence) -> bool:
    """In brackets, as the same in another unit is; or before `other` in its sentence."""
    before = sentence.whole[sentence.start : value.start]
    earlier = (each.key for each in (other.part_of or other).values if each.start < other.start)
    return before.count("(") > before.count(")") or value.key in earlier
