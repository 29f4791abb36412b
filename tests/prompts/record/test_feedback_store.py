"""Marks and tags on record, on both databases: one say a person, one best answer a run, tags for everybody."""

from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from prompts.core.feedback import MOST_TAGS, Mark, MarkError
from prompts.history.archive import Archive
from prompts.record.restore import from_record
from prompts.record.rights import OPERATOR, Actor, NotAllowedError, imported
from prompts.record.schema import notes, ratings, tags
from providers.pictures import Picture
from tests.prompts.samples import FULL, a_run, begin

NOTHING = ((), ())

SPRING = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


async def asked(recorder, targets=2, finished=2):
    """A run on record and the ids of its completions, of which the first so many have ended."""
    run = a_run(targets=targets)
    await recorder.begin_run(run)
    for answer in range(finished):
        await recorder.finish(await begin(recorder, run, answer), FULL)
    return run, [answer.id for answer in run.answers]


def said(recorder, completion_id):
    """Its marks without their times, and its tags."""
    found, names = Archive(recorder.database).marks([completion_id])[completion_id]
    return tuple(replace(mark, changed_at=None) for mark in found), names


def count(recorder, table):
    with recorder.database.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table))


async def test_a_mark_comes_back_with_the_run_and_by_itself(recorder):
    run, (first, second) = await asked(recorder)
    mark = Mark("ana", 1, 4, best=True, note="Short.\nAnd right 🦊", changed_at=SPRING)
    Archive(recorder.database).mark(first, mark)
    Archive(recorder.database).tag([first], ["poem", "Best of May"], "ana")
    both = Archive(recorder.database).marks([first, second, "no such completion"])
    assert both == {first: ((mark,), ("Best of May", "poem")), second: ((), ()), "no such completion": ((), ())}
    stored = recorder.load_run(run.id)
    assert [(c.marks, c.tags) for c in stored.completions] == [both[first], NOTHING]
    assert [(answer.marks, answer.tags) for answer in from_record(stored).answers] == [both[first], NOTHING]


@pytest.mark.parametrize("mark", [Mark(thumb=-1), Mark(stars=5), Mark(best=True), Mark(note="why")])
async def test_a_mark_replaces_the_whole_say_and_an_empty_one_leaves_nothing(recorder, mark):
    _, (first, _) = await asked(recorder)
    Archive(recorder.database).mark(first, Mark(thumb=1, stars=1, best=True, note="before"))
    Archive(recorder.database).mark(first, mark)
    assert said(recorder, first) == ((mark,), ())
    Archive(recorder.database).mark(first, Mark())
    assert (said(recorder, first), count(recorder, ratings), count(recorder, notes)) == (NOTHING, 0, 0)


async def test_each_person_has_one_mark_and_the_oldest_comes_first(recorder):
    _, (first, _) = await asked(recorder)
    Archive(recorder.database).mark(first, Mark("bo", 1))
    Archive(recorder.database).mark(first, Mark("ana", -1, changed_at=SPRING))
    Archive(recorder.database).mark(first, Mark("bo", -1))
    assert said(recorder, first)[0] == (Mark("ana", -1), Mark("bo", -1))


async def test_a_run_has_one_best_answer_in_the_eyes_of_one_person(recorder):
    _, (first, second) = await asked(recorder)
    other, _ = await asked(recorder, 1, 1), None
    Archive(recorder.database).mark(other[1][0], Mark("ana", best=True))
    Archive(recorder.database).mark(first, Mark("bo", best=True))
    Archive(recorder.database).mark(first, Mark("ana", stars=3, best=True, note="fine"))
    Archive(recorder.database).mark(second, Mark("ana", best=True))
    assert said(recorder, first)[0] == (Mark("bo", best=True), Mark("ana", stars=3, note="fine"))
    assert said(recorder, second)[0] == (Mark("ana", best=True),)
    assert said(recorder, other[1][0])[0] == (Mark("ana", best=True),)
    Archive(recorder.database).mark(first, Mark("ana", best=True))
    assert said(recorder, second) == NOTHING


async def test_two_who_choose_at_once_leave_one_best_answer(recorder):
    _, ids = await asked(recorder, 4, 4)
    ready = Barrier(len(ids))

    def choose(completion_id):
        ready.wait()
        Archive(recorder.database).mark(completion_id, Mark("ana", best=True))

    threads = [Thread(target=choose, args=(each,)) for each in ids]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sum(mark.best for each in ids for mark in Archive(recorder.database).marks(ids)[each][0]) == 1


async def test_saying_the_same_again_moves_no_time(recorder):
    _, (first, _) = await asked(recorder)
    Archive(recorder.database).mark(first, Mark(stars=3, note="a", changed_at=SPRING))
    Archive(recorder.database).mark(first, Mark(stars=3, note="a"))
    assert Archive(recorder.database).marks([first])[first][0][0].changed_at == SPRING


async def test_only_an_answer_that_has_ended_and_is_on_record_is_marked(recorder):
    _, (_, waiting) = await asked(recorder, finished=1)
    with pytest.raises(MarkError, match="has not ended"):
        Archive(recorder.database).mark(waiting, Mark(thumb=1))
    with pytest.raises(MarkError, match="not on record"):
        Archive(recorder.database).mark("none", Mark(thumb=1))
    with pytest.raises(MarkError, match="not on record"):
        Archive(recorder.database).tag(["none"], ["a"], "")


