"""An experiment from its plan to its verdicts, on both databases and over a real wire."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

import pytest

from prompts.core.run_summaries import Filter
from prompts.experiments.asked import Experiment
from prompts.experiments.checks.check import Check
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan import PlanError, Wording
from prompts.history.archive import Archive
from prompts.record.database import RecordError, open_database
from prompts.record.experiment_tables import gates, plans
from tests.patience import PATIENCE_S, until
from tests.prompts.experiments.wired import CHAT, HELLO, connections, held_to, hello, laboratory, over, plan, said
from tests.wire.server import Reply, WireServer


def found(lab: Experiments, id: str) -> Experiment:
    """It is on record."""
    experiment = lab.find(id)
    assert experiment is not None
    return experiment


async def test_every_cell_is_asked_once_and_checked(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan("groq:llama", "mistral:small", repeats=2), known)
            await over(lab, id)
            found, cells = lab.find(id), lab.cells(id)
    assert found is not None
    assert (found.stage, found.counts) == ("finished", {"complete": 12})
    assert [cell.completion.text for cell in cells if cell.completion] == [HELLO] * 12
    assert {cell.verdict.passed for cell in cells if cell.verdict} == {True}
    assert [cell.cell for cell in cells] == list(found.plan.cells())
    assert len(server.requests) == 12
    assert len({cell.run_id for cell in cells}) == 3


async def test_a_plan_that_cannot_be_run_leaves_nothing_on_record(record_url):
    async with laboratory(record_url, connections()) as lab:
        with pytest.raises(PlanError, match="nowhere:x cannot be asked"):
            await lab.start(plan("nowhere:x"), connections())
        assert lab.list() == []


async def test_what_was_not_asked_is_asked_by_resuming_and_nothing_twice(record_url):
    served = list[str]()

    async def slowly(reply: Reply) -> None:
        served.append(said(reply))
        await asyncio.to_thread(gate.wait, PATIENCE_S)
        await hello(reply)

    gate = threading.Event()
    with WireServer(slowly) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=2) as lab:
            id = await lab.start(plan(cases=6), known)
            await until(lambda: len(served) == 2)
            await lab.pause(id)
            gate.set()
            await over(lab, id)
            assert lab.progress(id).stage == "paused"
            assert found(lab, id).counts == {"complete": 2, "waiting": 4}
            await lab.resume(id, known)
            await over(lab, id)
            assert (found(lab, id).stage, found(lab, id).counts) == ("finished", {"complete": 6})
    assert sorted(served) == sorted(f"Say hello to person {n}." for n in range(6))


async def test_stopping_stops_what_is_under_way_and_it_is_not_asked_again_by_itself(record_url):
    served = list[str]()

    async def never(reply: Reply) -> None:
        served.append(said(reply))
        await reply.stall()

    with WireServer(never) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=2) as lab:
            id = await lab.start(plan(cases=5), known)
            await until(lambda: len(served) == 2)
            await lab.stop(id)
            assert (found(lab, id).stage, found(lab, id).counts) == ("stopped", {"cancelled": 2, "waiting": 3})
            server.script = hello
            await lab.resume(id, known)
            await over(lab, id)
            assert found(lab, id).counts == {"cancelled": 2, "complete": 3}
            again = [cell for cell in lab.cells(id) if cell.state == "cancelled"]
            await lab.ask_again(id, again, known)
            await over(lab, id)
            assert found(lab, id).counts == {"complete": 5}


async def test_a_rate_limit_is_waited_for_and_every_attempt_is_on_record(record_url):
    served = list[str]()

    async def busy(reply: Reply) -> None:
        served.append(said(reply))
        if len(served) <= 2:
            await reply.json({"error": {"message": "slow down"}}, 429, {"retry-after": "0"})
            return
        await hello(reply)

    with WireServer(busy) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=2) as lab:
            id = await lab.start(plan(cases=2), known)
            await over(lab, id)
            cells = lab.cells(id)
    assert [cell.state for cell in cells] == ["complete", "complete"]
    failures = [attempt.failure for cell in cells if cell.completion for attempt in cell.completion.attempts]
    assert sorted(f.kind if f else "" for f in failures) == ["", "", "rate_limit", "rate_limit"]


async def test_a_wrong_key_stops_after_a_few_calls_and_resuming_asks_those_again(record_url):
    async def refuse(reply: Reply) -> None:
        await reply.json({"error": {"message": "no such key"}}, 401)

    with WireServer(refuse) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            id = await lab.start(plan(cases=20), known)
            await over(lab, id)
            paused = found(lab, id)
            assert paused.stage == "paused"
            assert "groq:llama failed 3 times in a row" in paused.reason
            assert paused.counts["failed"] == len(server.requests) == 3
            server.script = hello
            await lab.resume(id, known)
            await over(lab, id)
            assert found(lab, id).counts == {"complete": 20}


async def test_an_extension_asks_what_is_new_and_keeps_what_was_planned(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            first = plan(cases=2)
            id = await lab.start(first, known)
            await over(lab, id)
            await lab.extend(id, plan("groq:llama", "mistral:small", cases=3, repeats=2), known)
            await over(lab, id)
            whole = found(lab, id)
            assert whole.counts == {"complete": 12}
            assert (whole.planned_cases, whole.extended) == (2, True)
            with pytest.raises(PlanError, match="must stay as they are"):
                await lab.extend(id, replace(first, wordings=(Wording("other", "Hi {{name}}"),)), known)
    assert len(server.requests) == 12


async def test_an_identical_request_on_record_is_taken_over_with_its_date_and_without_times(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            earlier = await lab.start(plan(cases=2), known)
            await over(lab, earlier)
            id = await lab.start(plan(cases=3), known, from_record=True)
            await over(lab, id)
            cells = lab.cells(id)
            with pytest.raises(PlanError, match="Repeats are asked"):
                await lab.start(plan(repeats=2), known, from_record=True)
    assert len(server.requests) == 3
    assert [cell.taken_from is not None for cell in cells] == [True, True, False]
    assert [cell.completion.timings.duration_s is None for cell in cells if cell.completion] == [True, True, False]
    assert {cell.verdict.passed for cell in cells if cell.verdict} == {True}
    assert {cell.completion.text for cell in cells if cell.completion} == {HELLO}


async def test_checks_are_changed_without_asking(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan(cases=2), known)
            await over(lab, id)
            assert await held_to(lab, id, [Check("contains", "goodbye")]) == [1.0]
            assert [cell.verdict.passed for cell in lab.cells(id) if cell.verdict] == [False, False]
            assert found(lab, id).plan.checks == (Check("contains", "goodbye"),)
    assert len(server.requests) == 2


async def test_heads_tell_the_same_without_the_texts(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan(), known)
            await over(lab, id)
            for whole, head in zip(lab.cells(id), lab.cells(id, heads=True), strict=True):
                assert whole.completion is not None
                assert head.completion is not None
                assert head.completion.text == ""
                assert replace(head, completion=None) == replace(whole, completion=None)
                assert (head.completion.timings, head.completion.cost, head.completion.state) == (
                    whole.completion.timings, whole.completion.cost, whole.completion.state,
                )  # fmt: skip


async def test_lists_of_runs_leave_out_what_experiments_asked_and_words_find_it(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan(), known)
            await over(lab, id)
            lab.rename(id, "Greetings again")
            assert [each.plan.name for each in lab.list()] == ["Greetings again"]
    engine = open_database(record_url)
    archive = Archive(engine)
    assert archive.page(Filter()).lines == ()
    assert archive.facets().targets == ()
    assert archive.days(Filter()) == ()
    assert len(archive.page(Filter(words="hello")).lines) == 3
    assert archive.count(Filter(planned=True)) == 3
    engine.dispose()


async def test_a_deleted_experiment_is_gone_with_its_answers(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan(), known)
            await over(lab, id)
            lab.delete(id)
            assert lab.list() == []
            with pytest.raises(RecordError, match="no longer on record"):
                lab.cells(id)
    engine = open_database(record_url)
    assert Archive(engine).count(Filter(planned=True)) == 0
    engine.dispose()


async def test_an_experiment_whose_answers_are_all_deleted_leaves_no_prompt_and_no_case(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            old, new = await lab.start(plan(), known), await lab.start(plan(name="New"), known)
            await over(lab, old)
            await over(lab, new)
            engine = open_database(record_url)
            with engine.begin() as connection:
                long_ago = plans.update().where(plans.c.id == old).values(created_at=datetime(2026, 1, 1, tzinfo=UTC))
                connection.execute(long_ago)
            Archive(engine).delete([cell.run_id for each in (old, new) for cell in lab.cells(each)])
            engine.dispose()
            assert [each.plan.name for each in lab.list()] == ["New"]


async def test_local_models_are_asked_in_blocks_so_that_few_are_loaded_anew(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan("vllm:a", "vllm:b", cases=25), known)
            await over(lab, id)
            assert found(lab, id).counts == {"complete": 50}
    models = [request.json["model"] for request in server.requests]
    assert ["".join(each) for _, each in groupby(models)] == ["a" * 20, "b" * 20, "a" * 5, "b" * 5]


async def test_the_limit_that_good_answers_tell_of_is_kept_without_a_refusal(record_url):
    """Every answer says that nothing is left for a moment: the next goes only then, and the limit goes on record."""
    served = list[str]()

    async def limited(reply: Reply) -> None:
        served.append(said(reply))
        await reply.head(content_type="text/event-stream", headers={
            "x-ratelimit-limit-requests": "2", "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-requests": "50ms",
        })  # fmt: skip
        for piece in CHAT.answer([HELLO], ()):
            await reply.send(piece)
        await reply.end()

    with WireServer(limited) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            id = await lab.start(plan(cases=3), known)
            await over(lab, id)
            (learnt,) = Archive(lab._recorder.database).read(lambda c: c.execute(gates.select()).all())
    assert len(served) == 3
    assert (learnt.provider, learnt.per_minute, learnt.at_once) == ("groq", 2, 1)
