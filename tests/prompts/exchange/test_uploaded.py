"""A picture that a person brings stands on record as what it is: brought, with no time and no cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

import pytest

from prompts.core.conversation import asked_again
from prompts.core.drawn import PictureError
from prompts.core.run import Run
from prompts.exchange.uploaded import add, brought
from prompts.history.archive import Archive
from prompts.record.recorder import Recorder, RecordError
from prompts.record.restore import from_record
from prompts.record.rights import OPERATOR, Actor, NotAllowedError
from providers.files.remade import with_words
from providers.interface import Settings
from providers.pictures import Picture, PictureSettings
from tests.pictures import picture
from tests.prompts.samples import FULL, TARGET, a_run, begin
from tests.runs import with_cell
from tests.wire import webui

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
DRAWN, BROUGHT = picture("PNG", (20, 10)), picture("JPEG", (40, 30), camera="Midjourney")


async def drawn(recorder: Recorder, *, over: bool = True) -> Run:
    run = with_cell(a_run("a cat"), 0, target=TARGET.with_settings(Settings(picture=PictureSettings())))
    await recorder.begin_run(run)
    if over:
        digest = sha256(DRAWN).hexdigest()
        known = Picture(digest, "image/png", 20, 10, "image/png", len(DRAWN))
        attempt = await begin(recorder, run)
        await recorder.finish(attempt, replace(FULL, text="", pictures=(known,)), contents={digest: DRAWN})
    return run


def take(archive: Archive, run: Run, name: str = "Midjourney", by: Actor = OPERATOR) -> str:
    return archive.write(partial(add, run_id=run.id, made_with=name, shown=brought(BROUGHT), by=by, at=AT))


async def test_it_stands_beside_the_others_without_time_or_cost(recorder: Recorder) -> None:
    archive, run = Archive(recorder.database), await drawn(recorder)
    id = take(archive, run, " Midjourney \n v8 ")
    stored = archive.run(run.id)
    assert stored is not None
    _, added = from_record(stored).answers
    assert (added.id, str(added.target), added.position, added.state) == (id, "uploaded:Midjourney v8", 1, "complete")
    done = added.completion
    assert done is not None
    assert (done.cost.kind, done.cost.amount, done.cost.reason) == ("unknown", None, "made elsewhere and uploaded")
    assert (done.timings.duration_s, done.timings.time_to_final_picture_s, done.flags) == (None, None, ("uploaded",))
    (found,) = added.pictures
    assert (found.width, found.arrived_type, found.metadata) == (40, "image/jpeg", {"Make": "Midjourney"})
    content = archive.picture(found.sha256)
    assert content is not None
    assert b"Midjourney" not in content  # made anew from its pixels


async def test_nobody_is_asked_for_it_again(recorder: Recorder) -> None:
    archive, run = Archive(recorder.database), await drawn(recorder)
    take(archive, run)
    stored = archive.run(run.id)
    assert stored is not None
    assert [str(cell.target) for cell in asked_again(from_record(stored)).cells] == [str(run.cells[0].target)]


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"%PDF-1.7", DRAWN[:40]])
def test_what_is_no_picture_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(PictureError, match=r"\w"):
        brought(data)


async def test_it_waits_for_the_run_to_be_over_and_needs_a_name(recorder: Recorder) -> None:
    archive = Archive(recorder.database)
    with pytest.raises(RecordError, match="still arriving"):
        take(archive, await drawn(recorder, over=False))
    run = await drawn(recorder)
    with pytest.raises(RecordError, match="made with"):
        take(archive, run, "  ")
    with pytest.raises(RecordError, match="no longer on record"):
        take(archive, replace(run, id="gone"))


async def test_only_its_owner_adds_to_a_run(recorder: Recorder) -> None:
    with pytest.raises(NotAllowedError):
        take(Archive(recorder.database), await drawn(recorder), by=Actor("bob@example.com", admin=False))


def test_what_its_file_says_of_its_making_is_told() -> None:
    found = brought(with_words(DRAWN, {"parameters": webui.in_file_of_sdcpp(seed=42)})).picture
    assert (found.seed, found.drawn_with["sampler"]) == (42, "euler_a")
