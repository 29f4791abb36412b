"""Runs put under a name of people's own, and taken back."""

from __future__ import annotations

import pytest

from prompts.history.archive import Archive
from prompts.history.collections import LONGEST_NAME
from prompts.record.recorder import Recorder
from tests.prompts.samples import a_run


async def recorded(recorder: Recorder, runs: int) -> list[str]:
    made = [a_run(f"question {n}", targets=2) for n in range(runs)]
    for run in made:
        await recorder.begin_run(run)
    return [run.id for run in made]


async def test_an_experiment_is_made_once_for_its_name(recorder: Recorder) -> None:
    archive = Archive(recorder.database)
    first = archive.experiment("Spring  check\n", "ada@example.com")
    assert archive.experiment(" Spring check") == first
    assert archive.experiment("spring check") != first


@pytest.mark.parametrize("name", ["", " \n\t", "\x00\x1b", "\u200b", "x" * (LONGEST_NAME + 1)])
async def test_a_name_that_nobody_could_read_is_refused(recorder: Recorder, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        Archive(recorder.database).experiment(name)


async def test_a_name_of_odd_characters_is_kept(recorder: Recorder) -> None:
    odd = Archive(recorder.database).experiment("👩‍💻 \ud800 '; DROP TABLE runs")
    assert Archive(recorder.database).experiment("👩‍💻 \ufffd '; DROP TABLE runs") == odd


async def test_putting_runs_under_an_experiment_says_where_they_were(recorder: Recorder) -> None:
    archive, (one, two, three) = Archive(recorder.database), await recorded(recorder, 3)
    spring, autumn = archive.experiment("spring"), archive.experiment("autumn")
    assert archive.put_under([one, two], spring) == {one: None, two: None}
    assert archive.put_under([two, three, "not on record"], autumn) == {two: spring, three: None}
    assert archive.put_under([one, two, three], None) == {one: spring, two: autumn, three: autumn}
    assert archive.put_under([one], None) == {one: None}


async def test_a_collection_that_is_gone_takes_no_runs(recorder: Recorder) -> None:
    archive, (run_id,) = Archive(recorder.database), await recorded(recorder, 1)
    with pytest.raises(ValueError, match="deleted"):
        archive.put_under([run_id], "no such experiment")
    assert archive.put_under([run_id], None) == {run_id: None}


async def test_many_runs_go_in_one_order(recorder: Recorder) -> None:
    archive, ids = Archive(recorder.database), [f"{n:036}" for n in range(1200)]
    (run_id,) = await recorded(recorder, 1)
    assert archive.put_under([*ids, run_id], archive.experiment("all")) == {run_id: None}


async def test_the_answers_of_runs_are_those_of_all_their_targets(recorder: Recorder) -> None:
    runs = [a_run(targets=2), a_run(targets=3), a_run()]
    for run in runs:
        await recorder.begin_run(run)
    found = Archive(recorder.database).answers_of([run.id for run in runs[:2]])
    assert sorted(found) == sorted(answer.id for run in runs[:2] for answer in run.answers)
    assert Archive(recorder.database).answers_of([]) == ()
