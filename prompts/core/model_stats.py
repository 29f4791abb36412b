"""What was measured here of each model: medians of answers that ended properly, with how many and when.

Pure. Owns which answers count: complete or cut, with text, asked under undisturbed conditions, and no warm-up. Gives no
figure without its n.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from providers.completion import State

COUNTED: tuple[State, ...] = ("complete", "cut")
"""Outcomes that count; answers that were withheld, refused or empty say nothing of speed."""
NEWEST_RUNS = 2000
"""The most runs that are read, newest first: older answers say little about today, and the page must not wait."""
NEWEST_ANSWERS = 200
"""The most answers of one model that are read, of the undisturbed and of the others each."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The measured values of one answer."""

    provider: str
    model: str
    started_at: datetime
    clean: bool
    """Whether no condition disturbs its times:
    no first call, new connection, cold load, cache hit, retry or contention."""
    time_to_first_token_s: float | None
    duration_s: float | None
    output_tokens_per_s: float | None


@dataclass(frozen=True, slots=True)
class Median:
    """A median and how many values it is of; if `n` is 1 it is that value."""

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurements of one model. A median is `None` if no undisturbed answer has that figure."""

    provider: str
    model: str
    clean: int
    """How many answers the medians are made of."""
    other: int
    """How many further answers were left out because a condition disturbed their times."""
    first: datetime
    """Time of the first undisturbed answer, or of the first at all if none was undisturbed."""
    last: datetime
    time_to_first_token_s: Median | None
    duration_s: Median | None
    output_tokens_per_s: Median | None


def summarise(readings: Iterable[Reading]) -> tuple[Measured, ...]:
    """One `Measured` for each provider and model."""
    grouped: defaultdict[tuple[str, str], list[Reading]] = defaultdict(list)
    for reading in readings:
        grouped[reading.provider, reading.model].append(reading)
    return tuple(_measured(provider, model, found) for (provider, model), found in grouped.items())


def _measured(provider: str, model: str, found: list[Reading]) -> Measured:
    clean = [reading for reading in found if reading.clean]
    days = [reading.started_at for reading in clean or found]
    return Measured(
        provider, model, len(clean), len(found) - len(clean), min(days), max(days),
        _median(reading.time_to_first_token_s for reading in clean),
        _median(reading.duration_s for reading in clean),
        _median(reading.output_tokens_per_s for reading in clean),
    )  # fmt: skip


def _median(values: Iterable[float | None]) -> Median | None:
    known = [value for value in values if value is not None]
    return Median(median(known), len(known)) if known else None
