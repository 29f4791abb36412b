"""What may be recorded and for how long, as set by the administrator; a run may keep less, never more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Keeps = Literal["everything", "figures", "nothing"]
"""`figures`: times, tokens, costs and outcomes, but no text written by people or models."""

KEEPS: tuple[Keeps, ...] = get_args(Keeps)
"""From the least strict to the strictest."""


@dataclass(frozen=True, slots=True)
class RecordRules:
    """The rules for every run."""

    keep: Keeps = "everything"
    """The most that may be recorded."""
    keep_days: int | None = None
    """Older runs are deleted; `None`: nothing is deleted."""

    @property
    def choices(self) -> tuple[Keeps, ...]:
        """What a run may choose to record."""
        return KEEPS[KEEPS.index(self.keep) :]


def stricter(one: Keeps, other: Keeps) -> Keeps:
    """Whichever records less."""
    return other if KEEPS.index(other) > KEEPS.index(one) else one
