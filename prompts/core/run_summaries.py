"""What a list of runs shows: what to look for, and what was found. Plain data, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from prompts.core.plan import Link

PROMPT_SHOWN = 300
"""Characters of a prompt that a line carries."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for: every condition that is set must hold of one and the same completion, or of its run."""

    words: str = ""
    """Words that stand in the prompt or in an answer, or "a phrase in quotes"; the beginning of a word: `word*`."""
    targets: tuple[str, ...] = ()
    """`provider:model`, any of these."""
    providers: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    """Names of `providers.catalogue.families`, any of these."""
    tags: tuple[str, ...] = ()
    """Any of these."""
    stars: int | None = None
    """At least so many, from anybody."""
    thumb: Literal[1, -1] | None = None
    best: bool = False
    """Somebody's best answer of its run."""
    since: date | None = None
    """That day (UTC) and later."""
    until: date | None = None
    """That day (UTC) and earlier."""
    cost_from: Decimal | None = None
    """US dollars of one completion, at least; unknown costs are none of these."""
    cost_to: Decimal | None = None
    outcome: Literal["failed", "good", "interrupted"] | None = None
    """`good`: of `GOOD_STATES`; `interrupted`: left unfinished by a process that died; `failed`: any other end."""
    person: str | None = None
    """Whose runs; `None`: everybody's. Empty: of those where nobody had logged in."""
    experiment: str | None = None
    """Its id."""
    planned: bool = False
    """Also the answers of experiments over cases, which have a page of their own; words find them in any case."""


@dataclass(frozen=True, slots=True)
class Spend:
    """Money of several completions: a sum that is a lower bound while any of them is unknown."""

    amount: Decimal = Decimal(0)
    """US dollars of those that have an amount, and what is known of the others."""
    priced: int = 0
    free: int = 0
    """Without a fee."""
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """Where the words were found: a piece of text, cut into parts that match and parts that do not."""

    place: str
    """`prompt`, or the `provider:model` whose answer it is."""
    parts: tuple[tuple[str, bool], ...]


PICTURES_SHOWN = 6
"""Pictures that a line carries; the others are counted."""


@dataclass(frozen=True, slots=True)
class DrawnBy:
    """A picture of a run."""

    sha256: str
    target: str
    """`provider:model`."""
    described: str = ""
    """As `Picture.described`."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a list."""

    id: str
    created_at: datetime
    source: Literal["page", "cli"]
    person: str | None
    prompt: str
    """Its first `PROMPT_SHOWN` characters."""
    targets: tuple[str, ...]
    """`provider:model`, each once, in the order of the screen."""
    completions: int
    """Warm-ups not counted."""
    failed: int
    """How many of them did not end well; interrupted ones not counted."""
    interrupted: int
    live: int
    """Still being asked, here or by another Collate."""
    spend: Spend
    best: str | None
    """The `provider:model` of somebody's best answer; the newest say."""
    stars: float | None
    """The median of all stars given; `None`: none were."""
    tags: tuple[str, ...]
    notes: int
    link: Link | None
    experiment: str | None
    """The name of the experiment it was put under."""
    kept: Literal["all", "figures"] = "all"
    thumbs_up: int = 0
    thumbs_down: int = 0
    matches: tuple[Match, ...] = ()
    pictures: tuple[DrawnBy, ...] = ()
    """The first `PICTURES_SHOWN` that are on record."""
    drawn: int = 0
    """How many there are."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and how to go on."""

    lines: tuple[RunLine, ...]
    after: str | None
    """What to hand over for the next page; `None`: there is none."""
    limited: bool = False
    """Only the newest matches of very common words were looked at."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to filter by."""

    targets: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    experiments: tuple[tuple[str, str], ...] = ()
    """Id and name, newest first."""
    oldest: date | None = None
    plans: int = 0
    """Experiments over cases, whose answers lists leave out."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the completions of one day, or of one target, came to."""

    key: str
    """ISO date (UTC), or `provider:model`."""
    calls: int
    good: int
    spend: Spend
    input_tokens: int | None
    """Of those that the provider counted; `None`: it counted none."""
    output_tokens: int | None
    """Likewise."""
    duration_s: float | None
    """The median of those that ended well; `None`: none did."""
    time_to_first_token_s: float | None
    """Likewise."""
