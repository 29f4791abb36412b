"""A check as a person writes it, what it looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from prompts.experiments.holes import fill, holes
from providers.completion import State
from providers.pictures import Picture

Fold = Literal["case", "space", "punctuation"]
LooksAt = Literal["text", "picture", "answer"]
"""What a kind of check looks at; `answer`: at either, and at what it took."""
Reads = Literal["value", "values", "field", "against", "at_least", "at_most", "tolerance", "fold"]


class CheckError(ValueError):
    """A check that cannot be made; the message says what to write."""


class IncompleteError(CheckError):
    """A check that lacks something which is to be written yet."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row of an experiment's checks; a kind reads only what it needs."""

    kind: str
    value: str = ""
    """What is looked for; may have holes, which each case fills."""
    values: tuple[str, ...] = ()
    """Several such, or labels."""
    field: str = ""
    """Where in a JSON answer: a JSON pointer (`/items/0/name`) or a name."""
    at_least: float | None = None
    at_most: float | None = None
    tolerance: float | None = None
    """How far a number may be off, in its own unit."""
    fold: frozenset[Fold] = frozenset()
    """What does not count when texts are compared."""
    negated: bool = False
    """It passes when the kind does not."""
    weight: float = 1.0
    """Of its share in the score of an answer; it decides about passing whatever its weight."""
    counts: bool = True
    """`False`: shown, but no part of pass or fail."""
    name: str = ""
    """What people call it; empty: its sentence."""
    when: str = ""
    """A column: cases where it is empty are not checked. Empty: every case is."""
    against: str = ""
    """Of a pair: the text that the answer is compared with; may have holes."""
    own_family: bool = False
    """A judge may judge answers of its own family."""

    @property
    def holes(self) -> tuple[str, ...]:
        """Columns it needs."""
        return holes(self.value, *self.values, self.field, self.against)

    def filled(self, case: Mapping[str, str]) -> Check:
        """With the case's texts in its holes. Raises `HoleError`."""
        values = tuple(fill(value, case) for value in self.values)
        return replace(
            self, value=fill(self.value, case), values=values, field=fill(self.field, case),
            against=fill(self.against, case),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """One answer as checks see it."""

    text: str
    state: State = "complete"
    cost: float | None = None
    """US dollars; `None` = unknown."""
    duration_s: float | None = None
    fresh: bool = True
    """Asked for this experiment; of an answer from the record no time may be judged."""
    draws: bool = False
    """A picture was asked for, and not text."""
    pictures: tuple[Picture, ...] = ()
    """Those that came; glimpses of one that never did are none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found in one answer."""

    passed: bool | None
    """`None`: no verdict, and no failure either."""
    reason: str
    """Why, in a sentence that quotes what was seen."""
    score: float | None = None
    """From 0 to 1, where the kind has one."""
    span: tuple[int, int] | None = None
    """The characters of the answer that decided it."""
    label: str | None = None
    """The label that was read, for kinds that sort answers."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of check is called, reads and does."""

    name: str
    sentence: str
    """As a row of the builder reads: `answer contains {value}`."""
    reads: tuple[Reads, ...]
    look: Callable[[Subject, Check], Finding]
    validate: Callable[[Check], None] = lambda _: None
    """Raises `CheckError` for a check that no answer could be held to."""
    needs: frozenset[Reads] = frozenset({"value"})
    """Of what it reads, what may not be left out."""
    looks_at: LooksAt = "text"

    def fits(self, draws: bool) -> bool:
        """Whether it has anything to say of an answer that is a picture, or of one that is text."""
        return self.looks_at == "answer" or (self.looks_at == "picture") == draws


def negated(finding: Finding) -> Finding:
    """The opposite; no verdict stays none."""
    if finding.passed is None:
        return finding
    return replace(finding, passed=not finding.passed, score=None if finding.score is None else 1 - finding.score)


def short(text: str, most: int = 60) -> str:
    """A quotation for a reason."""
    line = " ".join(text.split())
    return f"“{line[: most - 1]}…”" if len(line) > most else f"“{line}”"
