"""Experiments of pictures from end to end, on both databases: asked, recorded, checked, judged, reported, taken in."""

from __future__ import annotations

import json
from base64 import b64decode
from collections import namedtuple
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

import pytest
import sqlalchemy as sa

from prompts.exchange.exporting import export
from prompts.exchange.formats import Selection
from prompts.experiments.checks.check import Check
from prompts.experiments.examples.plans import picture_ladder
from prompts.experiments.plan import Budget, Plan, PlanError, check_plan, unused
from prompts.experiments.report.contents import report_of
from prompts.experiments.report.formats import FORMATS
from prompts.experiments.report.taking_in import take_in
from prompts.history.archive import Archive
from prompts.record import picture_store
from prompts.record.recorder import RecordError
from prompts.record.rows import StoredRun
from prompts.record.schema import attachments, runs
from providers.config.connections import PRESETS
from tests.prompts.experiments.wired import CHAT, connections, held_to, laboratory, over, plan
from tests.wire.server import Reply, WireServer

RUBRIC = Check("judge", "It shows a {{shape}}.", ("mistral:small",))
LADDER = replace(picture_ladder(), repeats=1)


def runs_of(lab, id: str) -> list[StoredRun]:
    """All that was asked for an experiment."""
    with lab._recorder.database.connect() as connection:
        ids = list(connection.scalars(sa.select(runs.c.id).where(runs.c.plan_id == id)))
    return [run for each in ids if (run := lab._recorder.load_run(each)) is not None]


def judged(reply: Reply, seen: list[bytes]) -> str:
    """A judge that is shown one picture; gives what it was asked."""
    shown, words = reply.received.json["messages"][0]["content"]
    seen.append(b64decode(shown["image_url"]["url"].partition(",")[2]))
    return words["text"]


async def test_the_ladder_that_ships_draws_keeps_and_checks_every_picture(record_url) -> None:
    whole = check_plan(picture_ladder())
    assert (whole.size, unused(whole), whole.draws) == (24, (), True)
    async with laboratory(record_url, connections()) as lab:
        id = await lab.start(LADDER, connections())
        await over(lab, id)
        found, cells = lab.find(id), lab.cells(id)
        assert found is not None
        assert (found.stage, found.counts) == ("finished", {"complete": 12})
        for cell in cells:
            (picture,) = cell.pictures
            content = lab.picture(picture.sha256)
            assert content is not None
            assert sha256(content).hexdigest() == picture.sha256
            assert cell.verdict is not None
            assert cell.verdict.passed is True
        await lab.resume(id, connections())
        await over(lab, id)
        assert [cell.pictures for cell in lab.cells(id)] == [cell.pictures for cell in cells], "nothing is drawn again"


async def test_other_checks_are_held_to_the_pictures_that_are_there(record_url) -> None:
    async with laboratory(record_url, connections()) as lab:
        id = await lab.start(LADDER, connections())
        await over(lab, id)
        await held_to(lab, id, (Check("picture-size", "8x8"), Check("contains", "circle")))
        for cell in lab.cells(id):
            assert cell.verdict is not None
            assert [found.passed for found in cell.verdict.findings] == [False, None]
        lab.delete(id)
        unused = Archive(lab._recorder.database).read(lambda c: picture_store.drop_unused(c, ()))
        assert unused == 0, "they went with it"


async def test_a_judge_sees_the_picture_without_a_name_and_once(record_url) -> None:
    seen, asked = list[bytes](), list[str]()

    async def script(reply: Reply) -> None:
        asked.append(judged(reply, seen))
        verdict = "pass" if "shows a circle" in asked[-1] else "fail"
        await reply.stream(CHAT.answer([json.dumps({"reason": "Seen.", "verdict": verdict})], ()))

    with WireServer(script) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(replace(LADDER, wordings=LADDER.wordings[1:2], checks=(RUBRIC,)), known)
            await over(lab, id)
            cells = lab.cells(id)
            assert [cell.verdict.passed for cell in cells if cell.verdict] == [True, False, False, False]
            kept = {each.sha256 for cell in cells for each in cell.pictures}
            await lab.resume(id, known)
            await over(lab, id)
    assert {sha256(each).hexdigest() for each in seen} == kept
    assert len(asked) == 4
    assert "A circle." in "".join(asked)
    assert "shapes" not in "".join(asked)


