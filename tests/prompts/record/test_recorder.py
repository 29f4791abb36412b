"""The record while all goes well: intent before bytes, text while it comes, the result once."""

import asyncio
import time
from dataclasses import replace

import pytest

from prompts.core.targets import Target
from prompts.record.recorder import Recorder, RecordError
from prompts.record.text_buffer import FLUSH_S, Arrivals
from prompts.record.write_queue import Job
from providers.completion import Attempt
from providers.interface import Message, Settings
from tests.patience import until
from tests.prompts.samples import (
    BARE,
    CANCELLED,
    ENDPOINT,
    FAILED,
    FULL,
    NOW,
    PARTLY_PRICED,
    SETTINGS,
    TARGET,
    a_run,
    begin,
    rows,
)  # fmt: skip
from tests.runs import with_cell


@pytest.mark.parametrize(
    "completion", [FULL, BARE, FAILED, CANCELLED, PARTLY_PRICED],
    ids=["full", "bare", "failed", "cancelled", "partly priced"],
)  # fmt: skip
async def test_a_completion_comes_back_as_it_was(recorder, completion):
    run = a_run()
    await recorder.begin_run(run)
    target = Target(completion.provider, completion.model, SETTINGS)
    attempt = await recorder.begin_attempt(run.answers[0].id, 1, endpoint=completion.endpoint, target=target)
    await recorder.finish(attempt, replace(completion, provider=TARGET.provider))
    (stored,) = recorder.load_run(run.id).completions
    assert stored.completion == replace(completion, provider=TARGET.provider)
    assert (stored.state, stored.text, stored.settings) == (completion.state, completion.text, SETTINGS)


async def test_a_run_comes_back_as_it_was(recorder):
    run = a_run("Why?", targets=2, repeats=2)
    await recorder.begin_run(run)
    stored = recorder.load_run(run.id)
    assert (stored.id, stored.created_at, stored.source, stored.prompt) == (run.id, run.created_at, "page", "Why?")
    assert (stored.messages, stored.settings) == ((Message("user", "Why?"),), Settings(system="Be brief."))
    assert [(c.position, c.cell, c.repeat) for c in stored.completions] == [(0, 0, 0), (1, 1, 0), (2, 0, 1), (3, 1, 1)]
    assert {(c.state, c.completion) for c in stored.completions} == {("queued", None)}


async def test_recent_runs_come_newest_first_and_no_more_than_asked(recorder):
    runs = [a_run(f"question {n}", targets=2) for n in range(3)]
    for run in runs:
        await recorder.begin_run(run)
    found = recorder.recent_runs(2)
    assert [(line.id, line.prompt) for line in found] == [(run.id, run.prompt) for run in (runs[2], runs[1])]
    assert found[0].targets == ("openai:gpt-4o", "openai:gpt-4o")


@pytest.mark.parametrize("run_id", ["no such run", "", "x" * 10_000, "a\x00b", "\ud800"])
async def test_a_run_that_is_not_on_record_is_none(recorder, run_id):
    assert recorder.load_run(run_id) is None
    assert recorder.recent_runs() == ()


async def test_the_intent_is_on_disk_before_anything_may_be_sent(recorder, record_url):
    run = a_run()
    await recorder.begin_run(run)
    assert rows(record_url, "SELECT id, prompt FROM runs") == [(run.id, "What is it?")]
    attempt = await begin(recorder, run)
    joined = "FROM attempts a JOIN completions c ON c.id = a.completion_id"
    assert rows(record_url, f"SELECT a.id, a.number, a.endpoint, a.model, a.state, c.state {joined}") == [
        (attempt, 1, ENDPOINT, "gpt-4o", "sent", "sent")
    ]


async def test_text_is_on_disk_within_a_second_of_arriving(recorder, record_url):
    assert FLUSH_S < 1.0  # what the writing itself may take is the machine's affair
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    expected = ""
    for delta in ("Once ", "upon a time"):
        recorder.note_text(attempt, delta)
        expected += delta
        await until(
            lambda text=expected: rows(record_url, "SELECT text, state FROM completions") == [(text, "streaming")]
        )
    recorder.note_text(attempt, "hm", "thinking")
    await until(lambda: rows(record_url, "SELECT text, thinking FROM completions") == [(expected, "hm")])
    stored = recorder.load_run(run.id).completions[0]
    assert (stored.state, stored.text, stored.thinking, stored.completion) == ("streaming", expected, "hm", None)


