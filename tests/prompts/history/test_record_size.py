"""How much is on record."""

from dataclasses import replace
from datetime import timedelta

from prompts.history.archive import Archive
from tests.prompts.samples import NOW, a_run


async def test_an_empty_record_has_a_size_and_no_oldest_run(recorder):
    there = Archive(recorder.database).extent()
    assert (there.runs, there.oldest) == (0, None)
    assert 4096 < there.size_bytes < 10**9


async def test_runs_are_counted_and_the_oldest_is_known(recorder):
    for days in (1, 3, 2):
        run = replace(a_run(), created_at=NOW - timedelta(days=days))
        await recorder.begin_run(run)
    there = Archive(recorder.database).extent()
    assert (there.runs, there.oldest) == (3, NOW - timedelta(days=3))
    assert Archive(recorder.database).older(NOW - timedelta(days=2)) == 1  # made before then, not at that moment
    assert Archive(recorder.database).holds(run.id)
    assert not Archive(recorder.database).holds("no-such-run")
