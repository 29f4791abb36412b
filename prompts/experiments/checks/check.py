"""A check as a person writes it, the answer it looks at, and its finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from prompts.experiments.holes import fill, holes
from providers.completion import State
from providers.pictures import Picture

Fold = Literal["case", "space", "punctuation"]
LooksAt = Literal["text", "picture", "answer"]
"""What a kind of check looks at; `answer`: text or picture, and their cost and time."""
Reads = Literal["value", "values", "field", "against", "at_least", "at_most", "tolerance", "fold"]


CODE = "python"
"""The kind whose value is Python code, in which two braces are no hole."""


class CheckError(ValueError):
    """A check that cannot be used; the message says what to write."""


class IncompleteError(CheckError):
    """A check in which something is still missing."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row of an experiment's checks; each kind reads only some of the fields."""

    kind: str
    value: str = ""
    """What is looked for; may have holes that each case fills."""
    values: tuple[str, ...] = ()
    """Several texts to look for, or labels."""
    field: str = ""
    """Where to look in a JSON answer: a JSON pointer (`/items/0/name`) or a name."""
    at_least: float | None = None
    at_most: float | None = None
    tolerance: float | None = None
    """How far a number may be off, in its own unit."""
    fold: frozenset[Fold] = frozenset()
    """Differences that are ignored when texts are compared."""
    negated: bool = False
    """Whether the check passes when the kind does not."""
    weight: float = 1.0
    """Its weight in the score of an answer; whether the answer passes does not depend on it."""
    counts: bool = True
    """`False`: only shown, without effect on pass or fail."""
    name: str = ""
    """A name given by a person; empty: its sentence is shown instead."""
    when: str = ""
    """A column; cases where it is empty are not checked. Empty: all cases are checked."""
    against: str = ""
    """For a pair, the text that the answer is compared with; may have holes."""
    own_family: bool = False
    """Whether a judge may judge answers of its own model family."""

    @property
    def holes(self) -> tuple[str, ...]:
        """The columns it needs."""
        return holes("" if self.kind == CODE else self.value, *self.values, self.field, self.against)

    def filled(self, case: Mapping[str, str]) -> Check:
        """The check with its holes filled from the case. Raises `HoleError`."""
        value = self.value if self.kind == CODE else fill(self.value, case)
        values = tuple(fill(value, case) for value in self.values)
        return replace(
            self, value=value, values=values, field=fill(self.field, case), against=fill(self.against, case)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """One answer in the form that checks use."""

    text: str
    state: State = "complete"
    cost: float | None = None
    """US dollars; `None` if unknown."""
    duration_s: float | None = None
    fresh: bool = True
    """Whether it was asked for this experiment; the time of an answer from the record is not judged."""
    draws: bool = False
    """Whether a picture was asked for, rather than text."""
    pictures: tuple[Picture, ...] = ()
    """The finished pictures, without previews."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check on one answer."""

    passed: bool | None
    """`None`: no verdict, which is not a failure either."""
    reason: str
    """The reason, in a sentence that quotes what was found."""
    score: float | None = None
    """From 0 to 1, for kinds that have a score."""
    span: tuple[int, int] | None = None
    """The (start, end) place in the answer that decided it."""
    label: str | None = None
    """The label that was recognised, for classification checks."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of check: its name, the fields it reads, and its function."""

    name: str
    sentence: str
    """How a row of the builder reads: `answer contains {value}`."""
    reads: tuple[Reads, ...]
    look: Callable[[Subject, Check], Finding]
    validate: Callable[[Check], None] = lambda _: None
    """Raises `CheckError` for a check that no answer could ever be judged by."""
    needs: frozenset[Reads] = frozenset({"value"})
    """The fields that must not be empty."""
    looks_at: LooksAt = "text"

    def fits(self, draws: bool) -> bool:
        """Whether it applies to pictures (`draws`) or to text."""
        return self.looks_at == "answer" or (self.looks_at == "picture") == draws


def negated(finding: Finding) -> Finding:
    """The opposite finding; no verdict stays no verdict."""
    if finding.passed is None:
        return finding
    return replace(finding, passed=not finding.passed, score=None if finding.score is None else 1 - finding.score)


def short(text: str, most: int = 60) -> str:
    """A quotation for use in a reason, cut to `most` characters."""
    line = " ".join(text.split())
    return f"“{line[: most - 1]}…”" if len(line) > most else f"“{line}”"
