"""The part of the list that History has loaded: page after page, read again when stale, never all of it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from prompts.core import format as text_of
from prompts.core.run_summaries import Filter, Page, RunLine

PAGE = 50
MOST_PAGES = 6
"""The most pages held: a further page replaces all of them, so that the list in the browser stays small."""
FRESH_S = 3.0
"""Seconds for which pages are not read again: ticking a run or opening a menu need not read the record."""

Read = Callable[[str | None], Page]
"""Reads the page after a place in the list (`None`: the first page). Raises `RecordError`."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The loaded part of the list."""

    looked_for: Filter
    pages: tuple[Page, ...]
    begins: str | None
    """The place after which it begins; `None`: it begins with the newest run."""
    read_at: float
    """When it was read, in seconds as of `monotonic()`."""

    @property
    def lines(self) -> tuple[RunLine, ...]:
        """Its runs; one that moved to the next page between two readings is listed only once."""
        return tuple({line.id: line for page in self.pages for line in page.lines}.values())

    @property
    def after(self) -> str | None:
        """The place after which the next page begins; `None` if there is none."""
        return self.pages[-1].after

    @property
    def limited(self) -> bool:
        """Whether there were so many matches that not all were looked at."""
        return any(page.limited for page in self.pages)


def first(looked_for: Filter, read: Read, now: float) -> Loaded:
    """The first page of the list."""
    return Loaded(looked_for, (read(None),), None, now)


def fresh(loaded: Loaded, read: Read, now: float) -> Loaded:
    """The same part of the list, read again if it is older than `FRESH_S`."""
    if now - loaded.read_at < FRESH_S:
        return loaded
    pages = [read(loaded.begins)]
    while len(pages) < len(loaded.pages) and pages[-1].after is not None:
        pages.append(read(pages[-1].after))
    return replace(loaded, pages=tuple(pages), read_at=now)


def more(loaded: Loaded, read: Read, now: float) -> Loaded:
    """`loaded` with the next page added, or that page alone once `MOST_PAGES` are held."""
    if loaded.after is None:
        return loaded
    page = read(loaded.after)
    if len(loaded.pages) < MOST_PAGES:
        return replace(loaded, pages=(*loaded.pages, page))
    return Loaded(loaded.looked_for, (page,), loaded.after, now)


def how_many(shown: int, found: int, total: int) -> str:
    """`3 of 435 runs` match, and how many of those are shown if not all."""
    counted = text_of.number_of(total, "run") if found == total else f"{found:,} of {text_of.number_of(total, 'run')}"
    return counted if shown >= found else f"{counted}, {shown:,} shown"
