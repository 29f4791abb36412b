"""Sums over days and models of History, and days on which nothing was asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce

from dashboard.history.filters import RANGE_DAYS
from prompts.core import format as text_of
from prompts.core.run_summaries import Spend, Summary

MOST_DAYS = 732
"""The most days in a chart; of more, the newest are shown."""


def total(summaries: Sequence[Summary]) -> Summary:
    """All summaries added up; without medians, which cannot be added."""
    return reduce(_plus, summaries, empty("all"))


def empty(key: str) -> Summary:
    """The summary of a day or model of which nothing was asked."""
    return Summary(key, 0, 0, Spend(), None, None, None, None)


def every_day(found: Sequence[Summary], since: date, until: date) -> list[Summary]:
    """A summary for each day from `since` to `until` inclusive, oldest first, at most `MOST_DAYS`."""
    since = max(since, until - timedelta(days=MOST_DAYS - 1))
    known = {summary.key: summary for summary in found}
    days = [(since + timedelta(days=n)).isoformat() for n in range((until - since).days + 1)]
    return [known.get(day) or empty(day) for day in days]


def worth_drawing(found: Sequence[Summary], since: date, until: date) -> date:
    """The first day of a chart: it skips empty days at the beginning, but spans at least `RANGE_DAYS` if it can."""
    first = min((date.fromisoformat(summary.key) for summary in found), default=until)
    return max(since, min(first, until - timedelta(days=RANGE_DAYS - 1)))


def by_calls(found: Sequence[Summary]) -> list[Summary]:
    """Sorted by number of calls, largest first."""
    return sorted(found, key=lambda summary: (-summary.calls, summary.key))


def of_how_many(value: float | None, good: int) -> str:
    """A median time in seconds with its sample size: `1.24 s (n = 12)`."""
    if value is None:
        return text_of.UNKNOWN
    return f"{text_of.seconds(value)} ({'one answer' if good == 1 else f'n = {good:,}'})"


def spend_says(spend: Spend) -> str:
    """How many priced, free and unknown costs a sum is made of, in a sentence."""
    parts = [f"{spend.priced:,} with a price"]
    if spend.free:
        parts.append(f"{spend.free:,} without a fee")
    if spend.unknown:
        parts.append(f"{spend.unknown:,} of unknown cost, so the sum is at least this")
    return f"As priced when they were asked: {', '.join(parts)}."


def _plus(one: Summary, other: Summary) -> Summary:
    a, b = one.spend, other.spend
    return replace(
        one, calls=one.calls + other.calls, good=one.good + other.good,
        spend=Spend(a.amount + b.amount, a.priced + b.priced, a.free + b.free, a.unknown + b.unknown),
        input_tokens=_known(one.input_tokens, other.input_tokens),
        output_tokens=_known(one.output_tokens, other.output_tokens),
    )  # fmt: skip


def _known(*counts: int | None) -> int | None:
    """The sum of the known counts; `None` if none is known."""
    return sum(known) if (known := [count for count in counts if count is not None]) else None
