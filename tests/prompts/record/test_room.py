"""How much room is on the disk of a record, and what is said of a disk that takes no more."""

import shutil
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from prompts.record import database, room
from prompts.record.database import open_database
from tests.prompts.record.files import address_of


@pytest.fixture
def engine(sqlite_template, tmp_path, monkeypatch):
    """A record on a disk with 3 MB left."""
    shutil.copy(sqlite_template, tmp_path / "collate.db")
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 6, 3_000_000))
    engine = open_database(address_of(tmp_path / "collate.db"))
    yield engine
    engine.dispose()


def error(name: str) -> OperationalError:
    """An error of the driver with that name."""
    told = sqlite3.OperationalError("as the driver says")
    told.sqlite_errorname = name
    return OperationalError("INSERT", None, told)


def test_what_does_not_fit_is_said_with_how_much_to_free_and_where(engine, tmp_path):
    assert room.lack(engine, 3_000_000, "1,500 answers") is None
    assert room.lack(engine, 5_000_000, "2,500 answers") == (
        f"The disk has too little to keep 2,500 answers: 3 MB are left in {tmp_path}. "
        "Free about 2 MB there; COLLATE_DATABASE_URL can name another place."
    )


@pytest.mark.parametrize("name", ["SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"])
def test_a_disk_that_takes_no_more_is_named_with_what_is_left_of_it(engine, tmp_path, name):
    """A quota and a limit on the size of files reach SQLite as errors of writing."""
    said = database.sentence(error(name), engine)
    assert "disk is full" in said
    assert said.endswith(f", then continue. 3 MB are left in {tmp_path}. (as the driver says)")


def test_of_other_trouble_no_room_is_said(engine):
    assert "left" not in database.sentence(error("SQLITE_IOERR_READ"), engine)


def test_what_goes_wrong_as_a_record_is_opened_is_one_of_the_errors_that_are_said_in_words(engine):
    with pytest.raises(OperationalError, match="near"):
        database._pragma(engine, "journal_mode=(")
