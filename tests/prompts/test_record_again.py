"""The database of one PostgreSQL test goes on as that of another: empty, under a name of its own, only unchanged."""

from __future__ import annotations

import psycopg
import pytest

_MODEL = "INSERT INTO models (provider, model) VALUES ('far', 'm') RETURNING id"
_WHICH = "SELECT oid FROM pg_database WHERE datname = current_database()"


def _one(url: str, statement: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement).fetchone()
        assert row is not None
        return row[0]


def _several(postgres, statement: str) -> list[tuple[str, object, object]]:
    """Of some databases, one after the other: the address, which it is, and what the statement gives there."""
    seen = []
    for _ in range(5):
        with postgres.record("with_schema") as url:
            seen.append((url, _one(url, _WHICH), _one(url, statement)))
    return seen


def test_it_goes_on_empty_under_another_name(postgres):
    seen = _several(postgres, _MODEL)
    assert len({url for url, _, _ in seen}) == 5
    assert len({which for _, which, _ in seen}) < 5
    assert [number for _, _, number in seen] == [1] * 5


@pytest.mark.parametrize("change", [
    "ALTER TABLE runs ADD COLUMN more integer", "CREATE TABLE bookmarks (url text)", "DROP TABLE tags",
    "UPDATE alembic_version SET version_num = 'later'", "ALTER TABLE tags DISABLE TRIGGER ALL",
])  # fmt: skip
def test_one_that_was_changed_goes_no_further(postgres, change):
    with postgres.record("with_schema") as url:
        with psycopg.connect(url) as connection:
            connection.execute(change)
        changed = _one(url, _WHICH)
    assert changed not in [which for _, which, _ in _several(postgres, "SELECT 1")]