async def test_text_that_turns_out_to_be_thinking_is_on_disk_as_such(recorder, record_url):
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    recorder.note_text(attempt, "hm ")
    await until(lambda: rows(record_url, "SELECT text FROM completions") == [("hm ",)])
    recorder.note_text(attempt, "so")
    recorder.note_move(attempt)
    recorder.note_text(attempt, "yes")
    await until(lambda: rows(record_url, "SELECT text, thinking FROM completions") == [("yes", "hm so")])
    stored = recorder.load_run(run.id).completions[0]
    assert (stored.text, stored.thinking) == ("yes", "hm so")


async def test_a_delta_costs_about_a_microsecond(recorder):
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    began = time.thread_time()
    for _ in range(20_000):
        recorder.note_text(attempt, "word ")
    assert (time.thread_time() - began) / 20_000 < 10e-6


@pytest.mark.parametrize(("outcome", "again"), [(None, False), (RecordError("locked"), True)])
def test_text_is_saved_once_but_again_if_that_failed(outcome, again):
    arrivals = Arrivals("me")
    arrivals.open("attempt", "completion")
    arrivals.add("attempt", "word", "text")
    arrivals.job().settle(outcome)
    arrivals.hurry()
    assert (arrivals.job() is not None) is again


def test_what_was_handed_to_the_writer_cannot_be_called_back():
    assert Job(lambda _: None).future.cancel() is False


def test_no_piece_is_lost_between_two_threads():
    """The loop appends while the writer takes: what comes in between belongs to the next save."""
    arrivals = Arrivals("me")
    arrivals.open("attempt", "completion")
    arriving = arrivals._open["attempt"]
    for n in range(1000):
        arrivals.add("attempt", f"{n} ", "text")
        if n % 7 == 0:
            arriving.gather()
    arriving.gather()
    assert arriving.text == "".join(f"{n} " for n in range(1000))


async def test_finishing_twice_changes_nothing(recorder, record_url):
    run = a_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    await recorder.finish(attempt, FULL)
    everything = "SELECT * FROM attempts JOIN completions ON completions.id = attempts.completion_id"
    before = rows(record_url, everything)
    await recorder.finish(attempt, FULL)
    await recorder.finish(attempt, FAILED)
    assert rows(record_url, everything) == before


async def test_a_later_attempt_takes_over_and_the_earlier_keeps_its_own(recorder):
    run = a_run()
    await recorder.begin_run(run)
    first = replace(FAILED, text="Onc", cost=FULL.cost, usage=FULL.usage)
    await recorder.finish(await begin(recorder, run), first)
    second = await begin(recorder, run, number=2)
    waiting = recorder.load_run(run.id).completions[0]
    assert (waiting.state, waiting.text, waiting.completion, waiting.earlier) == ("sent", "", None, (first,))
    given = replace(FULL, attempts=(Attempt(2, NOW, 200, "req-2", 1.5),))
    await recorder.finish(second, given)
    stored = recorder.load_run(run.id).completions[0]
    assert stored.completion == replace(given, attempts=(*first.attempts, *given.attempts))
    assert stored.earlier == (first,)


async def test_the_settings_of_each_attempt_are_kept(recorder, record_url):
    run = a_run()
    await recorder.begin_run(run)
    await recorder.finish(await begin(recorder, run), FAILED)
    without = TARGET.with_settings(Settings())
    await recorder.begin_attempt(run.answers[0].id, 2, endpoint=ENDPOINT, target=without)
    assert recorder.load_run(run.id).completions[0].settings == Settings()
    ((first,),) = rows(record_url, "SELECT settings ->> 'temperature' FROM attempts WHERE number = 1")
    assert float(first) == 0.5


async def test_an_answer_is_never_asked_for_twice_at_once(recorder):
    run = a_run()
    await recorder.begin_run(run)
    await begin(recorder, run)
    with pytest.raises(RecordError, match="already being asked"):
        await begin(recorder, run, number=2)


