"""What is older than the rule says goes by itself, and what went wrong is said."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from prompts.history.archive import Archive
from prompts.history.retention import Retention
from prompts.record import deletion
from prompts.record.database import RecordError
from prompts.record.recorder import Recorder
from providers.measuring.measure import utc_now
from tests.patience import PATIENCE_S, until
from tests.prompts.samples import a_run


async def add(recorder: Recorder, days: int) -> str:
    run = replace(a_run(f"{days} days old"), created_at=utc_now() - timedelta(days=days, minutes=1))
    await recorder.begin_run(run)
    await recorder.withdraw(run.answers[0].id)
    return run.id


async def test_it_looks_at_once_and_says_what_it_did(recorder):
    old, young = await add(recorder, 30), await add(recorder, 29)
    retention = Retention(Archive(recorder.database), 30)
    assert retention.last is None
    task = asyncio.create_task(retention.keep_tidy())
    await until(lambda: retention.last)
    task.cancel()
    assert retention.last.deleted.runs == 1
    assert retention.last.problem is None
    assert not Archive(recorder.database).holds(old)
    assert Archive(recorder.database).holds(young)


async def test_it_looks_again(recorder, monkeypatch):
    monkeypatch.setattr("prompts.history.retention.DAY_S", 0.0)
    retention = Retention(Archive(recorder.database), 30)
    task = asyncio.create_task(retention.keep_tidy())
    await until(lambda: retention.last)
    old = await add(recorder, 30)
    await until(lambda: not Archive(recorder.database).holds(old))
    monkeypatch.setattr("prompts.history.retention.DAY_S", PATIENCE_S)
    seen = retention.last
    await until(lambda: retention.last is not seen)  # from here on it waits: no thread of its is in the record
    task.cancel()
    assert retention.last.problem is None


async def test_why_it_could_not_is_kept_and_it_goes_on(recorder, monkeypatch):
    def away(*_: object) -> deletion.Deleted:
        raise RecordError("The record is away.")

    archive = Archive(recorder.database)
    monkeypatch.setattr(archive, "delete_older", away)
    retention = Retention(archive, 30)
    task = asyncio.create_task(retention.keep_tidy())
    await until(lambda: retention.last)
    assert (retention.last.deleted, retention.last.problem) == (None, "The record is away.")
    assert not task.done()
    task.cancel()


async def test_a_stop_ends_it_after_its_present_step(recorder, monkeypatch):
    monkeypatch.setattr(deletion, "STEP", 1)
    for _ in range(3):
        await add(recorder, 30)
    retention = Retention(Archive(recorder.database), 30)
    retention.stop()
    task = asyncio.create_task(retention.keep_tidy())
    await until(lambda: retention.last)
    task.cancel()
    assert "it continues at the next start" in retention.last.problem
    assert Archive(recorder.database).extent().runs == 2
