"""A record that is locked, full, or does not confirm what it wrote: nothing paid for is lost."""

import asyncio
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from prompts.record.recorder import Recorder, RecordError
from tests.patience import PATIENCE_S, until
from tests.prompts.record.trouble import locked
from tests.prompts.samples import FULL, a_run, begin


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
    connections = recorder.database.pool
    await recorder.close()
    assert not answered.is_set()
    (file,) = path.parent.glob("*.jsonl")
    silent.set()  # and then it does answer: what is there twice is taken once
    await finished
    again = await Recorder.open(url)
    assert again.load_run(run.id).completions[0].completion == FULL
    assert not file.exists()
    await again.close()
    # `close` gave up waiting for this thread, so it closes its connection itself, some time after its result is told.
    await asyncio.to_thread(recorder._writer._thread.join, PATIENCE_S)
    assert connections.checkedin() == 0


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
