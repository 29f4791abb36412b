"""Experiments that several processes ask together: shared by claims, never asked twice, whatever becomes of one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from sqlalchemy import event

from prompts.core.targets import Target
from prompts.experiments import plan_store
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan import Budget, Plan
from prompts.history.archive import Archive
from prompts.record import leases
from prompts.record.recorder import RecordError
from providers.interface import Settings
from tests.patience import patiently, until
from tests.prompts.experiments.wired import connections, laboratory, plan, said
from tests.wire import openai_chat
from tests.wire.server import Reply, WireServer

USAGE = {"prompt_tokens": 20, "completion_tokens": 100, "total_tokens": 120}


@pytest.fixture
def team_url(postgres) -> Iterator[str]:
    with postgres.record("with_schema") as url:
        yield url


class Nobody:
    """A crew that hears nothing: each is called by the test."""

    asks = False

    async def invite(self, experiment: str, names: object) -> None:
        """Nothing."""


@dataclass
class Held:
    """A server whose answers wait until they are let go."""

    asked: Counter[str] = field(default_factory=Counter[str])
    under_way: int = 0
    most: int = 0
    free: bool = False

    async def answer(self, reply: Reply) -> None:
        self.asked[said(reply)] += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await until(lambda: self.free)
        self.under_way -= 1
        await reply.stream(openai_chat.answer(["wörld"], usage=USAGE))


@asynccontextmanager
async def workers(url: str, known: dict, *, count: int = 2, at_once: int = 4) -> AsyncIterator[list[Experiments]]:
    """So many processes' experiments, in one process."""
    async with laboratory(url, known, at_once) as first:
        first.sharing.crew = Nobody()
        if count == 1:
            yield [first]
            return
        async with workers(url, known, count=count - 1, at_once=at_once) as others:
            yield [first, *others]


async def sweep(*labs: Experiments) -> None:
    for lab in labs:
        await lab.sharing.sweep({"groq"})


async def finished(*labs: Experiments, id: str) -> None:
    """Until nobody asks it any longer; each looks as its timer would make it look."""
    over = asyncio.ensure_future(labs[0].wait(id))
    while not over.done():
        await sweep(*labs)
    await over


def dies(lab: Experiments) -> None:
    """As the others see a process that has been killed: gone from the list, what it had is settled."""
    me = lab._recorder.me
    Archive(lab._recorder.database).write(lambda c: leases.strike_off(c, [me]))


def dear(usd: str, cases: int) -> Plan:
    whole = plan(cases=cases, budget=Budget(Decimal(usd)))
    return replace(whole, targets=(Target("groq", "llama-3.3-70b-versatile", Settings(max_output_tokens=200)),))


async def test_two_share_the_cells_and_whoever_is_last_ends_it(team_url):
    server_side = Held()
    with WireServer(server_side.answer) as server:
        known = connections(server)
        async with workers(team_url, known) as (one, other):
            id = await one.start(plan(cases=20), known)
            await sweep(one, other)
            await until(lambda: server_side.under_way == 8)  # four each
            with pytest.raises(RecordError, match="already"):
                await other.resume(id, known)
            server_side.free = True
            await patiently(finished(one, other, id=id))
            found = other.find(id)
            assert found is not None
            assert (found.stage, found.counts) == ("finished", {"complete": 20})
            assert all(cell.verdict for cell in one.cells(id))
    assert set(server_side.asked.values()) == {1}


async def test_what_holds_for_all_cells_is_asked_once_in_a_transaction(team_url):
    said_to_it = list[str]()
    held = Held()
    with WireServer(held.answer) as server:
        known = connections(server)
        async with laboratory(team_url, known, 16) as lab:
            lab.sharing.crew = Nobody()
            database = lab._recorder.database
            event.listen(database, "begin", lambda _: said_to_it.append("BEGIN"))
            event.listen(database, "before_cursor_execute", lambda *given: said_to_it.append(given[2]))
            id = await lab.start(plan(cases=16), known)
            await sweep(lab)
            await patiently(until(lambda: held.under_way == 16))
            held.free = True
            await patiently(finished(lab, id=id))
    transactions = [each.splitlines() for each in "\n".join(said_to_it).split("BEGIN")]
    for lines in transactions:
        assert sum("experiment_plans.stage " in line and line.startswith("SELECT") for line in lines) <= 1
        assert sum(line.startswith("SELECT gates.") for line in lines) <= 1
    assert not any(line.startswith("SAVEPOINT") for lines in transactions for line in lines)


async def test_what_a_dead_one_had_is_settled_and_its_late_answers_still_count(team_url):
    """Sent: unknown, with its reservation, asked by nobody. Claimed: asked by another, and not again by the dead."""
    server_side = Held()
    with WireServer(server_side.answer) as server:
        known = connections(server)
        async with workers(team_url, known) as (alive, cut_off):
            id = await alive.start(dear("1", cases=20), known)
            await sweep(cut_off)
            await until(lambda: server_side.under_way == 4)
            dies(cut_off)
            states = alive.find(id).counts
            assert (states["unknown"], states["waiting"]) == (4, 16)
            assert alive.progress(id).reserved > 0
            await sweep(alive)
            await until(lambda: server_side.under_way == 8)
            server_side.free = True
            await patiently(finished(alive, cut_off, id=id))
            await until(lambda: alive.find(id).counts == {"complete": 20})
            await until(lambda: alive.progress(id).reserved == 0)
            head = Archive(alive._recorder.database).read(lambda c: plan_store.head(c, id))
            assert head.spent == sum(cell.completion.cost.amount for cell in alive.cells(id))
    assert (len(server_side.asked), set(server_side.asked.values())) == (20, {1})