async def test_a_refused_mark_changes_nothing(recorder):
    _, (first, _) = await asked(recorder)
    Archive(recorder.database).mark(first, Mark(stars=2))
    for bad in (Mark(stars=9), Mark(note="x" * 1_000_000)):
        with pytest.raises(MarkError):
            Archive(recorder.database).mark(first, bad)
    assert said(recorder, first) == ((Mark(stars=2),), ())


async def test_a_tag_is_everybodys_has_one_spelling_and_is_taken_away_by_anyone(recorder):
    _, (first, second) = await asked(recorder)
    Archive(recorder.database).tag([first], ["Poem"], "ana")
    Archive(recorder.database).tag([first, second], ["POEM", "short"], "bo")
    assert (said(recorder, first)[1], said(recorder, second)[1]) == (("Poem", "short"), ("Poem", "short"))
    assert (Archive(recorder.database).known_tags(), count(recorder, tags)) == (("Poem", "short"), 4)
    Archive(recorder.database).untag([first, second], ["Poem"])
    assert Archive(recorder.database).known_tags() == ("short",)


async def test_too_many_tags_are_refused_and_none_of_them_kept(recorder):
    _, (first, second) = await asked(recorder)
    Archive(recorder.database).tag([first], [f"tag {n}" for n in range(MOST_TAGS)], "")
    Archive(recorder.database).tag([first], ["tag 1"], "")
    with pytest.raises(MarkError, match="at most 20 tags"):
        Archive(recorder.database).tag([first, second], ["one more"], "")
    assert said(recorder, second) == NOTHING


@pytest.mark.parametrize("name", ["'; DROP TABLE tags; --", "100%_", "<b>", "=1+1", "गलत 🦊"])
async def test_odd_tags_are_only_words(recorder, name):
    _, (first, _) = await asked(recorder)
    Archive(recorder.database).tag([first], [name], name)
    Archive(recorder.database).mark(first, Mark(name, note=f"a\x00{name}\ud800"))
    assert said(recorder, first) == ((Mark(name, note=f"a\ufffd{name}\ufffd"),), (name,))


async def test_many_are_asked_for_at_once(recorder):
    _, ids = await asked(recorder, 600, 600)
    Archive(recorder.database).tag(ids, ["all"], "")
    assert {names for _, names in Archive(recorder.database).marks(ids).values()} == {("all",)}
    Archive(recorder.database).untag(ids, ["all"])
    assert count(recorder, tags) == 0


@pytest.mark.parametrize("by", [Actor("eve", admin=True), Actor("bo", admin=False), OPERATOR], ids=str)
async def test_a_note_goes_alone_and_the_trail_says_so_without_its_words(recorder, by):
    _, (first, second) = await asked(recorder)
    archive = Archive(recorder.database)
    archive.mark(first, Mark("bo", 1, 4, best=True, note="unkind words"))
    archive.mark(second, Mark("bo", note="kept"))
    archive.mark(first, Mark("ana", note="kept"))
    archive.remove_note(first, "bo", by=by)
    archive.remove_note(first, "bo", by=by)  # there is none any more: nothing is done, and nothing told
    assert set(said(recorder, first)[0]) == {Mark("bo", 1, 4, best=True), Mark("ana", note="kept")}
    assert said(recorder, second)[0] == (Mark("bo", note="kept"),)
    (entry,) = archive.trail(10)
    told = (entry.person, entry.admin, entry.act, entry.what)
    assert told == (by.person, by.admin, "removed a note", {"answer": first, "of": "bo"})


async def test_a_member_removes_nobody_else_s_note_but_what_they_brought_in(recorder):
    _, (first, _) = await asked(recorder)
    archive, ana = Archive(recorder.database), Actor("ana", admin=False)
    archive.mark(first, Mark("bo", note="mine"))
    archive.mark(first, Mark(imported("bo", "ana"), note="brought in"))
    with pytest.raises(NotAllowedError, match="This is bo’s"):
        archive.remove_note(first, "bo", by=ana)
    assert archive.trail(10) == []
    archive.remove_note(first, imported("bo", "ana"), by=ana)
    assert said(recorder, first)[0] == (Mark("bo", note="mine"),)


async def test_what_is_to_be_seen_in_a_picture_is_kept_with_who_wrote_it(recorder):
    run = a_run(targets=1)
    await recorder.begin_run(run)
    drawn = (Picture("a" * 64, "image/png", 8, 8, "image/png", 9), Picture("b" * 64, "image/png", 8, 8, "image/png", 9))
    await recorder.finish(await begin(recorder, run, 0), replace(FULL, pictures=drawn))
    archive, id = Archive(recorder.database), run.answers[0].id

    def kept():
        return recorder.load_run(run.id).completions[0].completion.pictures

    assert archive.describe(id, "b" * 64, " A red\n cat ", "ana") == ("A red cat", "ana")
    assert kept() == (drawn[0], replace(drawn[1], described="A red cat", described_by="ana"))
    archive.describe(id, "b" * 64, "A cat", "ben")
    assert (kept()[1].described, kept()[1].described_by) == ("A cat", "ben")
    archive.describe(id, "b" * 64, "  ", "ben")
    assert kept() == drawn, "nothing is left, of who wrote it either"
    with pytest.raises(MarkError, match="not on record"):
        archive.describe(id, "c" * 64, "A cat", "ana")
    with pytest.raises(MarkError, match="at most 1,000 characters"):
        archive.describe(id, "a" * 64, "x" * 1001, "ana")
