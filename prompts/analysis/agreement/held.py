"""The values of two sentences compared: which are equal, which contradict, and which only one sentence has."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from prompts.analysis.agreement.clashes import alike, clash, same_measure
from prompts.analysis.agreement.parse import Sentence
from prompts.analysis.agreement.value import Value


@dataclass(slots=True)
class Held:
    """The result of comparing the values of two sentences."""

    equal: int = 0
    clashing: list[tuple[Value, Value]] = field(default_factory=list[tuple[Value, Value]])
    near: int = 0
    """How many pairs are neither equal nor certainly different."""
    extra: bool = False
    """Whether one sentence has a value that the other lacks."""


def hold(one: Sentence, other: Sentence) -> Held:
    """Pair the values of the two sentences: equal ones first, then those of the same measure."""
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
        if "°" in (one.unit, other.unit) and one.unit[:1] == other.unit[:1]:
            one, other = replace(one, unit="°"), replace(other, unit="°")  # "20 degrees" may be 20 °C
        if alike(one, other)[0] is not one:
            return not clash(one, other)
        same = one.high == other.high and not one.readings.isdisjoint(other.readings)
        return same_measure(one, other) and same and one.limit * other.limit >= 0
    return one.key == other.key or (one.kind != other.kind and _bare(one) == _bare(other))


def _bare(value: Value) -> str:
    """The number without its unit, or of a label the number without the name before it."""
    return value.key.split(" ")[0] if value.kind == "number" else value.key.rsplit(" ", 1)[-1]


def _is_aside(sentence: Sentence, value: Value, other: Sentence) -> bool:
    """Whether a value may be missing from `other`:
    in brackets (a conversion, say), or stated earlier in its sentence."""
    before = sentence.whole[sentence.start : value.start]
    earlier = (each.key for each in (other.part_of or other).values if each.start < other.start)
    return before.count("(") > before.count(")") or value.key in earlier
