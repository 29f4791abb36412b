"""A new record in a test is what the steps would have made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from prompts.record import database
from prompts.record.search_terms import spaced
from tests import new_records


def contents(path: Path) -> list[object]:
    """Every table, trigger and index with its text, every row, and what the file says of itself."""
    with closing(sqlite3.connect(path)) as file:
        file.create_function("spaced", 1, spaced)
        schema = file.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        tables = [name for kind, name, _ in schema if kind == "table"]
        rows = [file.execute(f"SELECT * FROM [{name}]").fetchall() for name in tables]  # noqa: S608 -- names of ours
        pragmas = [
            file.execute(f"PRAGMA {name}").fetchall()
            for name in ("journal_mode", "page_size", "user_version", "auto_vacuum", "integrity_check")
        ]
        return [schema, rows, pragmas]


def test_a_copy_is_what_the_steps_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_steps, first, copied = (tmp_path / f"{name}.db" for name in ("by_steps", "first", "copied"))
    for path in (first, copied):
        database.open_database(f"sqlite:///{path}").dispose()
    assert new_records._first
    monkeypatch.setattr(database, "_migrate", new_records._by_steps)
    database.open_database(f"sqlite:///{by_steps}").dispose()
    assert contents(copied) == contents(by_steps)
    assert copied.stat().st_mode == by_steps.stat().st_mode
