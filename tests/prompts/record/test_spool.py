"""Results that could not be written before the end lie beside the record until the next start takes them in."""

import os
import stat

import pytest

from prompts.history.archive import Archive
from prompts.record import spool
from prompts.record.recorder import Recorder, RecordError
from tests.prompts.record.trouble import locked
from tests.prompts.samples import FULL, a_run, begin, rows


@pytest.fixture
async def left_over(impatient, monkeypatch, url, path):
    """A run whose only result could not be written before the end."""
    monkeypatch.setattr("prompts.record.recorder.CLOSE_S", 0.2)
    recorder = await Recorder.open(url)
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    with locked(path):
        await recorder.finish(attempt, FULL)
        await recorder.close()
    return run


async def test_what_could_not_be_written_before_the_end_is_taken_in_by_the_next_start(left_over, url, path):
    (file,) = path.parent.glob("*.jsonl")
    assert file.name.startswith("collate.db.unwritten-")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert rows(path, "SELECT state FROM completions") == [("sent",)]
    for _ in range(2):
        again = await Recorder.open(url)
        assert again.load_run(left_over.id).completions[0].completion == FULL
        await again.close()
    assert not file.exists()


@pytest.mark.parametrize(
    "damage", ["not ours\n", "{}\n", "[]\n", '{"attempt": "of another record", "ended": {}, "outcome": {}}\n']
)
async def test_left_over_results_that_cannot_be_taken_in_are_named_and_kept(left_over, url, path, caplog, damage):
    (file,) = path.parent.glob("*.jsonl")
    file.write_text(file.read_text() + damage)
    whole = file.read_text()
    again = await Recorder.open(url)
    await again.close()
    assert str(file) in caplog.text
    assert file.read_text() == whole


async def test_a_left_over_result_of_a_deleted_run_holds_no_other_back(left_over, url, path):
    (file,) = path.parent.glob("*.jsonl")
    file.write_text('{"attempt": "of a deleted run", "ended": {}, "outcome": {}}\n' + file.read_text())
    again = await Recorder.open(url)
    assert again.load_run(left_over.id).completions[0].completion == FULL
    await again.close()


async def test_a_left_over_result_is_deleted_with_its_run(left_over, url, path):
    """By a process that was there before the file was, and so has not taken it in."""
    (file,) = path.parent.glob("*.jsonl")
    aside = file.rename(path.parent / "aside")
    other = await Recorder.open(url)
    aside.rename(file)
    assert Archive(other.database).delete([left_over.id]).runs == 1
    assert not file.exists()
    await other.close()


async def test_where_there_is_no_room_beside_the_record_a_result_is_kept_elsewhere(
    impatient, monkeypatch, url, path, tmp_path
):
    def full(path, flags, *more):
        if str(path).startswith(str(tmp_path / "collate.db.unwritten")):
            raise OSError(28, "No space left on device")
        return real(path, flags, *more)

    elsewhere = tmp_path / "data"
    monkeypatch.setattr("prompts.record.spool.user_data_path", lambda *_, **__: elsewhere)
    monkeypatch.setattr("prompts.record.recorder.CLOSE_S", 0.2)
    real = os.open
    recorder = await Recorder.open(url)
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    with locked(path), monkeypatch.context() as disk:
        disk.setattr("prompts.record.spool.os.open", full)
        await recorder.finish(attempt, FULL)
        await recorder.close()
    (file,) = elsewhere.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = await Recorder.open(url)
    assert again.load_run(run.id).completions[0].completion == FULL
    assert list(elsewhere.iterdir()) == []
    await again.close()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere each person has a folder of their own for temporary files")
def test_a_folder_for_temporary_files_that_others_may_write_to_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ours = tmp_path / f"collate-{os.getuid()}"
    assert spool._scratch() == ours
    ours.chmod(0o777)
    assert spool._scratch() is None
    ours.rmdir()
    ours.symlink_to(tmp_path)
    assert spool._scratch() is None


async def test_closing_says_what_it_could_keep_nowhere(impatient, monkeypatch, url, path):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("prompts.record.recorder.CLOSE_S", 0.2)
    monkeypatch.setattr("prompts.record.spool.os.fsync", full)
    recorder = await Recorder.open(url)
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    with locked(path):
        await recorder.finish(attempt, FULL)
        with pytest.raises(RecordError, match=r"1 result could not be recorded, nor kept in .*No space"):
            await recorder.close()
    assert list(path.parent.glob("*.jsonl")) == []
