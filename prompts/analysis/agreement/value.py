"""A number, a date or a label as it was read from a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

When = tuple[int, int | None, int | None] | tuple[None, int, int]
"""(year, month, day); a year BC is negative, `None` is not given."""
Hedge = Literal["", "about", "bound"]
"""`bound`: only a limit is given ("over 300")."""


@dataclass(frozen=True, slots=True)
class Value:
    """One number, date or label, and where it stands."""

    kind: Literal["number", "date", "label"]
    key: str
    """Equal for equal values, whatever their notation."""
    unit: str
    """For a number its unit, the stem of the noun it counts, or "";
    for a date "date"; for a label the name before it."""
    start: int
    end: int
    hedge: Hedge = ""
    amount: Decimal | None = None
    """The number; for a range its lower end, with the upper end in `high`."""
    high: Decimal | None = None
    when: When | None = None
    limit: Literal[-1, 0, 1] = 0
    """1 for "at least", -1 for "at most" and for "not more than"; 0 where no side is known."""
    spoken: tuple[tuple[int, int], ...] = ()
    """The (start, end) places of the words for that limit."""
    ambiguous: bool = False
    """Whether it can be read in two ways: `1.234`."""

    @property
    def readings(self) -> set[Decimal | None]:
        """What its number may be."""
        return {self.amount, self.amount * 1000} if self.ambiguous and self.amount is not None else {self.amount}
