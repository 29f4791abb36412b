"""What is said of a run is written first and shown then, and can be taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.feedback.store import Saying
from prompts.core.feedback import Mark, MarkError
from prompts.core.run import Run
from prompts.history.archive import Archive
from prompts.record.recorder import Recorder
from providers.pictures import Picture
from tests.prompts.samples import FULL, a_run, begin


@pytest.fixture
async def recorder(tmp_path: Path) -> AsyncIterator[Recorder]:
    recorder = await Recorder.open(f"sqlite:///{tmp_path / 'collate.db'}")
    yield recorder
    await recorder.close()


@pytest.fixture
async def says(recorder: Recorder) -> Saying:
    run = a_run(targets=2)
    await recorder.begin_run(run)
    for answer in range(2):
        await recorder.finish(await begin(recorder, run, answer), FULL)
    return Saying(Archive(recorder.database), run, "ana")


def shown(run: Run) -> list[tuple[list[Mark], tuple[str, ...]]]:
    return [([replace(mark, changed_at=None) for mark in answer.marks], answer.tags) for answer in run.answers]


def best(mark: Mark) -> Mark:
    return replace(mark, best=True)


async def test_what_is_said_is_shown_on_every_answer_that_it_touches(says: Saying) -> None:
    first, second = says.run.answers
    says.say(first, best)
    says.say(second, best)
    assert shown(says.run) == [([], ()), ([Mark("ana", best=True)], ())]


async def test_a_change_begins_from_what_the_record_has_and_not_from_what_is_shown(says: Saying) -> None:
    answer = says.run.answers[0]
    says.archive.mark(answer.id, Mark("ana", stars=4))  # from another tab
    says.say(answer, lambda mark: replace(mark, note="fine"))
    assert shown(says.run)[0] == ([Mark("ana", stars=4, note="fine")], ())


async def test_what_is_refused_is_neither_written_nor_shown(says: Saying) -> None:
    answer = says.run.answers[0]
    says.put_tags(answer, ["poem"])
    with pytest.raises(MarkError):
        says.say(answer, lambda mark: replace(mark, stars=6))
    with pytest.raises(MarkError):
        says.put_tags(answer, ["new", "x" * 100])
    assert shown(says.run)[0] == ([], ("poem",))
    assert says.archive.known_tags() == ("poem",)


async def test_only_tags_that_differ_are_touched(says: Saying) -> None:
    answer = says.run.answers[0]
    says.put_tags(answer, ["poem", "short"])
    says.archive.tag([answer.id], ["of bo"], "bo")  # not shown here yet
    says.put_tags(answer, ["POEM", "long"])
    assert says.current(answer).tags == ("long", "of bo", "poem")


async def test_a_tag_typed_again_in_capitals_stays(says: Saying) -> None:
    answer = says.run.answers[0]
    says.put_tags(answer, ["Poem"])
    says.put_tags(answer, ["poem"])
    assert says.current(answer).tags == ("Poem",)


async def test_everything_is_taken_back_but_what_others_say(says: Saying) -> None:
    first, second = says.run.answers
    says.say(first, lambda mark: replace(mark, best=True, stars=2))
    says.put_tags(first, ["poem"])
    before, then = says.now(), says.current(first).marks[0].changed_at
    says.say(second, best)
    says.say(first, lambda mark: replace(mark, note="x", stars=None))
    says.put_tags(first, [])
    says.archive.mark(second.id, Mark("bo", 1))
    says.restore(before)
    assert shown(says.run) == [([Mark("ana", best=True, stars=2)], ("poem",)), ([Mark("bo", 1)], ())]
    assert says.current(first).marks[0].changed_at == then


async def test_what_is_to_be_seen_in_a_picture_is_shown_once_it_is_written(recorder: Recorder) -> None:
    drawn = Picture("a" * 64, "image/png", 8, 8, "image/png", 9)
    run = a_run(targets=1)
    await recorder.begin_run(run)
    outcome = replace(FULL, pictures=(drawn,))
    await recorder.finish(await begin(recorder, run, 0), outcome)
    run.live[0].finish(outcome)
    run.live[0].change(pictures=(drawn,))
    says = Saying(Archive(recorder.database), run, "ana")
    says.describe(run.answers[0], drawn, "A red cat")
    (answer,) = run.answers
    told = (replace(drawn, described="A red cat", described_by="ana"),)
    assert answer.pictures == told
    assert answer.completion is not None
    assert answer.completion.pictures == told
