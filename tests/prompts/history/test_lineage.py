"""Runs find those that came out of them, and all askings of one request, also through what is gone."""

from dataclasses import replace
from datetime import timedelta

from prompts.core.plan import Link, Relation
from prompts.core.run import Run
from prompts.history.archive import Archive
from prompts.history.lineage import Asking
from prompts.record.recorder import Recorder
from tests.prompts.samples import NOW, a_run


async def keep(recorder: Recorder, number: int, relation: Relation | None = None, of: str = "") -> Run:
    """A run of day `number`, perhaps out of another."""
    link = Link(relation, of) if relation else None
    run = replace(a_run(), created_at=NOW + timedelta(days=number), link=link)
    await recorder.begin_run(run)
    return run


async def test_what_came_out_of_a_run_is_found_oldest_first(recorder):
    first = await keep(recorder, 0)
    again = await keep(recorder, 2, "again", first.id)
    edited = await keep(recorder, 1, "edits", first.id)
    await keep(recorder, 3, "continues", again.id)
    assert Archive(recorder.database).children(first.id) == (
        Asking(edited.id, edited.created_at, "edits"), Asking(again.id, again.created_at, "again"),
    )  # fmt: skip


async def test_all_askings_of_a_request_are_found_from_any_of_them(recorder):
    first = await keep(recorder, 0)
    second = await keep(recorder, 1, "again", first.id)
    third = await keep(recorder, 2, "again", second.id)
    fourth = await keep(recorder, 3, "again", first.id)
    await keep(recorder, 4, "edits", first.id)
    expected = [first.id, second.id, third.id, fourth.id]
    for run in (first, second, third, fourth):
        assert [asking.run_id for asking in Archive(recorder.database).askings(run.id)] == expected


async def test_askings_belong_together_when_the_first_is_gone(recorder):
    second, third = [await keep(recorder, n, "again", "gone") for n in (1, 2)]
    assert [asking.run_id for asking in Archive(recorder.database).askings(third.id)] == [second.id, third.id]


async def test_imported_runs_that_form_a_ring_are_each_found_once(recorder):
    one = a_run()
    two = await keep(recorder, 1, "again", one.id)
    one = replace(one, link=Link("again", two.id), created_at=NOW)
    await recorder.begin_run(one)
    assert [asking.run_id for asking in Archive(recorder.database).askings(one.id)] == [one.id, two.id]


async def test_the_run_of_a_completion_is_found(recorder):
    run = await keep(recorder, 0)
    assert Archive(recorder.database).run_of(run.answers[0].id) == run.id
    assert Archive(recorder.database).run_of(run.id) is None
