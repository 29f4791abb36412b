"""A run from the record is read like one that is live."""

from dataclasses import replace

from prompts.core.conversation import follow_up
from prompts.core.run import Run
from prompts.record.recorder import Recorder
from prompts.record.restore import from_record
from providers.interface import Attachment, Settings
from tests.prompts.samples import FAILED, FULL, TARGET, a_run, begin, rows
from tests.runs import as_run, end, started


def replayed(recorder: Recorder, run: Run) -> Run:
    stored = recorder.load_run(run.id)
    assert stored is not None
    return from_record(stored)


async def test_a_finished_run_is_as_it_was(recorder: Recorder) -> None:
    run = a_run("Why?", targets=2, repeats=2)
    await recorder.begin_run(run)
    for number, live in enumerate(run.live):
        await recorder.finish(await begin(recorder, run, number), FULL)
        end(live, FULL, FULL.text)
    again = replayed(recorder, run)
    assert (again.id, again.prompt, again.created_at, again.source) == (run.id, "Why?", run.created_at, "page")
    assert again.settings == Settings(system="Be brief.")
    assert again.finished
    assert [(a.id, a.target, a.position, a.column, a.repeat) for a in again.answers] == [
        (b.id, b.target, b.position, b.column, b.repeat) for b in run.answers
    ]
    assert [answer.completion for answer in again.answers] == [FULL] * 4
    assert {
        ("".join(answer.text_parts), "".join(answer.thinking_parts), answer.attempt) for answer in again.answers
    } == {(FULL.text, FULL.thinking, 1)}
    assert again.answers[0].adjustments == FULL.adjustments
    assert again.request(again.cells[0]) == run.request(run.cells[0])


async def test_a_retried_answer_knows_its_attempt(recorder: Recorder) -> None:
    run = a_run()
    await recorder.begin_run(run)
    await recorder.finish(await begin(recorder, run), FAILED)
    await recorder.finish(await begin(recorder, run, number=2), FULL)
    (answer,) = replayed(recorder, run).answers
    assert (answer.attempt, answer.state) == (2, "complete")


async def test_an_answer_that_another_process_still_asks_says_so(recorder: Recorder) -> None:
    run = a_run()
    await recorder.begin_run(run)
    (answer,) = replayed(recorder, run).answers
    assert (answer.state, answer.completion) == ("waiting", None)
    assert answer.note is not None
    assert "Another Collate is asking" in answer.note


async def test_a_withdrawn_answer_is_stopped(recorder: Recorder) -> None:
    run = a_run()
    await recorder.begin_run(run)
    await recorder.withdraw(run.answers[0].id)
    (answer,) = replayed(recorder, run).answers
    assert (answer.state, answer.live) == ("cancelled", False)


async def test_a_turn_of_a_conversation_comes_back_with_history_link_and_files(recorder: Recorder) -> None:
    file = Attachment("a.png", "image/png", b"\x89PNG\x00")
    first = started("Why?", [TARGET], attachments=(file, file))
    end(first.live[0], FULL, "Because.")
    second = as_run(follow_up(first, "And then?"))
    await recorder.begin_run(first)
    await recorder.begin_run(second)
    for run in (first, second):
        again = replayed(recorder, run)
        assert again.request(again.cells[0]) == run.request(run.cells[0])
        assert (again.link, again.attachments) == (run.link, run.attachments)
        assert again.answers[0].follows == run.answers[0].follows


async def test_an_attached_file_is_stored_once(recorder: Recorder, record_url: str) -> None:
    file = Attachment("a.png", "image/png", b"\x89PNG\x00")
    for name in ("one", "two"):
        await recorder.begin_run(started(name, [TARGET], attachments=(file, replace(file, name=name))))
    assert rows(record_url, "SELECT count(*) FROM attachments") == [(1,)]


async def test_what_earlier_attempts_cost_is_not_forgotten(recorder: Recorder) -> None:
    run = a_run()
    await recorder.begin_run(run)
    await recorder.finish(await begin(recorder, run, number=1), FULL)
    await recorder.finish(await begin(recorder, run, number=2), FULL)
    assert replayed(recorder, run).answers[0].costs == (FULL.cost, FULL.cost)
