"""Key facts: the numbers, dates and names that answers mention, each with the answers that mention it.

Defines what counts as a mention. A full date also mentions its year. A name counts as written: "Eiffel" is not "Gustave
Eiffel". A bare number below ten is not a fact, nor is an ordinal ("15th").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from prompts.analysis.agreement.names import readable
from prompts.analysis.agreement.parse import Reading, Sentence
from prompts.analysis.agreement.value import Value

FactKind = Literal["date", "number", "name"]
KINDS: tuple[FactKind, ...] = ("date", "number", "name")
_SMALL = Decimal(10)
_LONGEST_NOUN = 40
_ORDER = {kind: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Fact:
    """One number, date or name."""

    kind: FactKind
    key: str
    """Equal for equal facts, whatever their notation."""
    text: str
    """As it is written where it first occurs."""
    mentions: tuple[Sentence, ...]
    """For each answer that mentions it, its first sentence or table cell that does."""


def sure_names(readings: Sequence[Reading]) -> frozenset[str] | None:
    """The keys of the names that are certain; `None` where the language capitalises every noun."""
    sentences = [sentence for reading in readings for sentence in reading.sentences]
    if not readable(sentence.text for sentence in sentences):
        return None
    return frozenset(name.key for sentence in sentences for name in sentence.names if name.sure)


def facts(readings: Sequence[Reading], names: frozenset[str]) -> tuple[Fact, ...]:
    """The facts, most mentioned first; only names in `names` are included."""
    found: dict[str, _Found] = {}
    for sentence in (sentence for reading in readings for sentence in reading.sentences):
        for value in sentence.values:
            if value.kind == "label":
                _note(found, "name", value.key, _labelled(sentence, value), sentence)
            elif value.unit != "th" and (value.unit or value.amount is None or value.amount >= _SMALL):
                _note(found, value.kind, value.key, _written(sentence, value), sentence)
            if value.when and value.when[0] and value.when[1]:
                _note(found, "date", f"date {value.when[0]}", str(value.when[0]), sentence)
        for name in sentence.names:
            if name.key in names:
                _note(found, "name", f"name {name.key}", name.text, sentence)
    several = [Fact(each.kind, key, each.text, tuple(each.by_answer.values())) for key, each in found.items()]
    kept = [fact for fact in several if not _is_repeated(fact, several)]
    return tuple(sorted(kept, key=lambda fact: (-len(fact.mentions), _ORDER[fact.kind])))


@dataclass(slots=True)
class _Found:
    kind: FactKind
    text: str
    by_answer: dict[int, Sentence]


def _note(found: dict[str, _Found], kind: FactKind, key: str, text: str, sentence: Sentence) -> None:
    found.setdefault(key, _Found(kind, text, {})).by_answer.setdefault(sentence.answer, sentence)


def _labelled(sentence: Sentence, value: Value) -> str:
    """The value with the name before it: "Python 3.13"."""
    name = sentence.text[: value.start].split()[-1].lstrip("(\"'“")
    return f"{name} {sentence.text[value.start : value.end]}"


def _written(sentence: Sentence, value: Value) -> str:
    """The value as written, followed by the noun it counts."""
    text = sentence.text[value.start : value.end]
    following = sentence.text[value.end : value.end + _LONGEST_NOUN].split(maxsplit=1)
    counts = value.kind == "number" and value.key.endswith(" " + value.unit) and following
    return f"{text} {following[0].strip('.,;:!?)')}" if counts and following[0].lower().startswith(value.unit) else text


def _is_repeated(fact: Fact, several: Sequence[Fact]) -> bool:
    """Whether this is a year mentioned only as part of one and the same full date."""
    fuller = [other for other in several if other.kind == fact.kind == "date" and other.key.startswith(fact.key + "-")]
    return "-" not in fact.key and any(len(other.mentions) == len(fact.mentions) for other in fuller)
