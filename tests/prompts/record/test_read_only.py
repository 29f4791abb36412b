"""A record that cannot be written to is read, and says why nothing can be asked."""

import errno
import shutil

import pytest

from prompts.record.database import RecordError
from prompts.record.recorder import Recorder
from tests.prompts.record.files import address_of
from tests.prompts.samples import a_run


@pytest.fixture
async def asked(sqlite_template, tmp_path):
    """A record with one run in it: its file, and the run's id."""
    path, run = tmp_path / "collate.db", a_run("Why?")
    shutil.copy(sqlite_template, path)
    recorder = await Recorder.open(address_of(path))
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
    await read_and_refused(address_of(path), run_id)
    assert [entry.name for entry in path.parent.iterdir()] == ["collate.db"]


async def test_a_writable_record_in_a_folder_that_may_not_be_written_to_is_read_too(asked, monkeypatch):
    """No journal can be made beside it, so SQLite would not even read it."""
    path, run_id = asked
    monkeypatch.setattr("prompts.record.database_url.os.access", lambda *_: False)
    odd = path.rename(path.with_name("a b#c%d.db"))
    await read_and_refused(address_of(odd).replace("%", "%25"), run_id)
    assert [entry.name for entry in path.parent.iterdir()] == [odd.name]
