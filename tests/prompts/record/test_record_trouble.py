"""The record when things go wrong: killed, locked, full, shared, left over."""

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import threading
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from prompts.core.child_process import python
from prompts.history.archive import Archive
from prompts.record import leases, spool
from prompts.record.recorder import Recorder, RecordError
from prompts.record.schema import recorders
from tests import leaks
from tests.benchmarks.kills import LOSSES, TIMED, kill
from tests.patience import PATIENCE_S, until
from tests.prompts.samples import FULL, NOW, a_run, begin, rows

ROOT = Path(__file__).parents[3]
CHILD = """
import asyncio, sys
from prompts.record.recorder import Recorder
from tests.prompts.samples import ENDPOINT, FULL, TARGET, a_run

async def main():
    recorder = await Recorder.open(sys.argv[1])
    run = a_run(targets=4)
    await recorder.begin_run(run)
    finished, streaming, sent = [
        await recorder.begin_attempt(answer.id, 1, endpoint=ENDPOINT, target=TARGET) for answer in run.answers[:3]
    ]
    await recorder.finish(finished, FULL)
    recorder.note_text(streaming, "Once upon a time")
    while recorder.load_run(run.id).completions[1].text != "Once upon a time":
        await asyncio.sleep(0.01)
    print(run.id, flush=True)
    for n in range(10**9):
        recorder.note_text(streaming, f" {n}")
        await asyncio.sleep(0.001)

asyncio.run(main())
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "collate.db"


@pytest.fixture
def url(path):
    return f"sqlite:///{path}"


@contextmanager
def child(script, *args):
    """A process that may import the tests too; it is gone afterwards."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(python("-c", script, *args), stdout=subprocess.PIPE, text=True, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def is_whole(url):
    """SQLite looks; PostgreSQL has no such question, and its files are nobody's to break off writing."""
    return not url.startswith("sqlite") or rows(url, "PRAGMA integrity_check") == [("ok",)]


