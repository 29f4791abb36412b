"""The list of runs: what to look for, and what was found. Plain data, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from prompts.core.plan import Link

PROMPT_SHOWN = 300
"""How many characters of a prompt a line contains."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Search conditions: all that are set must hold for one and the same completion, or for its run."""

    words: str = ""
    """Words in the prompt or in an answer, "a phrase in quotes", or the beginning of a word: `word*`."""
    targets: tuple[str, ...] = ()
    """`provider:model`; any of these matches."""
    providers: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    """Names of `providers.catalogue.families`; any of these matches."""
    tags: tuple[str, ...] = ()
    """Any of these matches."""
    stars: int | None = None
    """At least so many stars, from anybody."""
    thumb: Literal[1, -1] | None = None
    best: bool = False
    """Only answers that somebody called the best of their run."""
    since: date | None = None
    """From the beginning of that day (UTC)."""
    until: date | None = None
    """To the end of that day (UTC)."""
    cost_from: Decimal | None = None
    """US dollars of one completion, at least; completions of unknown cost never match."""
    cost_to: Decimal | None = None
    outcome: Literal["failed", "good", "interrupted"] | None = None
    """`good`: in `GOOD_STATES`; `interrupted`: left unfinished by a process that died; `failed`: any other end."""
    person: str | None = None
    """The person whose run it is; `None`: anybody's. Empty: runs made while nobody was logged in."""
    experiment: str | None = None
    """The id of an experiment."""
    planned: bool = False
    """Include answers of experiments over cases, which have a page of their own; a search for words always does."""


@dataclass(frozen=True, slots=True)
class Spend:
    """The cost of several completions: a sum that is a lower bound while any cost is unknown."""

    amount: Decimal = Decimal(0)
    """US dollars, including the known part of costs that are partly unknown."""
    priced: int = 0
    free: int = 0
    """How many completions have no fee."""
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """Where the words were found: an excerpt, split into parts that match and parts that do not."""

    place: str
    """`prompt`, or the `provider:model` whose answer it is."""
    parts: tuple[tuple[str, bool], ...]


PICTURES_SHOWN = 6
"""How many pictures a line contains; the others are only counted."""


@dataclass(frozen=True, slots=True)
class DrawnBy:
    """A picture of a run, and the model that drew it."""

    sha256: str
    target: str
    """`provider:model`."""
    described: str = ""
    """As `Picture.described`."""
    frames: int = 1
    """As `Picture.frames`."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a list."""

    id: str
    created_at: datetime
    source: Literal["page", "cli"]
    person: str | None
    prompt: str
    """The first `PROMPT_SHOWN` characters."""
    targets: tuple[str, ...]
    """`provider:model`, each once, in the order of the columns."""
    completions: int
    """Not counting warm-ups."""
    failed: int
    """How many of them did not end well, not counting interrupted ones."""
    interrupted: int
    live: int
    """How many are still being asked, here or by another process."""
    spend: Spend
    best: str | None
    """The `provider:model` of the answer most recently called the best; `None` if none was."""
    stars: float | None
    """The median of all stars given; `None` if none were."""
    tags: tuple[str, ...]
    notes: int
    link: Link | None
    experiment: str | None
    """The name of the experiment it belongs to."""
    kept: Literal["all", "figures"] = "all"
    thumbs_up: int = 0
    thumbs_down: int = 0
    matches: tuple[Match, ...] = ()
    pictures: tuple[DrawnBy, ...] = ()
    """The first `PICTURES_SHOWN` on record."""
    drawn: int = 0
    """How many pictures there are."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and how to get the next."""

    lines: tuple[RunLine, ...]
    after: str | None
    """Pass it on to get the next page; `None` if there is none."""
    limited: bool = False
    """Whether only the newest matches of very common words were searched."""


@dataclass(frozen=True, slots=True)
class Facets:
    """The values one can filter by."""

    targets: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    experiments: tuple[tuple[str, str], ...] = ()
    """(id, name), newest first."""
    oldest: date | None = None
    plans: int = 0
    """How many experiments over cases there are; lists leave out their answers."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The totals for the completions of one day or one target."""

    key: str
    """ISO date (UTC), or `provider:model`."""
    calls: int
    good: int
    spend: Spend
    input_tokens: int | None
    """The sum over completions for which the provider counted; `None` if it counted none."""
    output_tokens: int | None
    """As `input_tokens`."""
    duration_s: float | None
    """The median over those that ended well; `None` if none did."""
    time_to_first_token_s: float | None
    """As `duration_s`."""
