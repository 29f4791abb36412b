"""Opening the record: every file that is not ours, not whole or not writable gets a sentence and stays as it is."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from prompts.database import RecordError, default_url, open_database, place, where
from prompts.record import Recorder
from prompts.schema import REVISION


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def make(path: Path) -> None:
    open_database(url(path)).dispose()


def test_the_default_is_a_file_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("COLLATE_DATABASE_URL", raising=False)
    monkeypatch.setattr("prompts.database.user_data_path", lambda *_, **__: tmp_path)
    assert default_url() == url(tmp_path / "collate.db")
    monkeypatch.setenv("COLLATE_DATABASE_URL", "postgresql://team/collate")
    assert default_url() == "postgresql://team/collate"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("sqlite:////home/ada/collate.db", "/home/ada/collate.db"),
        ("sqlite:///file:/home/ada/c.db?mode=ro&uri=true", "file:/home/ada/c.db"),
        ("postgresql://db/collate", "postgresql://db/collate"),
        ("postgresql+psycopg://ada:sesame@db:5433/collate", "postgresql+psycopg://ada:***@db:5433/collate"),
        ("postgresql://ada@db/collate?password=sesame&sslmode=require", "postgresql://ada@db/collate"),
    ],
)
def test_the_place_of_the_record_is_named_without_a_password(monkeypatch, address, shown):
    assert place(address) == shown
    monkeypatch.setenv("COLLATE_DATABASE_URL", address)
    assert place() == shown


def test_folder_file_and_journal_are_for_their_owner_only(tmp_path):
    path = tmp_path / "data" / "collate.db"
    engine = open_database(url(path))
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1 FROM runs"))
        modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()}
    engine.dispose()
    assert modes == {"collate.db": 0o600, "collate.db-wal": 0o600, "collate.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_sqlite_is_set_up_to_survive(tmp_path):
    engine = open_database(url(tmp_path / "collate.db"))
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
    engine.dispose()
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 1000,
    }  # fmt: skip


def test_an_up_to_date_record_opens_without_alembic(tmp_path):
    make(tmp_path / "collate.db")
    script = "import sys; from prompts.database import open_database; open_database(sys.argv[1]); print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script, url(tmp_path / "collate.db")], capture_output=True, text=True, check=True
    )
    assert "sqlalchemy" in run.stdout.split()
    assert "alembic" not in run.stdout.split()


async def test_a_file_that_is_no_database_is_named_and_kept_byte_for_byte(tmp_path):
    path = tmp_path / "collate.db"
    path.write_bytes(b"this was a shopping list\n" * 100)
    before = path.read_bytes()
    with pytest.raises(RecordError, match=f"{path} is damaged and was left exactly as it is"):
        await Recorder.open(url(path))
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["collate.db"]


@pytest.mark.parametrize("damage", ["cut in half", "overwritten"])
async def test_a_damaged_record_is_named_and_kept_byte_for_byte(tmp_path, damage):
    path = tmp_path / "collate.db"
    make(path)
    whole = path.read_bytes()
    path.write_bytes(
        whole[: len(whole) // 2] if damage == "cut in half" else whole[:100] + b"\xff" * (len(whole) - 100)
    )
    before = path.read_bytes()
    with pytest.raises(RecordError, match=f"{path} is damaged"):
        await Recorder.open(url(path))
    assert path.read_bytes() == before


async def test_a_newer_collates_record_is_refused_and_untouched(tmp_path):
    path = tmp_path / "collate.db"
    make(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(RecordError, match=f"made by a newer Collate .its schema is 9999, this one knows {REVISION}"):
        await Recorder.open(url(path))
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_untouched(tmp_path):
    path = tmp_path / "bookmarks.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(RecordError, match="belongs to another program"):
        open_database(url(path))
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(RecordError, match=f"{tmp_path / 'data' / 'collate.db'} cannot be made"):
        open_database(url(tmp_path / "data" / "collate.db"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unwritable to root")
def test_an_unwritable_folder_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RecordError, match=f"The folder {tmp_path} cannot be written to"):
        open_database(url(tmp_path / "collate.db"))


def test_a_folder_without_permission_is_named(tmp_path, monkeypatch):
    """The same for those who test as root."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("prompts.database.os.open", refuse)
    with pytest.raises(RecordError, match=f"The folder {tmp_path} cannot be written to"):
        open_database(url(tmp_path / "collate.db"))


async def test_a_read_only_record_is_refused_with_the_reason(tmp_path):
    path = tmp_path / "collate.db"
    make(path)
    with pytest.raises(RecordError, match="is read-only"):
        await Recorder.open(f"sqlite:///file:{path}?mode=ro&uri=true")


@pytest.mark.parametrize("bad", ["not a url", "nosuch://x", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_cannot_be_used_is_an_error_in_words(bad):
    with pytest.raises(RecordError):
        open_database(bad)


def test_a_password_is_never_named():
    engine = SimpleNamespace(url=sa.make_url("postgresql+psycopg://me:hunter2@db/collate"))
    assert where(engine) == "postgresql+psycopg://me:***@db/collate"
