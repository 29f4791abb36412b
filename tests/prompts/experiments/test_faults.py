"""What goes wrong with one provider or model in the middle of an experiment, and what is left to be resumed."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest

from prompts.core.targets import Target
from prompts.experiments import gate, outage
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan_store import Head
from prompts.record.database import RecordError
from providers.interface import Settings
from tests.patience import until
from tests.prompts.experiments.wired import CHAT, connections, hello, laboratory, over, plan, said
from tests.prompts.record.test_postgresql_trouble import FULL_DISK
from tests.wire.server import Reply, WireServer

PAID = replace(
    plan(cases=6), targets=tuple(Target(host, "m", Settings(max_output_tokens=8)) for host in ("groq", "mistral"))
)


@pytest.fixture
def impatient(monkeypatch):
    """Waits of moments, so that an outage of an hour passes at once."""
    monkeypatch.setattr(gate, "_FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(gate, "_LONGEST_WAIT_S", 0.01)
    monkeypatch.setattr(outage, "PATIENCE_S", 0.0)
    monkeypatch.setattr(outage, "NEVER_REACHED_S", 0.0)


def head(lab: Experiments, id: str) -> Head:
    return lab._head(id)


async def test_a_model_that_is_deleted_in_mid_run_is_asked_no_more_and_the_others_go_on(record_url):
    asked = list[str]()

    async def deleted(reply: Reply) -> None:
        model = reply.received.json["model"]
        asked.append(model)
        if model == "old" and asked.count("old") > 4:
            await reply.json({"error": {"message": "The model `old` does not exist.", "code": "model_not_found"}}, 404)
            return
        await hello(reply)

    with WireServer(deleted) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            id = await lab.start(plan("groq:old", "groq:new", cases=20), known)
            await over(lab, id)
            experiment = lab.find(id)
            assert experiment is not None
            assert (asked.count("old"), asked.count("new")) == (7, 20)
            assert experiment.counts == {"complete": 24, "failed": 3, "waiting": 13}
            assert (
                "groq:old failed 3 times in a row: The model `old` does not exist. groq does not know"
                in experiment.reason
            )
            server.script = hello
            await lab.resume(id, known)
            await over(lab, id)
            experiment = lab.find(id)
            assert experiment is not None
            assert experiment.counts == {"complete": 40}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("status", [503, 529, None])
async def test_a_provider_that_answers_nothing_is_given_up_and_the_other_goes_on(record_url, status):
    """`None`: it takes no connection."""

    async def away(reply: Reply) -> None:
        await reply.json({"error": {"message": "overloaded"}}, status)

    with WireServer(hello) as server, WireServer(away) as broken, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = broken.url if status else f"http://127.0.0.1:{nobody.getsockname()[1]}"
        good = connections(server)
        known = good | {"groq": replace(good["groq"], base_url=f"{url}/v1")}
        async with laboratory(record_url, known, at_once=2) as lab:
            id = await lab.start(PAID, known)
            await over(lab, id)
            experiment = lab.find(id)
            assert experiment is not None
            assert experiment.stage == "paused"
            assert "groq has not answered for 0 min, tried 3 times: " in experiment.reason
            by_target, done = lab.progress(id).targets
            assert (by_target.done, done.done) == (0, 6)
            assert head(lab, id).reserved == 0
            known = good
            lab._runner.configuration.connections.update(good)  # the address is mended
            await lab.resume(id, known)
            await over(lab, id)
            experiment = lab.find(id)
            assert experiment is not None
            assert experiment.counts == {"complete": 12}
    assert len(server.requests) == 12


async def test_a_pause_does_not_wait_for_a_rate_limit_of_an_hour(record_url):
    async def used_up(reply: Reply) -> None:
        await reply.json({"error": {"message": "slow down"}}, 429, {"retry-after": "3600"})

    with WireServer(used_up) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=2) as lab:
            id = await lab.start(plan(cases=9), known)
            await until(lambda: lab.progress(id).targets[0].says)
            await lab.pause(id)
            await over(lab, id)
            (row,) = (await asyncio.to_thread(lab.progress, id)).targets
            stage, counts = head(lab, id).stage, lab.find(id)
    assert (stage, row.running) == ("paused", 0)
    assert counts is not None
    assert set(counts.counts) == {"failed", "waiting"}


@contextmanager
def full_disk(lab: Experiments, url: str) -> Iterator[None]:
    """The record cannot grow meanwhile; on PostgreSQL it says so as a server does."""
    if url.startswith("sqlite"):
        writer = lab._recorder._writer._engine
        with writer.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        yield
        with writer.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FULL_DISK[0])
        yield
        connection.execute(FULL_DISK[1])


async def test_a_full_disk_loses_no_answer_and_is_gone_on_from_once_there_is_room(record_url, monkeypatch):
    monkeypatch.setattr("prompts.record.write_queue.AWAY_S", 0.05)
    served, go_on = list[str](), threading.Event()

    async def held(reply: Reply) -> None:
        served.append(said(reply))
        await asyncio.to_thread(go_on.wait)
        await reply.stream(CHAT.answer(["wörld " * 20_000], ()))

    with WireServer(held) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=2) as lab:
            id = await lab.start(plan(cases=6), known)
            await until(lambda: len(served) == 2)
            with full_disk(lab, record_url):
                go_on.set()
                await until(lambda: "kept in memory" in (lab._recorder.problem or ""))
                with pytest.raises(RecordError, match=r"disk .*is full"):
                    await lab.start(plan(cases=2_000), known)
                monkeypatch.setattr(
                    "prompts.record.room.shutil.disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0)
                )
                await over(lab, id)
                meanwhile = lab.find(id)
                assert meanwhile is not None
                assert (meanwhile.stage, lab.progress(id).reason) == ("paused", meanwhile.reason)
                assert "Nothing more was sent: The disk" in meanwhile.reason
                needs = " answers still missing need about 12 kB more."
                assert meanwhile.reason.endswith(needs) == record_url.startswith("sqlite")
                monkeypatch.undo()
            await until(lambda: lab._recorder.problem is None)
            await until(lambda: head(lab, id).stage == "paused")
            assert "Nothing more was sent: The disk" in (head(lab, id).reason or "")
            await lab.resume(id, known)
            await over(lab, id)
            experiment, cells = lab.find(id), lab.cells(id)
    assert experiment is not None
    assert (experiment.stage, experiment.counts) == ("finished", {"complete": 6})
    assert sorted(served) == sorted(set(served))
    assert all(cell.verdict is not None and cell.verdict.passed for cell in cells)


async def test_what_cannot_fit_on_the_disk_is_refused_before_anything_is_recorded_or_sent(record_url, monkeypatch):
    monkeypatch.setattr("prompts.record.room.shutil.disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 3_000))
    with WireServer(hello) as server:
        async with laboratory(record_url, connections(server)) as lab:
            if record_url.startswith("postgresql"):
                pytest.skip("the disk of a server is not seen from here")
            with pytest.raises(
                RecordError, match=r"^Nothing was sent\. .* too little to keep 3 answers: 3 kB are left"
            ):
                await lab.start(plan(cases=3), connections(server))
            assert (lab.list(), server.requests) == ([], [])
            id = await lab.start(plan(cases=1), connections(server))
            await over(lab, id)
            assert head(lab, id).stage == "finished"


@pytest.mark.usefixtures("impatient")
async def test_no_cell_uses_up_its_tries_while_its_provider_answers_nobody(record_url, monkeypatch):
    monkeypatch.setattr(outage, "PATIENCE_S", 600.0)
    monkeypatch.setattr("prompts.experiments.pump.FIRST_WAIT_S", 0.01)
    served = list[str]()

    async def away(reply: Reply) -> None:
        served.append(said(reply))
        if len(served) <= 12:
            await reply.json({"error": {"message": "overloaded"}}, 503)
            return
        await hello(reply)

    with WireServer(away) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            id = await lab.start(plan(cases=2), known)
            await over(lab, id)
            experiment = lab.find(id)
    assert experiment is not None
    assert experiment.counts == {"complete": 2}


async def test_nothing_is_sent_between_a_refusal_and_the_record_of_it(record_url, monkeypatch):
    served, written = list[str](), asyncio.Event()

    async def limiting(reply: Reply) -> None:
        served.append(said(reply))
        await reply.json({"error": {"message": "slow down"}}, 429, {"retry-after": "3600"})

    with WireServer(limiting) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            finish = lab._recorder.finish

            async def slowly(*args: object) -> None:
                await written.wait()
                await finish(*args)  # type: ignore[arg-type]

            monkeypatch.setattr(lab._recorder, "finish", slowly)
            id = await lab.start(plan(cases=2), known)
            await until(lambda: any(gate.shut_s for gate in lab._gates._gates.values()) or len(served) > 1)
            written.set()
            assert len(served) == 1
            await lab.pause(id)
