"""A record in a file, and a SQLite that does not wait long for it."""

from __future__ import annotations

import pytest


@pytest.fixture
def quick_records() -> None:
    """Each record is made by all the steps: here they are what is tested."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "collate.db"


@pytest.fixture
def url(path):
    return f"sqlite:///{path}"


@pytest.fixture
def impatient(monkeypatch):
    """SQLite waits 50 ms for a lock instead of a second."""
    monkeypatch.setattr("prompts.record.database.BUSY_S", 0.05)
