"""What a person says of a completion: thumb, stars, best of its comparison, a note. And tags, which are everybody's.

Owns what may be said: how many stars there are, how long a note and a tag may be, and what a tag is made of.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

MOST_STARS = 5
LONGEST_NOTE = 10_000
"""Characters."""
LONGEST_DESCRIPTION = 1_000
"""Characters."""
LONGEST_TAG = 60
"""Characters."""
MOST_TAGS = 20
"""Of one completion."""


class MarkError(ValueError):
    """This cannot be said of a completion; the message is a sentence for people."""


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

    @property
    def rates(self) -> bool:
        """It says more than a note does."""
        return self.best or self.thumb is not None or self.stars is not None

    @property
    def empty(self) -> bool:
        """It says nothing."""
        return not self.rates and not self.note


def own(marks: Sequence[Mark], person: str) -> Mark:
    """What `person` says; an empty mark if nothing."""
    return next((mark for mark in marks if mark.person == person), Mark(person))


def checked(mark: Mark) -> Mark:
    """`mark` with its note stripped. Raises `MarkError`."""
    if mark.thumb not in (None, 1, -1):
        raise MarkError("A thumb is up (1) or down (-1).")
    if mark.stars is not None and (isinstance(mark.stars, bool) or mark.stars not in range(1, MOST_STARS + 1)):
        raise MarkError(f"A rating has 1 to {MOST_STARS} stars.")
    note = mark.note.strip()
    if len(note) > LONGEST_NOTE:
        raise MarkError(f"A note has at most {LONGEST_NOTE:,} characters; this one has {len(note):,}. Shorten it.")
    return replace(mark, note=note)


def checked_description(text: str) -> str:
    """What is to be seen in a picture, on one line. Raises `MarkError`."""
    said = " ".join(text.split())
    if len(said) > LONGEST_DESCRIPTION:
        raise MarkError(
            f"A description has at most {LONGEST_DESCRIPTION:,} characters; this one has {len(said):,}. Shorten it."
        )
    return said


def checked_tag(text: str) -> str:
    """A tag with its spaces made single. Raises `MarkError`."""
    if len(text) > LONGEST_TAG:
        raise MarkError(f"A tag has at most {LONGEST_TAG} characters; this one has {len(text):,}. Shorten it.")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise MarkError("A tag needs at least one letter or sign.")
    # Control characters and halves of a pair; format characters stay, for they join emoji and shape scripts.
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise MarkError("A tag cannot hold control characters. Type it anew.")
    return name


def spelled(names: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Each name once, as it is spelled already: capitals alone make no other tag. Raises `MarkError`."""
    spellings = {name.casefold(): name for name in known}
    return tuple(dict.fromkeys(spellings.setdefault(n.casefold(), n) for n in map(checked_tag, names)))
