"""A run from the record is read like one that is live."""

from dataclasses import replace
from pathlib import Path

import pytest

from prompts.core.conversation import follow_up
from prompts.core.run import Run, plan
from prompts.record.recorder import Recorder
from prompts.record.restore import from_record
from providers.interface import Attachment, Settings
from tests.prompts.samples import FAILED, FULL, TARGET, a_run, begin, rows


@pytest.fixture
async def recorder(tmp_path: Path):
    recorder = await Recorder.open(f"sqlite:///{tmp_path}/collate.db")
    yield recorder
    await recorder.close()


def replayed(recorder: Recorder, run: Run) -> Run:
    stored = recorder.load_run(run.id)
    assert stored is not None
    return from_record(stored)


async def test_a_finished_run_is_as_it_was(recorder: Recorder) -> None:
    run = a_run("Why?", targets=2, repeats=2)
    await recorder.begin_run(run)
    for number, lane in enumerate(run.lanes):
        await recorder.finish(await begin(recorder, run, number), FULL)
        lane.begin()
        lane.text_parts.append(FULL.text)
        lane.finish(FULL)
    again = replayed(recorder, run)
    assert (again.id, again.prompt, again.created_at, again.source) == (run.id, "Why?", run.created_at, "page")
    assert again.settings == Settings(system="Be brief.")
    assert again.finished
    assert [(a.id, a.target, a.position, a.column, a.repeat) for a in again.lanes] == [
        (b.id, b.target, b.position, b.column, b.repeat) for b in run.lanes
    ]
    assert [lane.completion for lane in again.lanes] == [FULL] * 4
    assert {("".join(lane.text_parts), "".join(lane.thinking_parts), lane.attempt) for lane in again.lanes} == {
        (FULL.text, FULL.thinking, 1)
    }
    assert again.lanes[0].adjustments == FULL.adjustments
    assert again.request(again.lanes[0]) == run.request(run.lanes[0])


async def test_a_retried_lane_knows_its_attempt(recorder: Recorder) -> None:
    run = a_run()
    await recorder.begin_run(run)
    await recorder.finish(await begin(recorder, run), FAILED)
    await recorder.finish(await begin(recorder, run, number=2), FULL)
    (lane,) = replayed(recorder, run).lanes
    assert (lane.attempt, lane.state) == (2, "complete")


async def test_a_lane_that_another_process_still_asks_says_so(recorder: Recorder) -> None:
    run = a_run()
    await recorder.begin_run(run)
    (lane,) = replayed(recorder, run).lanes
    assert (lane.state, lane.completion) == ("waiting", None)
    assert lane.note is not None
    assert "Another Collate is asking" in lane.note


async def test_a_withdrawn_lane_is_stopped(recorder: Recorder) -> None:
    run = a_run()
    await recorder.begin_run(run)
    await recorder.withdraw(run.lanes[0].id)
    (lane,) = replayed(recorder, run).lanes
    assert (lane.state, lane.live) == ("cancelled", False)


async def test_a_turn_of_a_conversation_comes_back_with_history_link_and_files(recorder: Recorder) -> None:
    file = Attachment("a.png", "image/png", b"\x89PNG\x00")
    first = plan("Why?", [TARGET], attachments=(file, file))
    first.lanes[0].begin()
    first.lanes[0].text_parts.append("Because.")
    first.lanes[0].finish(FULL)
    second = follow_up(first, "And then?")
    await recorder.begin_run(first)
    await recorder.begin_run(second)
    for run in (first, second):
        again = replayed(recorder, run)
        assert again.request(again.lanes[0]) == run.request(run.lanes[0])
        assert (again.link, again.attachments) == (run.link, run.attachments)
        assert again.lanes[0].follows == run.lanes[0].follows


async def test_an_attached_file_is_stored_once(recorder: Recorder, tmp_path: Path) -> None:
    file = Attachment("a.png", "image/png", b"\x89PNG\x00")
    for name in ("one", "two"):
        await recorder.begin_run(plan(name, [TARGET], attachments=(file, replace(file, name=name))))
    assert rows(tmp_path / "collate.db", "SELECT count(*) FROM attachments") == [(1,)]


async def test_what_earlier_attempts_cost_is_not_forgotten(recorder: Recorder) -> None:
    run = a_run()
    await recorder.begin_run(run)
    await recorder.finish(await begin(recorder, run, number=1), FULL)
    await recorder.finish(await begin(recorder, run, number=2), FULL)
    assert replayed(recorder, run).lanes[0].costs == (FULL.cost, FULL.cost)
