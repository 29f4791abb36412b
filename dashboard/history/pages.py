"""The runs that History has loaded: page after page, read again when they are old, never all of them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from prompts.core import format as text_of
from prompts.core.run_summaries import Filter, Page, RunLine

PAGE = 50
MOST_PAGES = 6
"""Beyond these the next page takes the place of those before, so that the list in the browser stays small."""
FRESH_S = 3.0
"""How long what was read is shown without asking again: a tick or an open menu need not read it once more."""

Read = Callable[[str | None], Page]
"""Reads the page that comes after a place; `None`: the first."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A part of the list, and where it begins."""

    looked_for: Filter
    pages: tuple[Page, ...]
    begins: str | None
    """What comes before it is not held; `None`: it begins with the newest."""
    read_at: float
    """Seconds on the clock of `measure.monotonic`."""

    @property
    def lines(self) -> tuple[RunLine, ...]:
        """Its runs; one that moved from a page to the next between two readings only once."""
        return tuple({line.id: line for page in self.pages for line in page.lines}.values())

    @property
    def after(self) -> str | None:
        """Where the next page begins; `None`: there is none."""
        return self.pages[-1].after

    @property
    def limited(self) -> bool:
        """Not all matches were looked at."""
        return any(page.limited for page in self.pages)


def first(looked_for: Filter, read: Read, now: float) -> Loaded:
    """The beginning of the list."""
    return Loaded(looked_for, (read(None),), None, now)


def fresh(loaded: Loaded, read: Read, now: float) -> Loaded:
    """The same part of the list as it is now."""
    if now - loaded.read_at < FRESH_S:
        return loaded
    pages = [read(loaded.begins)]
    while len(pages) < len(loaded.pages) and pages[-1].after is not None:
        pages.append(read(pages[-1].after))
    return replace(loaded, pages=tuple(pages), read_at=now)


def more(loaded: Loaded, read: Read, now: float) -> Loaded:
    """With the next page, or with it alone where enough are held."""
    if loaded.after is None:
        return loaded
    page = read(loaded.after)
    if len(loaded.pages) < MOST_PAGES:
        return replace(loaded, pages=(*loaded.pages, page))
    return Loaded(loaded.looked_for, (page,), loaded.after, now)


def how_many(shown: int, found: int, total: int) -> str:
    """Of how many runs these are: `3 of 435 runs`, and how many of those are shown if not all."""
    counted = text_of.number_of(total, "run") if found == total else f"{found:,} of {text_of.number_of(total, 'run')}"
    return counted if shown >= found else f"{counted}, {shown:,} shown"
