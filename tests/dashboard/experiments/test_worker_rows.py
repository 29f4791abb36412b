"""Workers in words."""

from dataclasses import replace
from datetime import UTC, datetime

from dashboard.experiments.worker_rows import line, summary, title
from prompts.experiments.worker_store import WorkerRow

ROW = WorkerRow(
    "w",
    "gpu-box",
    "worker",
    ("ollama@gpu-box", "openai"),
    12,
    340.2,
    2.1,
    datetime(2026, 11, 29, tzinfo=UTC),
    False,
    16,
)


def test_a_worker_says_what_it_listens_for_what_it_does_and_when_it_was_last_seen():
    assert title(ROW) == "gpu-box, worker"
    assert line(ROW).startswith("ollama@gpu-box, openai · 12 calls in progress · 340 a minute · last seen ")


def test_no_rate_is_said_of_one_that_has_ended_too_few():
    assert "a minute" not in line(replace(ROW, per_minute=None))


def test_one_that_is_silent_or_leaves_is_not_counted_on():
    silent, leaving = replace(ROW, seen_ago_s=300), replace(ROW, draining=True)
    assert "silent" in line(silent)
    assert "takes nothing new" in line(leaving)
    assert summary([ROW, silent, leaving]) == "One process asks, 36 calls in progress."
    assert summary([ROW, ROW]) == "2 processes ask together, 24 calls in progress."
    assert "collate worker" in summary([])