@contextmanager
def locked(path):
    """Another program that holds the database."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=PATIENCE_S)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.fixture
def impatient(monkeypatch):
    """SQLite waits 50 ms for a lock instead of a second."""
    monkeypatch.setattr("prompts.record.database.BUSY_S", 0.05)


async def test_kill_9_leaves_what_had_arrived_and_marks_the_rest(record_url):
    with child(CHILD, record_url) as process:
        run_id = (await asyncio.to_thread(process.stdout.readline)).strip()
        process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(process.wait, PATIENCE_S)
    recorder = await Recorder.open(record_url)
    stored = recorder.load_run(run_id)
    await recorder.close()
    finished, streaming, sent, queued = stored.completions
    assert finished.completion == FULL
    assert (streaming.state, streaming.text.startswith("Once upon a time")) == ("unknown", True)
    assert (streaming.completion.text, streaming.completion.cost.kind) == (streaming.text, "unknown")
    assert (sent.state, sent.completion.text) == ("unknown", "")
    assert (queued.state, queued.completion) == ("cancelled", None)
    assert is_whole(record_url)
    assert sorted(rows(record_url, "SELECT state FROM attempts")) == [("complete",), ("unknown",), ("unknown",)]
    assert rows(record_url, "SELECT * FROM recorders") == []


async def test_a_process_that_lives_keeps_its_work(record_url):
    with child(CHILD, record_url) as process:
        run_id = (await asyncio.to_thread(process.stdout.readline)).strip()
        recorder = await Recorder.open(record_url)
        states = [completion.state for completion in recorder.load_run(run_id).completions]
    await recorder.close()
    assert states == ["complete", "streaming", "sent", "queued"]


async def test_two_recorders_of_one_process_leave_each_other_alone(record_url):
    one, other = await Recorder.open(record_url), None
    run = a_run()
    await one.begin_run(run)
    attempt = await begin(one, run)
    other = await Recorder.open(record_url)
    assert other.load_run(run.id).completions[0].state == "sent"
    await one.finish(attempt, FULL)
    assert other.load_run(run.id).completions[0].completion == FULL
    await one.close()
    await other.close()


async def test_a_result_replaces_unknown_when_its_owner_was_only_asleep(record_url):
    sleeper = await Recorder.open(record_url)
    run = a_run()
    await sleeper.begin_run(run)
    attempt = await begin(sleeper, run)
    with sleeper._writer._engine.begin() as connection:
        connection.execute(recorders.update().values(host="elsewhere", seen_at=NOW - timedelta(days=1)))
    leases._ours.clear()  # another process would not know the sleeper
    other = await Recorder.open(record_url)
    assert other.load_run(run.id).completions[0].state == "unknown"
    await sleeper.finish(attempt, FULL)
    assert other.load_run(run.id).completions[0].completion == FULL
    await sleeper.close()
    await other.close()


async def test_a_late_result_does_not_replace_that_of_a_later_attempt(record_url):
    recorder = await Recorder.open(record_url)
    run = a_run()
    await recorder.begin_run(run)
    late = await begin(recorder, run)
    with recorder._writer._engine.begin() as connection:
        leases.leave(connection, recorder._me)
    second = await begin(recorder, run, number=2)
    await recorder.finish(second, replace(FULL, text="second"))
    await recorder.finish(late, replace(FULL, text="first"))
    stored = recorder.load_run(run.id).completions[0]
    await recorder.close()
    assert (stored.completion.text, [old.text for old in stored.earlier]) == ("second", ["first"])


async def test_closing_saves_the_text_and_marks_what_is_open(record_url):
    recorder = await Recorder.open(record_url)
    run = a_run(targets=2)
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    await until(lambda: recorder._arrivals._next_flush > 0)
    recorder.note_text(attempt, "the last words")
    await recorder.close()
    again = await Recorder.open(record_url)
    first, second = again.load_run(run.id).completions
    await again.close()
    assert (first.state, first.text, second.state) == ("unknown", "the last words", "cancelled")


async def test_nothing_may_be_sent_while_the_record_is_locked(impatient, url, path):
    recorder = await Recorder.open(url, patience_s=0.2)
    run = a_run()
    await recorder.begin_run(run)
    with locked(path):
        with pytest.raises(RecordError, match=f"{path} is locked by another program"):
            await begin(recorder, run)
        with pytest.raises(RecordError, match="is locked"):
            await recorder.begin_run(a_run())
        assert "is locked" in recorder.problem
    await begin(recorder, run)
    assert recorder.problem is None
    await recorder.close()


async def test_a_short_lock_is_waited_for(impatient, url, path):
    recorder = await Recorder.open(url)
    run = a_run()
    with locked(path):
        begun = asyncio.create_task(recorder.begin_run(run))
        await until(lambda: recorder.problem)
        assert not begun.done()
    await begun
    assert recorder.load_run(run.id)
    await recorder.close()


async def test_a_paid_answer_outlives_a_locked_record(impatient, url, path):
    recorder = await Recorder.open(url)
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    with locked(path):
        await recorder.finish(attempt, FULL)  # returns: the column on screen goes on
        assert "1 finished answer is kept in memory" in recorder.problem
        assert recorder.load_run(run.id).completions[0].state == "sent"
    await until(lambda: recorder.problem is None)
    assert recorder.load_run(run.id).completions[0].completion == FULL
    await recorder.close()


async def test_closing_waits_for_the_answers_it_keeps(impatient, url, path):
    recorder = await Recorder.open(url)
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    with locked(path):
        await recorder.finish(attempt, FULL)
        closing_down = asyncio.create_task(recorder.close())
        await asyncio.sleep(0)
    await closing_down
    again = await Recorder.open(url)
    assert again.load_run(run.id).completions[0].completion == FULL
    await again.close()


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


async def test_closing_does_not_wait_for_a_database_that_does_not_answer(monkeypatch, url, path):
    monkeypatch.setattr("prompts.record.recorder.CLOSE_S", 0.1)
    recorder = await Recorder.open(url)
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    silent, asked, answered = threading.Event(), threading.Event(), threading.Event()

    def no_answer(*_):
        asked.set()
        silent.wait(PATIENCE_S)
        answered.set()

    event.listen(recorder._writer._engine, "begin", no_answer)
    finished = asyncio.create_task(recorder.finish(attempt, FULL))
    await until(asked.is_set)
    await recorder.close()
    assert not answered.is_set()
    (file,) = path.parent.glob("*.jsonl")
    silent.set()  # and then it does answer: what is there twice is taken once
    await finished
    again = await Recorder.open(url)
    assert again.load_run(run.id).completions[0].completion == FULL
    assert not file.exists()
    await again.close()


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


async def test_a_full_disk_stops_sending_and_keeps_the_answer(url):
    recorder = await Recorder.open(url)
    run = a_run(targets=2)
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    writer = recorder._writer._engine
    with writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    await recorder.finish(attempt, replace(FULL, text="long " * 100_000))
    assert "The disk is full" in recorder.problem
    with pytest.raises(RecordError, match="The disk is full"):
        await recorder.begin_run(a_run("long " * 100_000))
    with writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    await until(lambda: recorder.problem is None)
    assert recorder.load_run(run.id).completions[0].text == "long " * 100_000
    await recorder.close()


@contextmanager
def losing_the_word(recorder):
    """The next transaction is committed, but the connection breaks before the database can say so."""

    def lose(connection):
        event.remove(recorder._writer._engine, "commit", lose)
        connection.connection.driver_connection.commit()
        raise sa.exc.OperationalError("COMMIT", {}, OSError("server closed the connection unexpectedly"))

    event.listen(recorder._writer._engine, "commit", lose)
    yield


async def test_a_result_whose_writing_was_not_confirmed_is_there_once(record_url):
    recorder = await Recorder.open(record_url)
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    with losing_the_word(recorder):
        await recorder.finish(attempt, FULL)
    await until(lambda: recorder.problem is None)
    assert recorder.load_run(run.id).completions[0].completion == FULL
    await recorder.close()


async def test_an_intent_whose_writing_was_not_confirmed_is_given_up_and_can_be_had_again(record_url):
    recorder = await Recorder.open(record_url)
    run = a_run()
    await recorder.begin_run(run)
    with losing_the_word(recorder), pytest.raises(RecordError, match="closed the connection"):
        await begin(recorder, run)
    await until(lambda: recorder.load_run(run.id).completions[0].state == "cancelled")
    await recorder.finish(await begin(recorder, run, number=2), FULL)
    stored = recorder.load_run(run.id).completions[0]
    await recorder.close()
    assert (stored.state, stored.text, [old.state for old in stored.earlier]) == ("complete", FULL.text, ["cancelled"])


BUSY_CHILD = """
import asyncio, sys
from prompts.record.recorder import Recorder
from tests.prompts.samples import ENDPOINT, FULL, TARGET, a_run

