"""What ratings make of an answer."""

from __future__ import annotations

import pytest

from dashboard.experiments.loaded import rated
from prompts.core.feedback import Mark


@pytest.mark.parametrize(
    ("marks", "good"),
    [
        ([], None),
        ([Mark("a", thumb=1)], True),
        ([Mark("a", stars=5), Mark("b", stars=2), Mark("c", thumb=-1)], False),
        ([Mark("a", thumb=1), Mark("b", thumb=-1)], None),
        ([Mark("a", stars=3)], None),
        ([Mark("me", thumb=-1), Mark("a", thumb=1), Mark("b", thumb=1)], False),
        ([Mark("a", note="hm")], None),
    ],
)
def test_whoever_looks_counts_before_all_others(marks: list[Mark], good: bool | None) -> None:
    assert rated(marks, "me") is good
