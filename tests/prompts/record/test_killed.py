"""A record whose processes are killed, end, or write side by side."""

import asyncio
import signal
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from prompts.record import leases
from prompts.record.recorder import Recorder, RecordError
from prompts.record.schema import recorders
from tests import leaks
from tests.benchmarks.kills import LOSSES, TIMED, kill
from tests.patience import PATIENCE_S, until
from tests.prompts.record.trouble import child
from tests.prompts.samples import FULL, NOW, a_run, begin, rows

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


def is_whole(url):
    """SQLite looks; PostgreSQL has no such question, and its files are nobody's to break off writing."""
    return not url.startswith("sqlite") or rows(url, "PRAGMA integrity_check") == [("ok",)]


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


async def test_a_closed_record_refuses(record_url):
    recorder = await Recorder.open(record_url)
    await recorder.close()
    with pytest.raises(RecordError, match="closed"):
        await recorder.begin_run(a_run())


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


def test_kills_at_random_moments_corrupt_nothing_and_send_nothing_twice() -> None:
    """What was sent within the last second may be missing: how long that is, `tests/benchmarks/kills.py` measures."""
    with leaks.lasting():  # the process that forks the others belongs to `multiprocessing`
        counts = kill(2, a_file=1, at_once=2)
    assert counts["asked"] > 0
    assert {name: counts[name] for name in LOSSES if counts[name] and name not in TIMED} == {}