async def main():
    recorder = await Recorder.open(sys.argv[1])
    async def ask():
        run = a_run()
        await recorder.begin_run(run)
        attempt = await recorder.begin_attempt(run.answers[0].id, 1, endpoint=ENDPOINT, target=TARGET)
        await recorder.finish(attempt, FULL)
    for _ in range(10):
        await asyncio.gather(*(ask() for _ in range(10)))
        assert recorder.problem is None, recorder.problem
    await recorder.close()

asyncio.run(main())
"""


async def test_three_processes_make_and_write_one_record_at_once(bare_url):
    with ExitStack() as stack:
        processes = [stack.enter_context(child(BUSY_CHILD, bare_url)) for _ in range(3)]
        codes = [await asyncio.to_thread(process.wait, PATIENCE_S) for process in processes]
    assert codes == [0, 0, 0]
    assert rows(bare_url, "SELECT state, count(*) FROM completions GROUP BY state") == [("complete", 300)]
    assert is_whole(bare_url)


async def test_a_closed_record_refuses(record_url):
    recorder = await Recorder.open(record_url)
    await recorder.close()
    with pytest.raises(RecordError, match="closed"):
        await recorder.begin_run(a_run())


def test_kills_at_random_moments_corrupt_nothing_and_send_nothing_twice() -> None:
    """What was sent within the last second may be missing: how long that is, `tests/benchmarks/kills.py` measures."""
    with leaks.lasting():  # the process that forks the others belongs to `multiprocessing`
        counts = kill(2, a_file=1, at_once=2)
    assert counts["asked"] > 0
    assert {name: counts[name] for name in LOSSES if counts[name] and name not in TIMED} == {}
