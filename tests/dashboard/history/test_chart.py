"""Spend and calls of each day as data."""

from __future__ import annotations

from decimal import Decimal

from dashboard.history.chart import GOOD, OTHER, calls, describe_calls, describe_spend, spend
from dashboard.history.totals import empty
from prompts.core.run_summaries import Spend, Summary

DAYS = [
    Summary("2026-11-20", 3, 2, Spend(Decimal("0.5"), 2, 0, 1), 30, 60, 1.5, 0.4),
    empty("2026-11-21"),
    Summary("2026-11-22", 1, 1, Spend(free=1), 50, 100, 2.5, None),
]


def test_every_day_has_its_place_and_an_unknown_cost_is_marked() -> None:
    drawn = spend(DAYS).to_dict()
    bars, marks = drawn["layer"]
    rows = drawn["data"]["values"]
    assert [(row["day"], row["amount"], row["spend"], row["mark"]) for row in rows] == [
        ("2026-11-20", 0.5, "≥ $0.500", "≥"), ("2026-11-21", 0.0, "$0", ""), ("2026-11-22", 0.0, "no fee", ""),
    ]  # fmt: skip
    assert marks["encoding"]["text"]["field"] == "mark"
    assert bars["encoding"]["x"]["scale"]["domain"] == [day.key for day in DAYS]


def test_calls_are_told_apart_by_whether_an_answer_came() -> None:
    rows = calls(DAYS).to_dict()["data"]["values"]
    assert [(row["day"], row["kind"], row["number"]) for row in rows] == [
        ("2026-11-20", GOOD, 2), ("2026-11-20", OTHER, 1), ("2026-11-22", GOOD, 1),
    ]  # fmt: skip


def test_a_tooltip_says_of_how_many_answers_a_median_is() -> None:
    first, _, last = spend(DAYS).to_dict()["data"]["values"]
    assert (first["duration"], first["first"]) == ("1.50 s (n = 2)", "400 ms (n = 2)")
    assert (last["duration"], last["first"]) == ("2.50 s (one answer)", "—")


def test_a_screen_reader_gets_the_figures() -> None:
    assert describe_spend(DAYS) == "Spend of each day. 2026-11-20: ≥ $0.500; 2026-11-22: no fee."
    assert describe_calls(DAYS[:2]) == "Calls of each day. 2026-11-20: 3, 1 not completed."
    assert describe_calls([]) == "Calls of each day. Nothing was asked."