async def test_a_lost_call_is_asked_again_only_by_consent(team_url):
    server_side = Held()
    with WireServer(server_side.answer) as server:
        known = connections(server)
        async with workers(team_url, known) as (alive, killed):
            id = await alive.start(plan(cases=6), known)
            await sweep(killed)
            await until(lambda: server_side.under_way == 4)
            for pump in killed.sharing._pumps.values():
                pump.leave()
            dies(killed)
            await killed.sharing.leave(0)  # its connections break: no answer comes any more
            server_side.free = True
            await patiently(finished(alive, id=id))
            lost = [cell for cell in alive.cells(id) if cell.state in ("unknown", "cancelled")]
            assert len(lost) == 4
            assert sorted(server_side.asked.values()) == [1] * 6
            await alive.ask_again(id, lost, known)
            await patiently(finished(alive, id=id))
            assert alive.find(id).counts == {"complete": 6}
    assert sorted(server_side.asked.values()) == [1, 1, 2, 2, 2, 2]


async def test_a_pause_by_one_is_a_pause_of_all(team_url):
    server_side = Held()
    with WireServer(server_side.answer) as server:
        known = connections(server)
        async with workers(team_url, known) as (page, worker):
            id = await page.start(plan(cases=20), known)
            await sweep(worker)
            await until(lambda: server_side.under_way == 4)
            await page.pause(id)
            server_side.free = True
            await until(lambda: not worker.busy)
            found = page.find(id)
            assert (found.stage, found.counts) == ("paused", {"complete": 4, "waiting": 16})
            await page.resume(id, known)
            await patiently(finished(worker, id=id))
            assert page.find(id).counts == {"complete": 20}


async def test_a_budget_is_one_budget(team_url):
    server_side = Held(free=True)
    with WireServer(server_side.answer) as server:
        known = connections(server)
        async with workers(team_url, known) as (one, other):
            id = await one.start(dear("0.001", cases=40), known)
            await patiently(finished(one, other, id=id))
            found = one.find(id)
            spent = sum(cell.completion.cost.amount for cell in one.cells(id) if cell.completion)
            assert found.stage == "stopped"
            assert "The budget of $0.001 is reached" in found.reason
            assert 0 < spent <= Decimal("0.001")
            assert found.counts["waiting"] == 40 - found.counts["complete"]


async def test_a_limit_holds_for_all_together(team_url):
    server_side = Held()
    with WireServer(server_side.answer) as server:
        known = connections(server)
        known["groq"] = replace(known["groq"], at_once=3)
        async with workers(team_url, known, count=3) as labs:
            id = await labs[0].start(plan(cases=30), known)
            await sweep(*labs)
            await until(lambda: server_side.under_way == 3)
            server_side.free = True
            await patiently(finished(*labs, id=id))
            assert labs[0].find(id).counts == {"complete": 30}
    assert server_side.most == 3
    assert set(server_side.asked.values()) == {1}


async def test_a_refusal_seen_by_one_slows_all_and_is_said(team_url):
    refused: list[str] = []

    async def answer(reply: Reply) -> None:
        if not refused:
            refused.append(said(reply))
            await reply.json({"error": {"message": "slow down"}}, status=429, headers={"retry-after": "2"})
        else:
            await reply.stream(openai_chat.answer(["wörld"], usage=USAGE))

    with WireServer(answer) as server:
        known = connections(server)
        async with workers(team_url, known) as (one, page):
            id = await one.start(plan(cases=12), known)
            await sweep(one)
            await until(lambda: "for all workers" in page.progress(id).targets[0].says)
            await patiently(finished(one, page, id=id))
            assert page.find(id).counts == {"complete": 12}


async def test_a_cell_that_waits_for_its_next_try_keeps_the_experiment_open(team_url):
    refused = asyncio.Event()

    async def answer(reply: Reply) -> None:
        if not refused.is_set():
            await reply.json({"error": {"message": "slow down"}}, status=429, headers={"retry-after": "1"})
            refused.set()
        else:
            await reply.stream(openai_chat.answer(["wörld"], usage=USAGE))

    with WireServer(answer) as server:
        known = connections(server)
        async with workers(team_url, known) as (one, other):
            id = await one.start(plan(cases=1), known)
            await one.sharing.sweep(["groq"])
            await patiently(refused.wait())
            await until(lambda: "failed" in other.find(id).counts)
            await other.sharing.sweep([])
            assert other.find(id).stage == "running"
            await patiently(finished(one, other, id=id))
            assert other.find(id).counts == {"complete": 1}


async def test_a_key_that_was_typed_here_stays_here(team_url):
    with WireServer(Held(free=True).answer) as server:
        known = connections(server)
        async with workers(team_url, known) as (one, other):
            mine = {**known, "groq": replace(known["groq"], headers=(("x-own", "1"),))}
            id = await one.start(plan(cases=3), mine)
            await sweep(other)
            assert not other.busy
            await patiently(one.wait(id))
            assert one.find(id).stage == "finished"


async def test_where_nobody_has_a_key_it_is_asked_here_and_fails_in_words(team_url, monkeypatch):
    """Rather than wait for a worker that may never come."""
    monkeypatch.setattr(Nobody, "asks", True)
    with WireServer(Held(free=True).answer) as server:
        known = connections(server)
        async with workers(team_url, known) as (one, other):
            id = await one.start(plan(cases=3), known)
            await sweep(other)
            assert not other.busy
            await patiently(one.wait(id))
            assert one.find(id).stage == "finished"
