"""A report taken into a record, on both databases: the same results, and nothing of what was there is touched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prompts.experiments.report.contents import report_of
from prompts.experiments.report.jsonl import ReportError, as_jsonl
from prompts.experiments.report.taking_in import take_in
from prompts.experiments.results import results
from prompts.history.archive import Archive
from prompts.record.rights import Actor
from providers.pictures import Picture
from tests.prompts.experiments.asked_cells import asked, cells, experiment
from tests.prompts.experiments.wired import connections, hello, laboratory, over, plan
from tests.wire.server import WireServer

ID = "11111111-1111-4111-8111-111111111111"


async def test_what_was_asked_elsewhere_reads_the_same_here(record_url):
    there, answers = asked("+- -! .?", "++ ~+ +-")
    report = as_jsonl(report_of(replace(there, id=ID), answers))
    async with laboratory(record_url, connections()) as lab:
        archive = Archive(lab._recorder.database)
        assert take_in(archive, report, Actor("ada", admin=False)) == ID
        here = lab.find(ID)
        assert here is not None
        found = lab.cells(ID)
        with pytest.raises(ReportError, match="on record here already"):
            take_in(archive, report, Actor("ada", admin=False))
    assert (here.plan, here.stage, here.person, here.planned_cases) == (there.plan, there.stage, "ada", 3)
    assert results(here, found).sides == results(there, answers).sides
    assert [cell.state for cell in found].count("waiting") == 1


async def test_nobody_describes_a_picture_in_anothers_name_by_a_report(record_url):
    there, answers = asked("+", "+")
    drawn = Picture("a" * 64, "image/png", 8, 8, "image/png", 10, described="A cat", described_by="eve")
    (done, *_) = [cell.completion for cell in answers if cell.completion]
    answers[0] = replace(answers[0], completion=replace(done, pictures=(drawn,)))
    async with laboratory(record_url, connections()) as lab:
        report = as_jsonl(report_of(replace(there, id=ID), answers))
        take_in(Archive(lab._recorder.database), report, Actor("ada", admin=False))
        (found,) = [each for cell in lab.cells(ID) for each in cell.pictures]
    assert (found.described, found.described_by) == ("A cat", "eve (imported by ada)")


async def test_what_was_under_way_is_lost_and_the_experiment_paused(record_url):
    sides = ("+ +", "+ +")
    there, answers = experiment(sides, stage="running"), cells(sides)
    answers[0] = replace(answers[0], state="streaming", completion=None, verdict=None)
    async with laboratory(record_url, connections()) as lab:
        id = take_in(Archive(lab._recorder.database), as_jsonl(report_of(replace(there, id=ID), answers)))
        here = lab.find(id)
    assert here is not None
    assert (here.stage, here.counts["unknown"], here.counts["complete"]) == ("paused", 1, 3)


async def test_what_was_taken_in_is_extended_and_asks_only_what_is_new(record_url, tmp_path):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(f"sqlite:///{tmp_path}/elsewhere.db", known) as lab:
            id = await lab.start(plan(cases=3), known)
            await over(lab, id)
            found = lab.find(id)
            assert found is not None
            report = as_jsonl(report_of(found, lab.cells(id)))
        async with laboratory(record_url, known) as lab:
            assert take_in(Archive(lab._recorder.database), report) == id
            await lab.extend(id, plan(cases=5), known)
            await over(lab, id)
            here = lab.find(id)
    assert here is not None
    assert (here.counts, here.extended) == ({"complete": 5}, True)
    assert len(server.requests) == 5
