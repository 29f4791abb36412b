"""A run from the record is read like one that is live."""

from pathlib import Path

import pytest

from prompts.record import Recorder
from prompts.replay import from_record
from prompts.run import Run
from providers.interface import Settings
from tests.prompts.samples import FAILED, FULL, a_run, begin


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
