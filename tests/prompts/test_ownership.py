"""Who is dead and who is only quiet."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from prompts import ownership


@pytest.mark.parametrize(
    ("host", "pid", "age_s", "gone"),
    [
        (ownership.HOST, os.getpid(), 0, True),  # our own number, but not ours: a reused one
        (ownership.HOST, 1, 0, False),
        (ownership.HOST, 1, ownership.LEASE_S + 1, True),
        (ownership.HOST, 2**22 + 1, 0, True),  # beyond the largest process number
        ("elsewhere", 2**22 + 1, 0, False),
        ("elsewhere", 1, ownership.LEASE_S + 1, True),
    ],
)
def test_who_is_gone(host, pid, age_s, gone):
    now = datetime.now(UTC)
    row = {"id": "someone", "host": host, "pid": pid, "seen_at": now - timedelta(seconds=age_s)}
    assert ownership._is_gone(row, now) is gone
