"""A line of the audit trail in words: counts rather than a hundred ids, and no value that is only a computer's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.settings.trail_view import what_of
from prompts.record.trail import Entry


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"runs": ["a", "b", "c"], "answers": 9}, "runs 3, answers 9"),
        ({"runs": ["a"], "answers": 1}, "runs a, answers 1"),
        ({"keep_days": None, "administrators": []}, "keep days not set, administrators not set"),
    ],
)
def test_what_was_done_in_words(what: dict[str, Any], said: str) -> None:
    assert what_of(Entry(1, datetime(2026, 11, 29, tzinfo=UTC), "ada", False, "deleted runs", what)) == said
