"""A person's feedback on a completion: thumb, stars, best of its comparison, a note. Also tags, which are shared by
all.

Owns the limits: how many stars there are, how long a note or tag may be, and which characters a tag may have.
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
"""The most tags of one completion."""


class MarkError(ValueError):
    """The feedback is not valid; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One person's feedback. Tags are not included, as they are shared by all."""

    person: str = ""
    """Empty if nobody logs in."""
    thumb: Literal[1, -1] | None = None
    stars: int | None = None
    """1 to 5; `None` if not given."""
    best: bool = False
    """Whether this person calls it the best answer of its run; at most one answer of a run."""
    note: str = ""
    changed_at: datetime | None = None
    """`None` if no feedback was given yet."""

    @property
    def rates(self) -> bool:
        """Whether it holds a rating, not only a note."""
        return self.best or self.thumb is not None or self.stars is not None

    @property
    def empty(self) -> bool:
        """Whether it holds nothing."""
        return not self.rates and not self.note


def own(marks: Sequence[Mark], person: str) -> Mark:
    """The mark of `person`; an empty one if there is none."""
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
    """A description of a picture, on one line. Raises `MarkError`."""
    said = " ".join(text.split())
    if len(said) > LONGEST_DESCRIPTION:
        raise MarkError(
            f"A description has at most {LONGEST_DESCRIPTION:,} characters; this one has {len(said):,}. Shorten it."
        )
    return said


def checked_tag(text: str) -> str:
    """A tag with whitespace normalised. Raises `MarkError`."""
    if len(text) > LONGEST_TAG:
        raise MarkError(f"A tag has at most {LONGEST_TAG} characters; this one has {len(text):,}. Shorten it.")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise MarkError("A tag needs at least one letter or sign.")
    # Control characters and lone surrogates are rejected; format characters are allowed, as emoji and some scripts need
    # them.
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise MarkError("A tag cannot contain control characters. Type it again.")
    return name


def spelled(names: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the spelling already known if only capitals differ. Raises `MarkError`."""
    spellings = {name.casefold(): name for name in known}
    return tuple(dict.fromkeys(spellings.setdefault(n.casefold(), n) for n in map(checked_tag, names)))
