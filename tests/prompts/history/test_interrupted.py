"""Interrupted runs are found by whose they are, and no longer mentioned once left or finished."""

from collections.abc import AsyncIterator

import pytest

from prompts.core.run import Run
from prompts.history.archive import Archive
from prompts.history.interrupted import Interrupted
from prompts.record import leases
from prompts.record.recorder import Recorder
from tests.prompts.samples import FULL, a_run, begin


@pytest.fixture
async def died(record_url: str) -> AsyncIterator[tuple[Recorder, list[Run]]]:
    """The process after one that died with two runs unfinished, and these."""
    first = await Recorder.open(record_url)
    runs = [a_run("the first", targets=3), a_run("the second")]
    for run in runs:
        await first.begin_run(run)
    await first.finish(await begin(first, runs[0], 1), FULL)
    leases.discharge(first._me)
    second = await Recorder.open(record_url)
    yield second, runs
    await first.close()
    await second.close()


async def test_runs_that_lack_answers_are_found_with_how_many(died):
    recorder, (three, one) = died
    found = Archive(recorder.database).interrupted()
    assert sorted(found, key=lambda each: each.prompt) == [
        Interrupted(three.id, "the first", three.created_at, 2, 3),
        Interrupted(one.id, "the second", one.created_at, 1, 1),
    ]
    assert Archive(recorder.database).interrupted("somebody@else.example") == ()


async def test_a_run_that_is_left_or_finished_is_no_longer_among_them(died):
    recorder, (three, one) = died
    Archive(recorder.database).leave_interrupted(three.id)
    assert [each.run_id for each in Archive(recorder.database).interrupted()] == [one.id]
    await recorder.claim([one.answers[0].id])
    assert Archive(recorder.database).interrupted() == ()
