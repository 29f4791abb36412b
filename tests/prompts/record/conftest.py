"""A record in a file, and a SQLite that does not wait long for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.patience import PATIENCE_S


@pytest.fixture(autouse=True)
def writers_end(no_leaks: None) -> Iterator[None]:
    """A thread that writes may outlive `close`, which does not wait long, and closes its connection when it ends."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if thread.name == "collate-record":
            thread.join(PATIENCE_S)


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
