"""A record is copied before its schema changes."""

import os
import sqlite3
import stat

import pytest

from prompts.record.database import RecordError
from prompts.record.recorder import Recorder
from prompts.record.schema import REVISION
from tests.prompts.record.files import address_of, make
from tests.prompts.record.older import put_back
from tests.prompts.samples import rows


def old(path):
    """A record of an older schema, with a run in it."""
    put_back(address_of(path), "0002")


def test_a_record_is_copied_before_its_schema_changes(tmp_path, caplog):
    path, copy = tmp_path / "collate.db", tmp_path / f"collate.db.before-{REVISION}"
    old(path)
    make(path)
    assert rows(copy, "SELECT version_num FROM alembic_version") == [("0002",)]
    assert rows(copy, "SELECT prompt FROM runs") == rows(path, "SELECT prompt FROM runs") == [("Why is the sky blue?",)]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert str(copy) in caplog.text
    kept = copy.read_bytes()
    make(path)
    assert copy.read_bytes() == kept
    assert {entry.name for entry in tmp_path.iterdir()} == {path.name, copy.name}


def test_a_record_that_is_made_needs_no_copy(tmp_path):
    make(tmp_path / "collate.db")
    assert [entry.name for entry in tmp_path.iterdir()] == ["collate.db"]


def test_a_record_that_cannot_be_copied_is_not_changed(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    path = tmp_path / "collate.db"
    old(path)
    monkeypatch.setattr("prompts.record.backup.Path.replace", full)
    with pytest.raises(RecordError, match="could not be copied before"):
        make(path)
    assert rows(path, "SELECT version_num FROM alembic_version") == [("0002",)]
    assert [entry.name for entry in tmp_path.iterdir()] == ["collate.db"]


async def test_a_damaged_record_has_its_newest_copy_named(tmp_path):
    path, copy = tmp_path / "collate.db", tmp_path / "collate.db.before-0009"
    path.write_bytes(b"this was a shopping list\n" * 100)
    for n, name in enumerate(("collate.db.before-0010", copy.name, "collate.db.before-0011.part")):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (n, n))
    with pytest.raises(RecordError, match=f"is damaged .* The newest backup is {copy}[.]$"):
        await Recorder.open(address_of(path))