async def test_an_attempt_of_nothing_on_record_is_refused(recorder):
    with pytest.raises(RecordError, match="not on record"):
        await begin(recorder, a_run())
    assert recorder.problem is None


async def test_one_refused_attempt_does_not_hold_up_the_others(recorder):
    run = a_run(targets=3)
    await recorder.begin_run(run)
    await recorder.finish(await begin(recorder, run), FULL)
    # Number 1 exists already: the database refuses it, in one transaction with two good ones.
    results = await asyncio.gather(*(begin(recorder, run, answer) for answer in range(3)), return_exceptions=True)
    assert [isinstance(result, RecordError) for result in results] == [True, False, False]


async def test_an_attempt_cancelled_before_it_was_sent_is_on_record_as_cancelled(recorder):
    run = a_run()
    await recorder.begin_run(run)
    task = asyncio.create_task(begin(recorder, run))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: recorder.load_run(run.id).completions[0].state == "cancelled")
    assert recorder.load_run(run.id).completions[0].completion.text == ""


async def test_a_result_is_written_even_if_nobody_waits_for_it(recorder):
    run = a_run()
    await recorder.begin_run(run)
    task = asyncio.create_task(recorder.finish(await begin(recorder, run), FULL))
    await asyncio.sleep(0)
    task.cancel()
    await until(lambda: recorder.load_run(run.id).completions[0].completion is not None)
    assert recorder.load_run(run.id).completions[0].completion == FULL


async def test_a_withdrawn_completion_is_cancelled_and_was_never_sent(recorder):
    run = a_run()
    await recorder.begin_run(run)
    await recorder.withdraw(run.answers[0].id)
    stored = recorder.load_run(run.id).completions[0]
    assert (stored.state, stored.completion) == ("cancelled", None)


ODD = "🦊 नमस्ते \x00 \ud800 مرحبا \x1b[31m"
MENDED = "🦊 नमस्ते \ufffd \ufffd مرحبا \x1b[31m"


async def test_no_character_anywhere_keeps_a_run_or_an_answer_off_the_record(recorder):
    run = replace(a_run(ODD), settings=Settings(system=ODD, stop=(ODD,)))
    run = with_cell(run, 0, target=Target("openai", ODD, Settings(system=ODD)))
    await recorder.begin_run(run)
    attempt = await recorder.begin_attempt(run.answers[0].id, 1, endpoint=ODD, target=run.answers[0].target)
    odd = {"text": ODD, "response_id": ODD, "stop_reason": ODD, "endpoint": ODD, "raw_usage": {ODD: [ODD]}}
    await recorder.finish(attempt, replace(FULL, **odd))
    stored = recorder.load_run(run.id)
    assert (stored.prompt, stored.messages[0].text) == (MENDED, MENDED)
    assert stored.settings == Settings(system=MENDED, stop=(MENDED,))
    done = stored.completions[0].completion
    assert (done.model, done.text, done.response_id, done.endpoint) == (MENDED,) * 4
    assert done.raw_usage == {MENDED: [MENDED]}


async def test_five_hundred_completions_at_once_are_all_kept(recorder, record_url):
    run = a_run(targets=500)
    await recorder.begin_run(run)

    async def ask(answer):
        await recorder.finish(await begin(recorder, run, answer), replace(FULL, text=f"answer {answer}"))

    await asyncio.gather(*(ask(answer) for answer in range(500)))
    stored = recorder.load_run(run.id).completions
    assert [c.completion.text for c in stored] == [f"answer {n}" for n in range(500)]
    assert rows(record_url, "SELECT count(*) FROM completions WHERE recorder_id IS NOT NULL") == [(0,)]


async def test_only_what_is_followed_by_an_intent_may_wait_for_the_disk(tmp_path):
    recorder = await Recorder.open(f"sqlite:///{tmp_path / 'collate.db'}")
    seen: list[int] = []
    for hasty in (True, False):
        look = Job(lambda c: seen.append(c.exec_driver_sql("PRAGMA synchronous").scalar()), hasty=hasty)
        await asyncio.wrap_future(recorder._writer.submit(look))
    await recorder.close()
    assert seen == [1, 2]  # NORMAL, FULL
