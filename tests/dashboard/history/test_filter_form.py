"""From the fields of History to a filter, and back to chips."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dashboard.history.filters import FIELDS, Chip, advice, chips, filter_of, in_range
from prompts.core.run_summaries import Facets, Filter

FACETS = Facets(experiments=(("e1", "Spring check"),))
EVERYTHING = {
    "models": ["openai:gpt-4o", "a:b"], "families": ["GPT"], "providers": ["openai"], "tags": ["keep"], "rating": "4",
    "outcome": "failed", "since": date(2026, 11, 1), "until": date(2026, 11, 20), "cost_from": 0.001, "cost_to": 1,
    "whose": "mine", "experiment": "e1",
}  # fmt: skip


def test_every_field_becomes_a_condition() -> None:
    assert filter_of(EVERYTHING, " two words ", "ada@example.com") == Filter(
        words="two words", targets=("openai:gpt-4o", "a:b"), providers=("openai",), families=("GPT",), tags=("keep",),
        stars=4, since=date(2026, 11, 1), until=date(2026, 11, 20), cost_from=Decimal("0.001"), cost_to=Decimal(1),
        outcome="failed", person="ada@example.com", experiment="e1",
    )  # fmt: skip


def test_empty_fields_ask_for_nothing() -> None:
    assert filter_of(dict.fromkeys(FIELDS), "  ", "ada@example.com") == Filter()
    assert filter_of({}, "", "") == Filter()


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        ("best", Filter(best=True)), ("up", Filter(thumb=1)), ("down", Filter(thumb=-1)), ("3", Filter(stars=3)),
        ("9", Filter()), (["up"], Filter()),
    ],
)  # fmt: skip
def test_a_rating_is_a_best_a_thumb_or_stars(rating: object, expected: Filter) -> None:
    assert filter_of({"rating": rating}, "", "") == expected


def test_values_that_no_field_has_are_ignored() -> None:
    odd = {"models": "openai:gpt-4o", "outcome": "odd", "since": "yesterday", "cost_from": "1", "tags": [1, None]}
    assert filter_of(odd, "", "") == Filter()


def test_each_condition_has_a_chip_and_words_have_none() -> None:
    shown = chips(filter_of(EVERYTHING, "words", "ada@example.com"), FACETS)
    assert [chip.text for chip in shown] == [
        "openai:gpt-4o", "a:b", "GPT family", "at openai", "tag keep", "4 stars or more", "failed",
        "since 2026-11-01", "until 2026-11-20", "at least $0.001", "at most $1.00", "mine", "Spring check",
    ]  # fmt: skip
    assert {chip.field for chip in shown} == set(FIELDS)
    assert chips(Filter(words="words"), FACETS) == []


def test_a_cost_of_nothing_is_a_condition_too() -> None:
    assert chips(filter_of({"cost_to": 0.0}, "", ""), FACETS) == [Chip("cost_to", "", "at most $0")]


def test_an_experiment_that_is_gone_still_has_its_chip() -> None:
    assert chips(Filter(experiment="e9"), FACETS) == [Chip("experiment", "", "a collection")]


@pytest.mark.parametrize(
    ("looked_for", "said"),
    [
        (Filter(words="!?"), "“!?” has neither a letter nor a digit"),
        (Filter(words="foxes"), "No prompt or answer contains “foxes”"),
        (Filter(words="foxes", tags=("keep",)), "“foxes” is not found with “tag keep”"),
        (Filter(tags=("keep",)), "matches “tag keep”. Remove this filter."),
        (Filter(tags=("keep",), best=True), "matches all of “tag keep”, “best answer”. Remove one of them."),
    ],
)
def test_when_nothing_is_found_it_is_said_what_to_drop(looked_for: Filter, said: str) -> None:
    assert said in advice(looked_for, chips(looked_for, FACETS))


def test_without_a_beginning_the_last_thirty_days_are_looked_at() -> None:
    today = date(2026, 11, 24)
    assert in_range(Filter(), today).since == date(2026, 10, 26)
    assert in_range(Filter(until=date(2026, 3, 30)), today).since == date(2026, 3, 1)
    chosen = Filter(since=date(2020, 1, 1))
    assert in_range(chosen, today) == chosen
