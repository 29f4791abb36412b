"""A file that is no record, not whole, of a newer Collate or of another program is refused and stays as it is."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from prompts.record.database import RecordError, open_database
from prompts.record.postgresql import prepared
from prompts.record.recorder import Recorder
from prompts.record.schema import REVISION
from tests.prompts.record.files import address_of, make
from tests.prompts.samples import rows


async def test_a_file_that_is_no_database_is_named_and_kept_byte_for_byte(tmp_path):
    path = tmp_path / "collate.db"
    path.write_bytes(b"this was a shopping list\n" * 100)
    before = path.read_bytes()
    with pytest.raises(RecordError, match=f"{path} is damaged and was left exactly as it is"):
        await Recorder.open(address_of(path))
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
        await Recorder.open(address_of(path))
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


async def test_a_newer_collates_record_keeps_even_the_way_it_is_written_in(sqlite_template, tmp_path):
    path = tmp_path / "collate.db"
    shutil.copy(sqlite_template, path)
    say(address_of(path), "UPDATE alembic_version SET version_num = '9999'")
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
    before = path.read_bytes()
    with pytest.raises(RecordError, match="made by a newer Collate"):
        await Recorder.open(address_of(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "version", ["INSERT INTO alembic_version VALUES ('1975ea83b712')", "DELETE FROM alembic_version"]
)
def test_another_program_that_uses_alembic_is_not_taken_for_a_newer_collate(bare_url, version):
    say(bare_url, "CREATE TABLE bookmarks (url TEXT)", "CREATE TABLE alembic_version (version_num VARCHAR(32))")
    say(bare_url, version)
    with pytest.raises(RecordError, match="belongs to another program"):
        open_database(bare_url)
