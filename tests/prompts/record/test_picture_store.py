"""Pictures on record: each content once, outside of the rows, and gone for good with the last run that has it."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
import sqlalchemy as sa

from prompts.history.archive import Archive
from prompts.record import picture_store, spool, writes
from prompts.record.recorder import Recorder, RecordError
from prompts.record.restore import from_record
from providers.interface import Settings
from providers.pictures import Picture, PictureSettings, Shown
from tests.pictures import moving, picture
from tests.prompts.samples import FULL, NOW, TARGET, a_run, begin
from tests.runs import with_cell

ONE, TWO = picture("PNG", (20, 10)), picture("PNG", (10, 20))


def known(data: bytes, **more: object) -> Picture:
    facts = {"seed": 7, "revised_prompt": "a \x00 cat", "metadata": {"parameters": "Steps: 20"}, **more}
    return Picture(sha256(data).hexdigest(), "image/png", 20, 10, "image/webp", 4711, **facts)  # type: ignore[arg-type]


def a_drawing_run(prompt: str = "a cat"):
    target = TARGET.with_settings(Settings(seed=7, picture=PictureSettings(1024, 512, "high", 20, 7.5, "dogs")))
    return with_cell(a_run(prompt), 0, target=target)


async def record(recorder: Recorder, *contents: bytes, prompt: str = "a cat"):
    run = a_drawing_run(prompt)
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    done = replace(FULL, text="", pictures=tuple(known(data) for data in contents))
    await recorder.finish(attempt, done, contents={sha256(data).hexdigest(): data for data in contents})
    return run


def files(recorder: Recorder) -> list[bytes]:
    """What lies in the folder beside the record."""
    at = picture_store.folder(recorder.database)
    return [each.read_bytes() for each in at.rglob("*") if each.is_file()]


async def test_a_picture_comes_back_with_all_that_is_known_of_it(recorder: Recorder) -> None:
    run = await record(recorder, ONE)
    stored = recorder.load_run(run.id)
    assert stored is not None
    (answer,) = stored.completions
    assert answer.completion is not None
    assert answer.completion.pictures == (known(ONE, revised_prompt="a \ufffd cat"),)
    assert answer.settings == run.cells[0].target.settings
    assert Archive(recorder.database).picture(sha256(ONE).hexdigest()) == ONE
    assert from_record(stored).answers[0].pictures == answer.completion.pictures


async def test_a_content_is_kept_once_and_outside_of_the_rows(recorder: Recorder) -> None:
    await record(recorder, ONE)
    await record(recorder, ONE, TWO)
    with recorder.database.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM pictures")) == 2
    if recorder.database.dialect.name == "sqlite":
        assert sorted(files(recorder)) == sorted([ONE, TWO])
        inside = picture_store.folder(recorder.database).with_name("collate.db").read_bytes()
        assert ONE[50:90] not in inside


async def test_a_picture_goes_for_good_with_the_last_run_that_has_it(recorder: Recorder) -> None:
    archive = Archive(recorder.database)
    first, second = await record(recorder, ONE, TWO), await record(recorder, ONE)
    assert archive.delete([first.id]).attachments == 1
    assert archive.picture(sha256(ONE).hexdigest()) == ONE
    assert archive.picture(sha256(TWO).hexdigest()) is None
    archive.delete([second.id])
    assert archive.picture(sha256(ONE).hexdigest()) is None
    assert files(recorder) == []


async def test_an_earlier_attempt_keeps_its_picture(recorder: Recorder) -> None:
    run = await record(recorder, ONE)
    again = await begin(recorder, run, number=2)
    done = replace(FULL, attempts=(replace(FULL.attempts[0], number=2),), pictures=(known(TWO),))
    await recorder.finish(again, done, contents={sha256(TWO).hexdigest(): TWO})
    other = await record(recorder, prompt="other")
    Archive(recorder.database).delete([other.id])
    assert Archive(recorder.database).picture(sha256(ONE).hexdigest()) == ONE
    stored = recorder.load_run(run.id)
    assert stored is not None
    assert [each.pictures[0].sha256 for each in stored.completions[0].earlier] == [sha256(ONE).hexdigest()]


async def test_the_size_of_the_record_counts_them(recorder: Recorder) -> None:
    archive = Archive(recorder.database)
    before = archive.extent().size_bytes
    await record(recorder, ONE, TWO)
    grown = archive.extent().size_bytes - before
    if recorder.database.dialect.name == "sqlite":
        with recorder.database.connect() as connection:
            assert picture_store.size_beside(connection) == len(ONE) + len(TWO)
        assert grown >= len(ONE) + len(TWO)


async def test_without_room_on_the_disk_nothing_is_sent(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    if recorder.database.dialect.name != "sqlite":
        return
    monkeypatch.setattr(picture_store, "ROOM_FOR_ONE", 2**60)
    with pytest.raises(RecordError, match=r"too little to keep 1 picture: .* are left in /"):
        await recorder.begin_run(a_drawing_run())
    await recorder.begin_run(a_run())  # text needs no such room


async def test_a_picture_that_waits_in_a_file_is_taken_in(recorder: Recorder) -> None:
    run = a_drawing_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    done = replace(FULL, pictures=(known(ONE),))
    spool.save(recorder.database, [spool.line(attempt, writes.result(done, NOW, {sha256(ONE).hexdigest(): ONE}))])
    spool.take_in(recorder.database)
    assert Archive(recorder.database).picture(sha256(ONE).hexdigest()) == ONE


async def test_the_whole_of_one_that_moves_is_kept_and_goes_with_it(recorder: Recorder) -> None:
    film = moving(3)
    run = a_drawing_run()
    await recorder.begin_run(run)
    attempt = await begin(recorder, run)
    drawn = Shown(known(ONE, frames=3, moving=sha256(film).hexdigest()), ONE, film)
    await recorder.finish(attempt, replace(FULL, text="", pictures=(drawn.picture,)), contents=drawn.contents)
    archive = Archive(recorder.database)
    assert archive.picture(drawn.picture.moving) == film
    archive.delete([run.id])
    assert archive.picture(drawn.picture.moving) is None
