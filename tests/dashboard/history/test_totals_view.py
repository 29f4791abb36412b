"""Days and models put together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dashboard.history.totals import (
    MOST_DAYS,
    by_calls,
    empty,
    every_day,
    of_how_many,
    spend_says,
    total,
    worth_drawing,
)
from prompts.core.run_summaries import Spend, Summary

ONE = Summary("2026-11-20", 3, 2, Spend(Decimal("0.5"), 2, 0, 1), 30, 60, 1.5, 0.4)
TWO = Summary("2026-11-22", 5, 5, Spend(Decimal("0.25"), 1, 4, 0), 50, 100, 2.5, 0.5)


def test_a_total_adds_up_what_adds_up_and_has_no_median() -> None:
    spend = Spend(Decimal("0.75"), 3, 4, 1)
    assert total([ONE, TWO]) == Summary("all", 8, 7, spend, 80, 160, None, None)
    assert total([]) == empty("all")


def test_days_without_calls_are_there_and_empty() -> None:
    days = every_day([TWO, ONE], date(2026, 11, 19), date(2026, 11, 22))
    assert days == [empty("2026-11-19"), ONE, empty("2026-11-21"), TWO]


@pytest.mark.parametrize(
    ("since", "drawn"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-10-26", "2026-10-26"),
        ("2026-01-01", "2026-10-01"),
        ("1990-01-01", "2026-10-01"),
    ],
)
def test_a_long_range_is_drawn_from_its_first_day_that_has_something(since: str, drawn: str) -> None:
    found = [ONE, replace(ONE, key="2026-10-01")]
    assert worth_drawing(found, date.fromisoformat(since), date(2026, 11, 24)) == date.fromisoformat(drawn)


def test_a_chart_is_never_made_shorter_than_thirty_days_of_a_longer_range() -> None:
    assert worth_drawing([ONE], date(2026, 1, 1), date(2026, 11, 24)) == date(2026, 10, 26)
    assert worth_drawing([], date(2026, 1, 1), date(2026, 11, 24)) == date(2026, 10, 26)


def test_of_very_many_days_the_newest_are_drawn() -> None:
    days = every_day([ONE], date(1990, 1, 1), date(2026, 11, 22))
    assert (len(days), days[-1].key) == (MOST_DAYS, "2026-11-22")


def test_the_most_asked_model_comes_first() -> None:
    assert by_calls([ONE, TWO]) == [TWO, ONE]


@pytest.mark.parametrize(
    ("value", "good", "said"), [(1.24, 12, "1.24 s (n = 12)"), (1.24, 1, "1.24 s (one answer)"), (None, 0, "—")]
)
def test_a_median_says_of_how_many_it_is(value: float | None, good: int, said: str) -> None:
    assert of_how_many(value, good) == said


def test_a_sum_says_what_it_is_made_of() -> None:
    assert spend_says(Spend(Decimal(1), 2, 3, 4)) == (
        "As priced when they were asked: 2 with a price, 3 without a fee, 4 of unknown cost, so the sum is at least "
        "this."
    )
    assert spend_says(Spend(Decimal(1), 2)) == "As priced when they were asked: 2 with a price."


def test_what_nobody_counted_is_unknown_and_adds_nothing() -> None:
    uncounted = replace(TWO, input_tokens=None, output_tokens=None)
    assert (total([uncounted]).input_tokens, total([uncounted]).output_tokens) == (None, None)
    assert (total([ONE, uncounted]).input_tokens, total([ONE, uncounted]).output_tokens) == (30, 60)
