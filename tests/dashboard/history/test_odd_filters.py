"""What an address may set a filter to that is no amount."""

from __future__ import annotations

import pytest

from dashboard.history.filters import filter_of


@pytest.mark.parametrize("value", [False, True, float("nan"), float("inf"), "1", None, []])
def test_a_cost_that_is_no_amount_filters_nothing(value: object) -> None:
    assert filter_of({"cost_from": value, "cost_to": value}, "", "ada") == filter_of({}, "", "ada")