async def test_a_picture_that_is_drawn_again_is_judged_again(record_url) -> None:
    seen = list[bytes]()

    async def script(reply: Reply) -> None:
        judged(reply, seen)
        await reply.stream(CHAT.answer([json.dumps({"reason": "Seen.", "verdict": "pass"})], ()))

    with WireServer(script) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            cases = replace(LADDER.cases, rows=LADDER.cases.rows[:1])
            id = await lab.start(replace(LADDER, wordings=LADDER.wordings[1:2], cases=cases, checks=(RUBRIC,)), known)
            await over(lab, id)
            (before,) = (again,) = lab.cells(id)
            while again.pictures[0].sha256 == before.pictures[0].sha256:  # another seed may draw the very same
                await lab.ask_again(id, [again], known)
                await over(lab, id)
                (again,) = lab.cells(id)
            with lab._recorder.database.connect() as connection:
                assert connection.scalar(sa.select(sa.func.count()).select_from(attachments)) == 0, "it is kept once"
            asked_about = [run.attachments for run in runs_of(lab, id) if run.attachments]
            assert [file.data for files in asked_about for file in files] == [seen[-1]], "and opens with its question"
            lines = b"".join(export(Archive(lab._recorder.database), Selection(), "jsonl")).splitlines()
            told = [(line["kind"], line["sha256"]) for line in map(json.loads, lines) if "sha256" in line]
            drawn = again.pictures[0].sha256
            assert {("attachment", drawn), ("picture", drawn)} <= set(told), "whichever comes first in the file"
    assert len(seen) == 2, "the same picture is judged once"
    assert [sha256(each).hexdigest() for each in seen] == [each.pictures[0].sha256 for each in (before, again)]


@pytest.mark.parametrize("form", ["JSON Lines", "Zip with pictures"])
async def test_a_report_is_taken_in_with_its_pictures_as_it_was(record_url, form: str) -> None:
    async with laboratory(record_url, connections()) as lab:
        id = await lab.start(replace(LADDER, checks=LADDER.checks[:1]), connections())
        await over(lab, id)
        found = lab.find(id)
        assert found is not None
        report = report_of(replace(found, id=str(uuid4())), lab.cells(id), picture=lab.picture)
        file = FORMATS[form].make(report)
        contents = {each.sha256: lab.picture(each.sha256) for cell in lab.cells(id) for each in cell.pictures}
        lab.delete(id)
        assert not any(map(lab.picture, contents))
        again = take_in(Archive(lab._recorder.database), file)
        assert {
            each.sha256: lab.picture(each.sha256) for cell in lab.cells(again) for each in cell.pictures
        } == contents
        page = FORMATS["HTML"].make(report_of(lab.find(again), lab.cells(again), picture=lab.picture)).decode()
        assert page.count("src='data:image/png;base64,") == 12
        assert "img-src data:;" in page
        assert "alt='Picture by builtin:shapes for the prompt: A circle.'" in page


async def test_what_cannot_draw_or_see_is_refused_before_anything_is_kept(record_url) -> None:
    async with laboratory(record_url, connections()) as lab:
        for wrong, sentence in (
            (replace(LADDER, checks=(replace(RUBRIC, values=("builtin:ngram-3",)),)), "cannot see pictures"),
            (replace(LADDER, targets=(*LADDER.targets, *plan("builtin:ngram-2").targets)), "Make two experiments"),
        ):
            with pytest.raises(PlanError, match=sentence):
                await lab.start(wrong, connections())
        assert lab.list() == []


async def test_a_full_disk_is_said_before_anything_is_drawn(record_url, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("prompts.record.room.shutil.disk_usage", lambda _: usage(1, 1, 0))
    async with laboratory(record_url, connections()) as lab:
        if lab._recorder.database.dialect.name == "postgresql":
            pytest.skip("the disk of a server is not seen from here")
        with pytest.raises(RecordError, match=r"Nothing was sent\. .* too little to keep 12 pictures: 0 B are left"):
            await lab.start(LADDER, connections())


async def test_a_budget_cannot_hold_a_judge_of_pictures_whose_cost_nobody_knows(record_url) -> None:
    priced: Plan = replace(LADDER, checks=(replace(RUBRIC, values=("openai:gpt-5.1",)),), budget=Budget(Decimal(1)))
    known = {**connections(), "openai": PRESETS["openai"]}
    async with laboratory(record_url, known) as lab:
        with pytest.raises(PlanError, match="how many tokens the attached files take is unknown"):
            await lab.start(priced, known)
