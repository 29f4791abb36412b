"""What a browser says of the matrix is checked before anything is done."""

from __future__ import annotations

import pytest

from dashboard.experiments.matrix_grid import Act, read_act

CASES = frozenset({0, 4})


@pytest.mark.parametrize(
    ("told", "act"),
    [
        ({"what": "open", "case": 4, "side": 1}, Act("open", 4, 1)),
        ({"what": "rate", "case": 0.0, "side": 0.0, "rating": -1.0}, Act("rate", 0, 0, -1)),
        ({"what": "rate", "case": 0, "side": 0, "rating": 7}, Act("rate", 0, 0, 0)),
        ({"what": "ask-cases", "case": 0, "side": 0, "cases": [4.0, 0, 4]}, Act("ask-cases", 0, 0, 0, (0, 4))),
        ({"what": "take", "case": 0, "side": 0, "cases": [4, 7, "4", None]}, Act("take", 0, 0, 0, (4,))),
        ({"what": "ask-cases", "case": 0, "side": 0, "cases": [7]}, None),
        ({"what": "ask-cases", "case": 0, "side": 0}, None),
        ({"what": "take", "case": 0, "side": 0, "cases": "4"}, None),
        ({"what": "open", "case": 0, "side": 0, "cases": [4]}, Act("open", 0, 0)),
        ({"what": "open", "case": 1, "side": 0}, None),
        ({"what": "open", "case": 0, "side": 2}, None),
        ({"what": "open", "case": [0], "side": 0}, None),
        ({"what": "delete", "case": 0, "side": 0}, None),
        ({"what": ["open"], "case": 0, "side": 0}, None),
        ("open", None),
        (None, None),
    ],
)
def test_only_what_was_shown_can_be_acted_on(told: object, act: Act | None) -> None:
    assert read_act(told, CASES, 2) == act
