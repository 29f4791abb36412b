"""The active filters as removable chips, and advice when nothing is found. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite
from typing import Literal

from prompts.core import format as text_of
from prompts.core.run_summaries import Facets, Filter
from prompts.record.search_terms import terms

Field = Literal[
    "models", "families", "providers", "tags", "rating", "outcome", "since", "until", "cost_from", "cost_to", "whose",
    "experiment",
]  # fmt: skip
"""The filters besides the search words; each is both a session key and a query parameter."""
FIELDS: tuple[Field, ...] = (
    "models", "families", "providers", "tags", "rating", "outcome", "since", "until", "cost_from", "cost_to", "whose",
    "experiment",
)  # fmt: skip
RATINGS: Mapping[str, str] = {
    "best": "Best answer", "up": "Thumb up", "down": "Thumb down",
    "3": "3 stars or more", "4": "4 stars or more", "5": "5 stars",
}  # fmt: skip
OUTCOMES: Mapping[str, str] = {"good": "Good", "failed": "Failed", "interrupted": "Interrupted"}
MINE = "mine"
RANGE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter."""

    field: Field
    value: str
    """Which value, for fields that may have several; otherwise empty."""
    text: str


def filter_of(chosen: Mapping[str, object], words: str, person: str) -> Filter:
    """The filter that the page's fields describe; invalid values, which an address may hold, are ignored."""
    rating, outcome = chosen.get("rating"), chosen.get("outcome")
    return Filter(
        words=words.strip(),
        targets=_texts(chosen.get("models")), providers=_texts(chosen.get("providers")),
        families=_texts(chosen.get("families")), tags=_texts(chosen.get("tags")),
        stars=int(rating) if rating in ("3", "4", "5") else None,
        thumb=1 if rating == "up" else -1 if rating == "down" else None, best=rating == "best",
        since=_day(chosen.get("since")), until=_day(chosen.get("until")),
        cost_from=_dollars(chosen.get("cost_from")), cost_to=_dollars(chosen.get("cost_to")),
        outcome=outcome if outcome in ("good", "failed", "interrupted") else None,
        person=person if chosen.get("whose") == MINE else None,
        experiment=experiment if isinstance(experiment := chosen.get("experiment"), str) else None,
    )  # fmt: skip


def chips(looked_for: Filter, facets: Facets) -> list[Chip]:
    """The chips of a filter, without its search words, in a fixed order."""
    several: list[tuple[Field, tuple[str, ...], str]] = [
        ("models", looked_for.targets, "{}"), ("families", looked_for.families, "{} family"),
        ("providers", looked_for.providers, "at {}"), ("tags", looked_for.tags, "tag {}"),
    ]  # fmt: skip
    found = [Chip(field, value, text.format(value)) for field, values, text in several for value in values]
    rating = _rating(looked_for)
    names = dict(facets.experiments)
    ones: list[tuple[Field, str | None]] = [
        ("rating", RATINGS[rating].lower() if rating else None),
        ("outcome", OUTCOMES[looked_for.outcome].lower() if looked_for.outcome else None),
        ("since", f"since {looked_for.since}" if looked_for.since else None),
        ("until", f"until {looked_for.until}" if looked_for.until else None),
        ("cost_from", None if looked_for.cost_from is None else f"at least {text_of.money(looked_for.cost_from)}"),
        ("cost_to", None if looked_for.cost_to is None else f"at most {text_of.money(looked_for.cost_to)}"),
        ("whose", None if looked_for.person is None else "mine"),
        ("experiment", names.get(looked_for.experiment, "a collection") if looked_for.experiment else None),
    ]  # fmt: skip
    return found + [Chip(field, "", text) for field, text in ones if text is not None]


def advice(looked_for: Filter, shown: list[Chip]) -> str:
    """What to do when nothing is found."""
    if terms(looked_for.words) is None:
        return f"Words are searched for, and “{looked_for.words}” has neither a letter nor a digit. Write a word."
    filters = ", ".join(f"“{chip.text}”" for chip in shown)
    if looked_for.words and not shown:
        return (
            f"No prompt or answer contains “{looked_for.words}”. Every word must be there; "
            "write fewer, or only the beginning of one with a star: word*."
        )
    if looked_for.words:
        return f"“{looked_for.words}” is not found with {filters}. Remove a filter, or search for fewer words."
    if len(shown) == 1:
        return f"No answer on record matches {filters}. Remove this filter."
    return f"No answer on record matches all of {filters}. Remove one of them."


def in_range(looked_for: Filter, today: date) -> Filter:
    """The filter with a start day: the chosen one, otherwise `RANGE_DAYS` days including the last."""
    if looked_for.since is not None:
        return looked_for
    return replace(looked_for, since=(looked_for.until or today) - timedelta(days=RANGE_DAYS - 1))


def _rating(looked_for: Filter) -> str | None:
    if looked_for.best:
        return "best"
    if looked_for.thumb is not None:
        return "up" if looked_for.thumb == 1 else "down"
    return None if looked_for.stars is None else str(looked_for.stars)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _dollars(value: object) -> Decimal | None:
    amount = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    return Decimal(str(value)) if amount else None
