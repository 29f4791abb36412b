"""Opening the record: who may read it, how SQLite is set up, and which folder cannot hold one."""

import os
import sqlite3
import stat
import subprocess

import pytest
import sqlalchemy as sa

from prompts.core.child_process import python
from prompts.record.database import RecordError, open_database, writing
from tests.prompts.record.files import address_of, make


def test_folder_file_and_journal_are_for_their_owner_only(tmp_path):
    path = tmp_path / "data" / "collate.db"
    engine = open_database(address_of(path))
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1 FROM runs"))
        modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()}
    engine.dispose()
    assert modes == {"collate.db": 0o600, "collate.db-wal": 0o600, "collate.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_sqlite_is_set_up_to_survive(tmp_path):
    engine = open_database(address_of(tmp_path / "collate.db"))
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
    engine.dispose()
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 1000,
    }  # fmt: skip


def test_an_up_to_date_record_opens_without_alembic(tmp_path):
    make(tmp_path / "collate.db")
    script = "import sys; from prompts.record import database; database.open_database(sys.argv[1]); print(*sys.modules)"
    opening = python("-c", script, address_of(tmp_path / "collate.db"))
    run = subprocess.run(opening, capture_output=True, text=True, check=True)
    assert "sqlalchemy" in run.stdout.split()
    assert "alembic" not in run.stdout.split()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(RecordError, match=f"{tmp_path / 'data' / 'collate.db'} cannot be made"):
        open_database(address_of(tmp_path / "data" / "collate.db"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unwritable to root")
def test_an_unwritable_folder_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RecordError, match=f"The folder {tmp_path} cannot be written to"):
        open_database(address_of(tmp_path / "collate.db"))


def test_a_folder_without_permission_is_named(tmp_path, monkeypatch):
    """The same for those who test as root."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("prompts.record.database_url.os.open", refuse)
    with pytest.raises(RecordError, match=f"The folder {tmp_path} cannot be written to"):
        open_database(address_of(tmp_path / "collate.db"))


def test_a_writer_looks_often_whether_a_busy_neighbour_is_done(monkeypatch, tmp_path):
    """SQLite by itself would soon look only ten times a second, and the neighbour would always be quicker."""
    engine, pauses = open_database(address_of(tmp_path / "collate.db")), []
    other = sqlite3.connect(tmp_path / "collate.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            other.close()

    monkeypatch.setattr("prompts.record.database.time.sleep", pause)
    with writing(engine).begin():
        assert len(pauses) == 3
    assert max(pauses) <= 0.01
    engine.dispose()
