"""What may go on record and for how long, as the administrator says it; one run may keep less, never more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Keeps = Literal["everything", "figures", "nothing"]
"""`figures`: times, tokens, costs and outcomes, but no text that anybody wrote, neither people nor models."""

KEEPS: tuple[Keeps, ...] = get_args(Keeps)
"""From the least strict to the strictest."""


@dataclass(frozen=True, slots=True)
class RecordRules:
    """The rules of every run."""

    keep: Keeps = "everything"
    """At most this."""
    keep_days: int | None = None
    """What is older is deleted; `None`: nothing is."""

    @property
    def choices(self) -> tuple[Keeps, ...]:
        """What a run may be asked to keep."""
        return KEEPS[KEEPS.index(self.keep) :]


def stricter(one: Keeps, other: Keeps) -> Keeps:
    """Whichever keeps less."""
    return other if KEEPS.index(other) > KEEPS.index(one) else one
