"""Opening the record: every file that is not ours, not whole or not writable gets a sentence and stays as it is."""

import errno
import os
import shutil
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from prompts.core.child_process import python
from prompts.record.database import RecordError, default_url, open_database, place, where, writing
from prompts.record.postgresql import prepared
from prompts.record.recorder import Recorder
from prompts.record.schema import REVISION
from tests.prompts.record.older import put_back
from tests.prompts.samples import a_run, rows


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def make(path: Path) -> None:
    open_database(url(path)).dispose()


def test_the_default_is_a_file_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("COLLATE_DATABASE_URL", raising=False)
    monkeypatch.setattr("prompts.record.database_url.user_data_path", lambda *_, **__: tmp_path)
    assert default_url() == url(tmp_path / "collate.db")
    monkeypatch.setenv("COLLATE_DATABASE_URL", "postgresql://team/collate")
    assert default_url() == "postgresql://team/collate"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("sqlite:////home/ada/collate.db", "/home/ada/collate.db"),
        ("sqlite:///file:/home/ada/c.db?mode=ro&uri=true", "/home/ada/c.db"),
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
    script = "import sys; from prompts.record import database; database.open_database(sys.argv[1]); print(*sys.modules)"
    run = subprocess.run(python("-c", script, url(tmp_path / "collate.db")), capture_output=True, text=True, check=True)
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


def say(address, *statements):
    """Another program's word."""
    engine = sa.create_engine(prepared(sa.make_url(address)) if address.startswith("postgresql") else address)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


async def test_a_newer_collates_record_is_refused_and_untouched(record_url):
    say(record_url, "UPDATE alembic_version SET version_num = '9999'")
    before = contents(record_url)
    with pytest.raises(RecordError, match=f"made by a newer Collate .its schema is 9999, this one knows {REVISION}"):
        await Recorder.open(record_url)
    assert contents(record_url) == before


def test_another_programs_database_is_refused_and_untouched(bare_url):
    say(bare_url, "CREATE TABLE bookmarks (url TEXT)")
    before = contents(bare_url)
    with pytest.raises(RecordError, match="belongs to another program"):
        open_database(bare_url)
    assert contents(bare_url) == before


def contents(address):
    """A file's bytes; of a server, the names of the tables and who made them."""
    if address.startswith("sqlite"):
        return Path(address.removeprefix("sqlite:///")).read_bytes()
    return rows(address, "SELECT relname, relfilenode FROM pg_class WHERE relnamespace = 'public'::regnamespace")


def old(path):
    """A record of an older schema, with a run in it."""
    put_back(url(path), "0002")


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
        await Recorder.open(url(path))


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

    monkeypatch.setattr("prompts.record.database_url.os.open", refuse)
    with pytest.raises(RecordError, match=f"The folder {tmp_path} cannot be written to"):
        open_database(url(tmp_path / "collate.db"))


@pytest.fixture
async def asked(sqlite_template, tmp_path):
    """A record with one run in it: its file, and the run's id."""
    path, run = tmp_path / "collate.db", a_run("Why?")
    shutil.copy(sqlite_template, path)
    recorder = await Recorder.open(url(path))
    await recorder.begin_run(run)
    await recorder.close()
    return path, run.id


async def read_and_refused(address, run_id):
    """The record at `address` can be read, and says why nothing can be asked."""
    recorder = await Recorder.open(address)
    assert "is read-only. Allow writing" in recorder.problem
    assert recorder.load_run(run_id).prompt == "Why?"
    with pytest.raises(RecordError, match="is read-only"):
        await recorder.begin_run(a_run())
    assert recorder.problem
    await recorder.close()


async def test_a_read_only_record_is_read_and_refuses_what_would_be_written(asked):
    path, run_id = asked
    before = path.read_bytes()
    await read_and_refused(f"sqlite:///file:{path}?mode=ro&uri=true", run_id)
    assert path.read_bytes() == before


async def test_a_record_in_a_folder_that_may_not_be_written_to_is_read(asked, monkeypatch):
    """As on a read-only disk, where not even a journal can be made beside it; the same for those who test as root."""

    def refuse(*_: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    path, run_id = asked
    monkeypatch.setattr("prompts.record.database_url.os.open", refuse)
    monkeypatch.setattr("prompts.record.database_url.os.access", lambda *_: False)
    await read_and_refused(url(path), run_id)
    assert [entry.name for entry in path.parent.iterdir()] == ["collate.db"]


async def test_a_writable_record_in_a_folder_that_may_not_be_written_to_is_read_too(asked, monkeypatch):
    """No journal can be made beside it, so SQLite would not even read it."""
    path, run_id = asked
    monkeypatch.setattr("prompts.record.database_url.os.access", lambda *_: False)
    odd = path.rename(path.with_name("a b#c%d.db"))
    await read_and_refused(url(odd).replace("%", "%25"), run_id)
    assert [entry.name for entry in path.parent.iterdir()] == [odd.name]


async def test_a_newer_collates_record_keeps_even_the_way_it_is_written_in(sqlite_template, tmp_path):
    path = tmp_path / "collate.db"
    shutil.copy(sqlite_template, path)
    say(url(path), "UPDATE alembic_version SET version_num = '9999'")
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
    before = path.read_bytes()
    with pytest.raises(RecordError, match="made by a newer Collate"):
        await Recorder.open(url(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "version", ["INSERT INTO alembic_version VALUES ('1975ea83b712')", "DELETE FROM alembic_version"]
)
def test_another_program_that_uses_alembic_is_not_taken_for_a_newer_collate(bare_url, version):
    say(bare_url, "CREATE TABLE bookmarks (url TEXT)", "CREATE TABLE alembic_version (version_num VARCHAR(32))")
    say(bare_url, version)
    with pytest.raises(RecordError, match="belongs to another program"):
        open_database(bare_url)


def test_a_home_folder_is_meant_where_a_tilde_stands(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    make(Path("~/data/collate.db"))
    assert (tmp_path / "data" / "collate.db").is_file()
    assert place("sqlite:///~/data/collate.db") == str(tmp_path / "data" / "collate.db")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("not a url", "is not the address of a database"),
        ("postgresql://ada:sesame@db:port/collate", "is not the address of a database"),
        ("postgresql://ada:ses@me:sesame/x@db/collate", "is not the address of a database"),
        ("nosuch://x", "It knows sqlite and postgresql"),
        ("mysql://ada:sesame@db/collate", "It knows sqlite and postgresql"),
        ("postgresql+nosuch://ada:sesame@db/collate", "cannot be used"),
        ("sqlite://", "keeps nothing"),
        ("sqlite:///:memory:", "keeps nothing"),
    ],
)
def test_an_address_that_cannot_be_used_is_an_error_in_words(bad, said):
    with pytest.raises(RecordError, match=said) as caught:
        open_database(bad)
    assert "sesame" not in f"{caught.value} {place(bad)}"


def test_a_password_is_never_named():
    engine = SimpleNamespace(url=sa.make_url("postgresql+psycopg://me:hunter2@db/collate"))
    assert where(engine) == "postgresql+psycopg://me:***@db/collate"


def test_a_writer_looks_often_whether_a_busy_neighbour_is_done(monkeypatch, tmp_path):
    """SQLite by itself would soon look only ten times a second, and the neighbour would always be quicker."""
    engine, pauses = open_database(url(tmp_path / "collate.db")), []
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
