"""Runs that are deleted leave nothing behind, and nothing else goes with them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from prompts.core.feedback import Mark
from prompts.core.plan import Link
from prompts.core.run import Run
from prompts.history.archive import Archive
from prompts.record import deletion
from prompts.record.recorder import Recorder
from prompts.record.schema import metadata
from providers.interface import Attachment, Message
from tests.patience import until
from tests.prompts.samples import FULL, a_run, begin
from tests.runs import with_cell

WORDS = ("verypromptword", "verysystemword", "veryansweranswer", "verythinkingword", "veryfileword", "verynoteword")
PROMPT, SYSTEM, ANSWER, THINKING, FILE, NOTE = WORDS


async def recorded(recorder: Recorder, run: Run, text: str = "Yes.", thinking: str = "") -> str:
    """A run that has been asked and answered; its id."""
    await recorder.begin_run(run)
    for n in range(len(run.answers)):
        attempt = await begin(recorder, run, n)
        recorder.note_text(attempt, text)
        await recorder.finish(attempt, replace(FULL, text=text, thinking=thinking))
    return run.id


def counted(recorder: Recorder) -> dict[str, int]:
    """How many rows each table has."""
    with recorder.database.begin() as connection:
        tables = metadata.sorted_tables
        return {t.name: connection.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in tables}


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_a_deleted_run_takes_everything_with_it(recorder):
    run = a_run(PROMPT, 2)
    run = replace(run, attachments=(Attachment("a.txt", "text/plain", FILE.encode()),))
    await recorded(recorder, run)
    Archive(recorder.database).mark(run.answers[0].id, Mark(stars=5, note=NOTE))
    Archive(recorder.database).tag([run.answers[0].id], ["good"], "")
    assert Archive(recorder.database).delete([run.id, run.id, "unknown"]) == deletion.Deleted(1, 2, 1)
    left = {
        name: rows for name, rows in counted(recorder).items() if rows and name not in ("recorders", "models", "trail")
    }
    assert left == {}
    assert recorder.load_run(run.id) is None
    assert not Archive(recorder.database).holds(run.id)


async def test_what_was_deleted_is_in_no_byte_of_the_files(recorder, tmp_path, record_url):
    if not record_url.startswith("sqlite"):
        pytest.skip("PostgreSQL gives the space free at its next vacuum")
    # As long as several pages, for those are kept apart; and a neighbour, that is to stay.
    run = a_run(" ".join([PROMPT] * 3000))
    run = with_cell(run, 0, target=run.answers[0].target.with_settings(replace(run.settings, system=SYSTEM)))
    run = replace(run, attachments=(Attachment("a.txt", "text/plain", FILE.encode() * 3000),))
    await recorded(recorder, a_run("neighbour"))
    await recorded(recorder, run, " ".join([ANSWER] * 3000), THINKING)
    Archive(recorder.database).mark(run.answers[0].id, Mark(note=NOTE))
    found = bytes_on_disk(tmp_path)
    assert [word for word in WORDS if word.encode() not in found] == []
    assert Archive(recorder.database).delete([run.id]).wiped
    found = bytes_on_disk(tmp_path)
    assert [word for word in WORDS if word.encode() in found] == []
    assert b"neighbour" in found


async def test_a_file_that_another_run_uses_stays(recorder):
    one, other, third = a_run("one"), a_run("other"), a_run("third")
    file, own = (Attachment("a.txt", "text/plain", text) for text in (b"shared", b"own"))
    one = replace(one, attachments=(file, own))
    other = replace(other, attachments=(replace(file, name="b.txt"),))
    third = with_cell(third, 0, history=(Message("user", "before", (file,)), Message("assistant", "yes")))
    for run in (one, other, third):
        await recorded(recorder, run)
    assert Archive(recorder.database).delete([one.id]).attachments == 1
    assert Archive(recorder.database).delete([other.id]).attachments == 0
    assert recorder.load_run(third.id).completions[0].history[0].attachments == (file,)
    assert Archive(recorder.database).delete([third.id]).attachments == 1


async def test_a_run_that_is_being_asked_is_left_alone(recorder):
    live, done = a_run("live", 2), a_run("done")
    await recorder.begin_run(live)
    attempt = await begin(recorder, live)
    await recorder.finish(attempt, FULL)  # the other answer still waits
    await recorded(recorder, done)
    deleted = Archive(recorder.database).delete([live.id, done.id])
    assert (deleted.runs, deleted.asked) == (1, (live.id,))
    assert recorder.load_run(live.id) is not None


async def test_who_went_on_from_a_deleted_run_is_named_for_it_still_quotes_it(recorder):
    first, second, edit = a_run("first"), a_run("second"), a_run("edit")
    second = replace(second, link=Link("continues", first.id))
    edit = replace(edit, link=Link("edits", first.id))
    for run in (first, second, edit):
        await recorded(recorder, run)
    assert Archive(recorder.database).delete([first.id]).continued == (second.id,)
    assert recorder.load_run(second.id).link == Link("continues", first.id)


async def test_the_end_of_a_conversation_that_goes_with_its_beginning_is_not_named(recorder, monkeypatch):
    monkeypatch.setattr(deletion, "STEP", 1)
    first, second = a_run("first"), a_run("second")
    second = replace(second, link=Link("continues", first.id))
    for run in (first, second):
        await recorded(recorder, run)
    assert Archive(recorder.database).delete([first.id, second.id]).continued == ()


async def test_old_runs_go_in_steps_and_young_ones_stay(recorder, monkeypatch):
    monkeypatch.setattr(deletion, "STEP", 2)
    old, young = [a_run(f"old {n}") for n in range(5)], a_run("young")
    limit = young.created_at - timedelta(days=30)
    for n, run in enumerate(old):
        # several at the same moment
        await recorded(recorder, replace(run, created_at=limit - timedelta(days=n // 2, seconds=1)))
    young = replace(young, created_at=limit)
    await recorded(recorder, young)
    live = replace(a_run("live"), created_at=limit - timedelta(days=9))
    await recorder.begin_run(live)
    said: list[int] = []
    assert Archive(recorder.database).older(limit) == 6
    deleted = Archive(recorder.database).delete_older(limit, said.append)
    assert (deleted.runs, deleted.asked) == (5, (live.id,))
    assert said[:3] == [1, 3, 5]
    assert Archive(recorder.database).older(limit) == 1
    assert Archive(recorder.database).holds(young.id)


async def test_old_runs_of_the_same_moment_all_go(recorder, monkeypatch):
    monkeypatch.setattr(deletion, "STEP", 1)
    runs = [a_run(f"run {n}") for n in range(3)]
    for run in runs:
        await recorded(recorder, replace(run, created_at=runs[0].created_at.replace(microsecond=5)))
    assert Archive(recorder.database).delete_older(runs[0].created_at + timedelta(days=1)).runs == 3
    assert Archive(recorder.database).older(runs[0].created_at + timedelta(days=1)) == 0


async def test_a_long_deletion_lets_others_write_in_between(recorder):
    runs = [a_run(f"run {n}") for n in range(deletion.STEP + 1)]
    for run in runs:
        await recorder.begin_run(run)
        await recorder.withdraw(run.answers[0].id)
    loop = asyncio.get_running_loop()
    between: list[asyncio.Future[None]] = []

    def write(_gone: int) -> None:
        between.append(asyncio.run_coroutine_threadsafe(recorder.begin_run(a_run("between")), loop))
        between[-1].result(5)

    deleted = await asyncio.to_thread(Archive(recorder.database).delete, [run.id for run in runs], write)
    assert deleted.runs == len(runs)
    assert len(between) >= 2


async def test_a_reader_that_will_not_end_is_no_reason_not_to_delete(recorder, record_url, monkeypatch):
    if not record_url.startswith("sqlite"):
        pytest.skip("only SQLite has a write-ahead file of its own")
    monkeypatch.setattr(deletion, "_PATIENCE_S", 0.0)
    run = a_run(PROMPT)
    await recorded(recorder, run)
    with recorder.database.begin() as reader:
        reader.execute(sa.text("SELECT count(*) FROM runs")).all()
        assert Archive(recorder.database).delete([run.id]) == deletion.Deleted(1, 1, 0, wiped=False)
    assert recorder.load_run(run.id) is None


async def test_a_delete_that_was_broken_off_is_finished_by_the_next_start(recorder, record_url, monkeypatch, tmp_path):
    """The words of a deleted answer stay in SQLite's index until it is made to forget them."""
    if not record_url.startswith("sqlite"):
        pytest.skip("PostgreSQL forgets them with the row")
    gone = replace(a_run(PROMPT), attachments=(Attachment("a.txt", "text/plain", FILE.encode()),))
    for run, text in ((a_run("another"), "Yes."), (gone, ANSWER), (a_run("a third"), "No.")):
        await recorded(recorder, run, text)

    def killed(_engine: sa.Engine, _continued: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(deletion, "_tidy", killed)
        with pytest.raises(KeyboardInterrupt):
            Archive(recorder.database).delete([gone.id])
    await recorder.close()
    assert ANSWER.encode() in bytes_on_disk(tmp_path)
    again = await Recorder.open(record_url)
    await until(lambda: not deletion.is_broken_off(again.database))
    await again.close()
    assert [word for word in WORDS if word.encode() in bytes_on_disk(tmp_path)] == []
    once_more = await Recorder.open(record_url)
    assert once_more._tidier.ident is None, "nothing is left to do"
    await once_more.close()
