"""What a person says of a completion: thumb, stars, best of its comparison, a note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Mark:
    """One person's say. Tags are not in it: they belong to everybody."""

    person: str = ""
    """Whose; empty where nobody logs in."""
    thumb: Literal[1, -1] | None = None
    stars: int | None = None
    """1 to 5."""
    best: bool = False
    """The best answer of its run, in this person's eyes; at most one of a run."""
    note: str = ""
    changed_at: datetime | None = None
    """`None` where nothing has been said yet."""
